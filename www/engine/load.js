/**
 * A model, from wherever it is, into the engine: its bytes are checked piece by piece, handed on as they come and kept
 * in the browser's storage. While the engine takes one piece in, the next is read and checked, and no more than that:
 * two pieces are the most that is ever in memory.
 */
import { chunksOf, download, downloadText, lengthOf, requestModel } from "./download.js";
import { failure, isAbort, messageOf } from "./errors.js";
import { Sha256, sha256 } from "./hash.js";
import { parseIndex, parseManifest } from "./manifest.js";
import { step } from "./steps.js";
import { forgetVectors } from "./vectors.js";
import { isTrap } from "./wasm.js";

/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./manifest.js").Piece} Piece */
/** @typedef {import("./protocol.js").LoadProgress} LoadProgress */
/** @typedef {import("./protocol.js").ModelEntry} ModelEntry */
/** @typedef {import("./protocol.js").ModelSource} ModelSource */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./wasm.js").Engine} Engine */
/** @typedef {import("./wasm.js").Loader} Loader */
/** @typedef {import("./wasm.js").Wasm} Wasm */
/** Where a loaded model came from; becomes a part of `info()`. */
/** @typedef {Pick<import("./protocol.js").Info["model"], "name" | "hash" | "source" | "stored" | "verified"> & { notes: string[] }} Origin */
/** @typedef {{ signal: AbortSignal, onProgress: (progress: LoadProgress) => void, towers?: import("./wasm.js").Towers }} Options */
/** @typedef {(bytes: Uint8Array) => Promise<void>} Feed */
/** @typedef {() => Promise<void>} Finish */

const MODELS = new URL("../../models/", import.meta.url);
/** What the engine gets at a time: small, since it is copied into wasm memory, which never shrinks. */
const PUSH_BYTES = 2 ** 20;
/** What is read from a file at a time. */
const READ_BYTES = 4 * 2 ** 20;

/** How long the browser gets to see the engine's code at work and optimise it, a step at a time. */
const WARM_UP_MS = 60;
const WARM_UP_STEP_MS = 20;

const NO_STORE = "This browser gives this page no storage, so the model is downloaded again on the next visit.";
const NO_MANIFEST = "This model came without a manifest, so nothing says what its bytes should be.";

/**
 * @param {ModelSource} model
 * @param {import("./wasm.js").Compute} dtype
 * @param {Promise<Wasm>} wasm it may still be starting: meanwhile, the model's first bytes come
 * @param {Promise<Store | null>} store
 * @param {Options} options
 * @returns {Promise<{ engine: Engine, origin: Origin }>}
 */
export async function load(model, dtype, wasm, store, { signal, onProgress, towers = "both" }) {
  signal.throwIfAborted();
  // Ends what is on its way, when the caller gives up, the engine can't be started, or it refuses what it is given.
  const reading = new AbortController();
  const giveUp = () => reading.abort(signal.reason);
  signal.addEventListener("abort", giveUp, { once: true });
  wasm.catch((thrown) => reading.abort(thrown));

  /** @type {Loader | undefined} */
  let loader;
  /** @type {Engine | undefined} */
  let engine;
  /** What holds wasm memory just now: the loader, then nothing while `finish` consumes it, then the engine. */
  let owned = /** @type {{ free(): void } | null} */ (null);
  const warm = wasm.then((wasm) => warmUp(wasm, dtype, reading.signal));
  // Heard of at the end.
  warm.catch(() => {});
  const begun = async () => (loader ??= owned = new (await wasm).Loader(dtype, towers));
  /** @type {Feed} */
  const feed = async (bytes) => {
    const loader = await begun();
    for (let at = 0; at < bytes.length; at += PUSH_BYTES) {
      loader.push(bytes.subarray(at, at + PUSH_BYTES));
      await step(reading.signal);
    }
  };
  /** @type {Finish} */
  const finish = async () => {
    const loader = await begun();
    owned = null;
    owned = engine = loader.finish();
    await warm;
  };
  try {
    const origin = await read(model, await store, feed, finish, { signal: reading.signal, onProgress });
    reading.signal.throwIfAborted();
    if (!engine) throw failure("EngineError", "The model was read and not finished.");
    return { engine, origin };
  } catch (thrown) {
    // After a trap the engine takes no calls, and its memory goes with its worker.
    if (!isTrap(thrown)) owned?.free();
    throw thrown;
  } finally {
    signal.removeEventListener("abort", giveUp);
    reading.abort();
  }
}

