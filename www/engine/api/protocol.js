/**
 * What the client and the worker say to each other. Imported by both; knows neither.
 *
 * client → worker   { id, verb, args }         a request; verbs have the names of the public API
 *                   { cancel: id }             the answer is no longer wanted
 * worker → client   { id, ok, info? }          the answer; `info` when it is about a model
 *                   { id, error, broken? }     a refusal; `broken`: the engine can't go on, start a new worker
 *                   { id, progress }           on the way
 *                   { requests }               network requests that the worker made
 *
 * Whatever is posted belongs to the receiver: every buffer and bitmap in it is transferred, so the sender
 * puts in only what it made or copied for this message, and the receiver closes the bitmaps.
 */
import { ERROR_NAMES, messageOf } from "../errors.js";

/** A worker that was started before the page's script (www/start.js), which takes it over, once. @typedef {{ worker: Worker, messages: unknown[] }} Early */
/** @typedef {import("../../../semblance.js").Compute} Compute */
/** @typedef {import("../../../semblance.js").Info} Info */
/** @typedef {import("../../../semblance.js").LoadProgress} LoadProgress */
/** @typedef {import("../../../semblance.js").ModelEntry} ModelEntry */
/** @typedef {import("../../../semblance.js").Offer} Offer */
/** @typedef {import("../../../semblance.js").Score} Score */
/** @typedef {import("../../../semblance.js").Similarity} Similarity */
/** @typedef {import("../../../semblance.js").StoredModel} StoredModel */
/** @typedef {import("../../../semblance.js").Thumbnail} Thumbnail */
/** @typedef {import("../../../semblance.js").Towers} Towers */
/** Which engine a worker starts; all calls to one worker name the same. @typedef {import("../running/wasm.js").Choice} Choice */

/** Pixels as a canvas has them: RGBA, 8 bits, sRGB, alpha not multiplied in, rows from the top. */
/** @typedef {{ data: Uint8ClampedArray<ArrayBuffer>, width: number, height: number }} Rgba */
/** A picture on its way to the worker: a file as it is, or what the page has drawn or decoded. */
/** @typedef {Blob | ImageBitmap | Rgba} Picture */
/** A file of this machine; `path` as in the folder that it was picked with. */
/** @typedef {{ path: string, file: Blob }} LocalFile */
/**
 * A bundle by its manifest's address, or by its manifest and the address of its first piece, weights by theirs, a repository of a hub or one file in it, files, or what is in
 * storage. All addresses are absolute.
 *
 * @typedef {{ kind: "bundle", url: string, manifest?: string } | { kind: "link", url: string } | { kind: "hub", repository: string, revision: string, hub: string, file?: string } | { kind: "files", files: LocalFile[] } | { kind: "stored", id: string }} ModelSource
 */
/** One request of the page or the worker; `at` counts from the epoch, so that both clocks agree. */
/** @typedef {Omit<import("../../../semblance.js").NetworkRequest, "from">} SeenRequest */

/** Where the evidence for a label lies: `side` × `side` cells over the part of the picture that the model sees, in shares of its sides. */
/** @typedef {{ side: number, cells: Float32Array, seen: number[], width: number, height: number }} Heat */

/**
 * Each verb's arguments and answer. `embedImages` takes one picture a message: the worker makes groups of those that wait.
 *
 * @typedef {object} Calls
 * @property {{ args: { model: ModelSource, dtype: Compute, towers: Towers, logitScale?: number, keepTexts: boolean, choice: Choice }, ok: { handle: number } }} load
 * @property {{ args: { model: ModelSource, dtype: Compute, towers: Towers, choice: Choice }, ok: Offer }} describe
 * @property {{ args: {}, ok: StoredModel[] }} storedModels
 * @property {{ args: { id: string }, ok: import("../../../semblance.js").Verification }} verifyModel
 * @property {{ args: { id: string, unfinished: boolean }, ok: boolean }} deleteModel
 * @property {{ args: { id: string }, ok: File }} exportModel
 * @property {{ args: { files: LocalFile[], choice: Choice }, ok: StoredModel }} importModel
 * @property {{ args: {}, ok: ModelEntry[] }} models
 * @property {{ args: { picture: Picture, size: number, choice: Choice }, ok: Thumbnail }} thumbnail
 * @property {{ args: {}, ok: null }} forgetTexts of all models, in the worker and in the browser's storage
 * @property {{ args: {}, ok: null }} requests the worker has posted `{ requests }` for all it made so far
 * @property {{ args: { handle: number, image: Picture | Float32Array, labels: string[], templates: string[] }, ok: Score[] }} classify a label of several words has them divided by `WITH`
 * @property {{ args: { handle: number, picture: Picture }, ok: Float32Array }} embedImages
 * @property {{ args: { handle: number, picture: Picture, side: number }, ok: import("../running/pipeline.js").Embedded }} indexImage a picture's vector, what its file says, and a small one of it, fitted into `side` × `side`
 * @property {{ args: { handle: number, texts: string[], templates: string[] }, ok: Float32Array }} embedTexts
 * @property {{ args: { handle: number, images: Float32Array, texts: string[], templates: string[] }, ok: Similarity }} similarity
 * @property {{ args: { handle: number, picture: Picture, labels: string[], label: number, templates: string[], method: string }, ok: Heat }} explain tells how far it is
 * @property {{ args: { handle: number }, ok: null }} free
 */
