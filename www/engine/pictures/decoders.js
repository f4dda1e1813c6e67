/**
 * Pictures → pixels on threads of their own: half of what a browser does to decode a large photograph, it does on the
 * thread that asks. Where no such thread runs, or none yet, the engine's own one decodes.
 */
import { pixelsOf } from "./decode.js";
import { errorFromWire } from "../api/protocol.js";
import { startWorker } from "../running/workers.js";

/** @typedef {import("./decode.js").Look} Look */
/** @typedef {import("../api/protocol.js").Picture} Picture */
/** @typedef {import("./decode.js").Pixels} Pixels */
/** @typedef {{ id: number, picture: Picture, look: Look, side?: number }} ToDecode */
/** @typedef {{ id: number, rgba: Pixels } | { id: number, error: import("../api/protocol.js").WireError }} Decoded */
/** What a thread says once it runs, before anything else. @typedef {"ready"} Ready */
/** @typedef {{ resolve: (rgba: Pixels) => void, reject: (reason: Error) => void, again: () => Promise<Pixels> }} Asked */

/** One keeps up with the engine on few cores, where a second would only be in its way. */
const count = () => (navigator.hardwareConcurrency >= 4 ? 2 : 1);

/** Those that were started; none once one has failed. @type {Worker[] | null} */
let workers = null;
/** Those that run: a content policy may keep a worker from starting without a word. @type {Worker[]} */
let ready = [];
/** @type {Map<number, Asked>} */
const asked = new Map();
let lastId = 0;

/** So that the first picture finds them ready. */
export function startDecoders() {
  try {
    workers ??= Array.from({ length: count() }, start);
  } catch {
    workers = [];
  }
}

function start() {
  const worker = startWorker("www/engine/pictures/decoder.js", "semblance-decoder");
  /** @param {MessageEvent<Decoded | Ready>} event */
  worker.onmessage = ({ data }) => {
    if (data === "ready") ready.push(worker);
    else settle(data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    giveUp();
  };
  worker.onmessageerror = giveUp;
  return worker;
}

/** @param {Decoded} decoded */
function settle(decoded) {
  const { resolve, reject } = /** @type {Asked} */ (asked.get(decoded.id));
  asked.delete(decoded.id);
  if ("rgba" in decoded) resolve(decoded.rgba);
  else reject(errorFromWire(decoded.error));
}

/** Whatever it was, the engine's thread does their work from now on. */
function giveUp() {
  for (const worker of workers ?? []) worker.terminate();
  workers = ready = [];
  for (const { resolve, reject, again } of asked.values()) again().then(resolve, reject);
  asked.clear();
}

/**
 * @param {Picture} picture an `ImageBitmap` is closed
 * @param {Look} look
 * @param {number} [side] of a square that a small one of it is to fit into
 * @returns {Promise<Pixels>}
 */
export function decodeBeside(picture, look, side) {
  startDecoders();
  // A bitmap's pixels are there already, and it can be sent only once.
  if (ready.length === 0 || !(picture instanceof Blob)) return pixelsOf(picture, look, side);
  return new Promise((resolve, reject) => {
    const id = ++lastId;
    asked.set(id, { resolve, reject, again: () => pixelsOf(picture, look, side) });
    /** @type {ToDecode} */
    const message = { id, picture, look, side };
    ready[id % ready.length].postMessage(message);
  });
}