/** Engines whose code is optimised by now. @type {WeakSet<Wasm>} */
const warmed = new WeakSet();

/**
 * Between the pieces, which are waited for anyway.
 *
 * @param {Wasm} wasm
 * @param {import("./wasm.js").Compute} dtype
 * @param {AbortSignal} signal
 */
async function warmUp(wasm, dtype, signal) {
  for (let spent = 0; spent < WARM_UP_MS && !warmed.has(wasm); spent += WARM_UP_STEP_MS) {
    wasm.warm_up(dtype, WARM_UP_STEP_MS);
    await step(signal);
  }
  warmed.add(wasm);
}

/**
 * @param {ModelSource} model
 * @param {Store | null} store
 * @param {Feed} feed
 * @param {Finish} finish
 * @param {Options} options
 * @returns {Promise<Origin>}
 */
function read(model, store, feed, finish, options) {
  if ("file" in model) return readFile(model.file, feed, finish, options);
  const url = "name" in model ? manifestUrl(model.name) : model.url;
  if (new URL(url).pathname.endsWith(".json")) return readPieces(url, store, feed, finish, options);
  return readUrl(url, feed, finish, options);
}

/** @param {string} name */
function manifestUrl(name) {
  return new URL(`${name}/manifest.json`, MODELS).href;
}

/**
 * @param {string} url the manifest's
 * @param {Store | null} store
 * @param {Feed} feed
 * @param {Finish} finish
 * @param {Options} options
 * @returns {Promise<Origin>}
 */
async function readPieces(url, store, feed, finish, { signal, onProgress }) {
  /** While the site says whether the model is still the one that is stored, its first piece is read. @type {{ piece: Piece, bytes: ReturnType<typeof storedPiece> } | null} */
  let early = null;
  const { manifest, text, before, note } = await readManifest(url, store, signal, ({ pieces: [piece] }) => {
    early = { piece, bytes: storedPiece(piece, store) };
  });
  const notes = note ? [note] : [];
  let keep = store;
  if (!store) notes.push(NO_STORE);

  let loaded = 0;
  let downloaded = false;
  /** @param {Piece} piece */
  const obtain = async (piece) => {
    let counted = 0;
    /** @param {LoadProgress["stage"]} stage @param {number} ofPiece */
    const report = (stage, ofPiece) => {
      loaded += ofPiece - counted;
      counted = ofPiece;
      onProgress({ stage, loaded, total: manifest.bytes });
    };
    let bytes = await (early?.piece.sha256 === piece.sha256 ? early.bytes : storedPiece(piece, store));
    early = null;
    if (bytes) {
      report("storage", piece.bytes);
    } else {
      downloaded = true;
      bytes = await downloadPiece(piece, store ? "no-store" : "default", signal, (ofPiece) => report("download", ofPiece));
      try {
        await keep?.put(`piece/${piece.sha256}`, bytes);
      } catch (thrown) {
        if (keep) notes.push(`${messageOf(thrown)} It is downloaded again on the next visit.`);
        keep = null;
      }
    }
    return bytes;
  };
  for await (const bytes of oneAhead(manifest.pieces, obtain)) await feed(bytes);
  await finish();
  // Last, so that a model counts as stored only when all of it is.
  if (keep && (downloaded || before?.sha256 !== manifest.sha256)) {
    try {
      await keep.put(manifestKey(url), text);
      await deleteFormer(keep, before, manifest);
    } catch (thrown) {
      notes.push(`${messageOf(thrown)} It is downloaded again on the next visit.`);
      keep = null;
    }
  }
  onProgress({ stage: "ready", loaded, total: manifest.bytes });
  return {
    name: manifest.name,
    hash: manifest.sha256,
    source: downloaded ? "download" : "storage",
    stored: keep !== null,
    verified: true,
    notes,
  };
}