/** Bytes, for the verbs that only read or copy. @typedef {{ done: number, total: number }} StepProgress */
/** @typedef {keyof Calls} Verb */
/** @typedef {{ name: string, message: string }} WireError */
/** @typedef {{ id: number, verb: Verb, args: any }} Request */
/** @typedef {{ id: number, ok: any, info?: Info | null } | { id: number, error: WireError, broken: boolean } | { id: number, progress: LoadProgress | StepProgress } | { requests: SeenRequest[] }} Reply */

/** Between the words of one label, and the prompts of one text, whose vectors the engine averages (`WITH` in src/prompt.rs). */
export const WITH = "\u{1f}";

/** @type {readonly Verb[]} */
const VERBS = [
  "load",
  "models",
  "describe",
  "storedModels",
  "verifyModel",
  "deleteModel",
  "exportModel",
  "importModel",
  "thumbnail",
  "forgetTexts",
  "requests",
  "classify",
  "embedImages",
  "indexImage",
  "embedTexts",
  "similarity",
  "explain",
  "free",
];

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isRecord(value) {
  return typeof value === "object" && value !== null;
}

/** @param {unknown} message @returns {message is { cancel: number }} */
export function isCancel(message) {
  return isRecord(message) && Number.isSafeInteger(message.cancel);
}

/** @param {unknown} message @returns {message is Request} */
export function isRequest(message) {
  return (
    isRecord(message) &&
    Number.isSafeInteger(message.id) &&
    VERBS.includes(/** @type {Verb} */ (message.verb)) &&
    isRecord(message.args)
  );
}

/** @param {unknown} message @returns {message is Reply} */
export function isReply(message) {
  if (!isRecord(message)) return false;
  if (Array.isArray(message.requests)) return true;
  if (!Number.isSafeInteger(message.id)) return false;
  if (isRecord(message.error)) {
    return typeof message.error.name === "string" && typeof message.error.message === "string";
  }
  return "ok" in message || isRecord(message.progress);
}

/**
 * An error as it crosses the worker. One without a name of ours is a fault of the engine and says so.
 *
 * @param {unknown} thrown
 * @returns {WireError}
 */
export function errorToWire(thrown) {
  if (thrown instanceof Error && ERROR_NAMES.has(thrown.name)) {
    return { name: thrown.name, message: thrown.message };
  }
  return { name: "EngineError", message: `The engine failed inside itself: ${messageOf(thrown)}` };
}

/** @param {WireError} wire */
export function errorFromWire({ name, message }) {
  if (name === "AbortError") return new DOMException(message, "AbortError");
  const error = new Error(message);
  error.name = ERROR_NAMES.has(name) ? name : "EngineError";
  return error;
}

/**
 * The buffers and bitmaps in a message, to be transferred with it. Each is listed once, as `postMessage` asks.
 *
 * @param {unknown} message
 * @returns {Transferable[]}
 */
export function transferList(message) {
  /** @type {Set<Transferable>} */
  const found = new Set();
  /** @param {unknown} value */
  const walk = (value) => {
    if (typeof value !== "object" || value === null || value instanceof Blob) return;
    if (ArrayBuffer.isView(value)) found.add(/** @type {ArrayBuffer} */ (value.buffer));
    else if (value instanceof ImageBitmap) found.add(value);
    else for (const inner of Object.values(value)) walk(inner);
  };
  walk(message);
  return [...found];
}

/**
 * Give the memory of a message's bitmaps back, which the browser else keeps until it collects its garbage.
 * Those that were sent on or closed before are not ours any more, and nothing happens to them.
 *
 * @param {unknown} message
 */
export function closeBitmaps(message) {
  for (const part of transferList(message)) if (part instanceof ImageBitmap) part.close();
}