/**
 * What comes of each item, in order. While one is handed out, the next is worked on.
 *
 * @template T, R
 * @param {readonly T[]} items
 * @param {(item: T) => Promise<R>} work
 * @returns {AsyncGenerator<R, void, void>}
 */
async function* oneAhead(items, work) {
  const rest = items.values();
  const begin = () => {
    const { value, done } = rest.next();
    if (done) return null;
    const result = work(value);
    // Where the one before it is refused, nobody comes for it.
    result.catch(() => {});
    return result;
  };
  for (let next = begin(); next; ) {
    const result = await next;
    next = begin();
    yield result;
  }
}

/** @param {string} url */
function manifestKey(url) {
  return `model/${encodeURIComponent(url)}`;
}

/**
 * The site's manifest where it can be had, the stored one where not.
 *
 * @param {string} url
 * @param {Store | null} store
 * @param {AbortSignal} signal
 * @param {(before: Manifest) => void} [onStored] called with the stored one before the site is asked
 * @returns {Promise<{ manifest: Manifest, text: string, before: Manifest | null, note: string | null }>}
 */
async function readManifest(url, store, signal, onStored) {
  const stored = await store?.match(manifestKey(url)).then((blob) => blob?.text());
  const before = stored ? readStored(stored, url) : null;
  if (before) onStored?.(before);
  try {
    const text = await downloadText(url, { signal, cache: "no-cache" });
    return { manifest: parseManifest(text, url), text, before, note: null };
  } catch (thrown) {
    if (isAbort(thrown) || !before || !stored) throw thrown;
    return { manifest: before, text: stored, before, note: `The stored model is used, as it was kept. ${messageOf(thrown)}` };
  }
}

/** @param {string} text @param {string} url */
function readStored(text, url) {
  try {
    return parseManifest(text, url);
  } catch {
    // Written by an older version or damaged: as if it were not there.
    return null;
  }
}

/**
 * @param {Piece} piece
 * @param {Store | null} store
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} null where it isn't there or isn't what it should be
 */
async function storedPiece(piece, store) {
  const blob = await store?.match(`piece/${piece.sha256}`);
  if (!blob) return null;
  try {
    if (blob.size === piece.bytes) {
      const bytes = new Uint8Array(await blob.arrayBuffer());
      if ((await sha256(bytes)) === piece.sha256) return bytes;
    }
  } catch {
    // Unreadable on disk: the same as wrong.
  }
  await store?.delete(`piece/${piece.sha256}`);
  return null;
}

/**
 * @param {Piece} piece
 * @param {RequestCache} cache our own store makes the browser's cache of a piece a second copy
 * @param {AbortSignal} signal
 * @param {(ofPiece: number) => void} report
 */
async function downloadPiece(piece, cache, signal, report) {
  /** @type {RequestCache[]} */
  const tries = [cache, "reload"];
  for (const cache of tries) {
    let ofPiece = 0;
    const bytes = await download(piece.url, piece.bytes, { signal, cache, onBytes: (added) => report((ofPiece += added)) });
    if ((await sha256(bytes)) === piece.sha256) return bytes;
  }
  throw failure(
    "ModelError",
    `${piece.url} is not what the model's manifest describes (its SHA-256 differs), so it was not used. The site's files may be half updated: try again later.`,
  );
}

/**
 * What only the former version of a model needs: its pieces, and its texts' vectors.
 *
 * @param {Store} store
 * @param {Manifest | null} before
 * @param {Manifest} now
 */
async function deleteFormer(store, before, now) {
  if (before && before.sha256 !== now.sha256) forgetVectors(before.sha256).catch(() => {});
  const needed = new Set(now.pieces.map(({ sha256 }) => sha256));
  for (const { sha256 } of before?.pieces ?? []) if (!needed.has(sha256)) await store.delete(`piece/${sha256}`);
}

/**
 * @param {string} url of a bundle without a manifest
 * @param {Feed} feed
 * @param {Finish} finish
 * @param {Options} options
 * @returns {Promise<Origin>}
 */
async function readUrl(url, feed, finish, { signal, onProgress }) {
  const response = await requestModel(url, { signal });
  const total = lengthOf(response);
  const hash = new Sha256();
  let loaded = 0;
  for await (const chunk of chunksOf(response, signal)) {
    loaded += chunk.length;
    hash.update(chunk);
    onProgress({ stage: "download", loaded, total });
    await feed(chunk);
  }
  if (total !== null && loaded !== total) {
    throw failure("NetworkError", `${url} broke off after ${loaded} of ${total} bytes. Try again.`);
  }
  await finish();
  onProgress({ stage: "ready", loaded, total: loaded });
  return { name: url, hash: hash.hex(), source: "download", stored: false, verified: false, notes: [NO_MANIFEST] };
}

/**
 * @param {Blob} file
 * @param {Feed} feed
 * @param {Finish} finish
 * @param {Options} options
 * @returns {Promise<Origin>}
 */
async function readFile(file, feed, finish, { onProgress }) {
  const name = file instanceof File ? file.name : "model.gguf";
  const hash = new Sha256();
  for (let at = 0; at < file.size; at += READ_BYTES) {
    let bytes;
    try {
      bytes = new Uint8Array(await file.slice(at, at + READ_BYTES).arrayBuffer());
    } catch (thrown) {
      throw failure("ModelError", `${name} can't be read: it was moved, changed or deleted since it was chosen.`, thrown);
    }
    hash.update(bytes);
    onProgress({ stage: "file", loaded: at + bytes.length, total: file.size });
    await feed(bytes);
  }
  await finish();
  onProgress({ stage: "ready", loaded: file.size, total: file.size });
  return { name, hash: hash.hex(), source: "file", stored: false, verified: false, notes: [NO_MANIFEST] };
}

/**
 * The models of the site; without the network, those that are stored. One with a broken manifest doesn't hide
 * the others.
 *
 * @param {Store | null} store
 * @param {AbortSignal} signal
 * @returns {Promise<ModelEntry[]>}
 */
export async function listModels(store, signal) {
  const names = await readIndex(store, signal);
  const found = await Promise.allSettled(names.map((name) => readManifest(manifestUrl(name), store, signal)));
  const entries = found.flatMap((result) => {
    if (result.status === "rejected") return [];
    const { manifest, before } = result.value;
    const { name, title, bytes, parameters, dtype, licence, sha256 } = manifest;
    return [{ name, title, bytes, parameters, dtype, licence, stored: before?.sha256 === sha256 }];
  });
  const failed = found.find((result) => result.status === "rejected");
  if (entries.length === 0 && failed) throw failed.reason;
  return entries;
}

/** @param {Store | null} store @param {AbortSignal} signal */
async function readIndex(store, signal) {
  const url = new URL("index.json", MODELS).href;
  try {
    const text = await downloadText(url, { signal, cache: "no-cache" });
    const names = parseIndex(text, url);
    // Kept for the next time without the network; a full storage doesn't stop the list from being read.
    await store?.put("index", text).catch(() => {});
    return names;
  } catch (thrown) {
    const stored = await store?.match("index");
    if (isAbort(thrown) || !stored) throw thrown;
    return parseIndex(await stored.text(), url);
  }
}
