/**
 * A piece of a model, from storage where it is there and right, else over the network, checked and kept. Each is
 * fetched by one tab at a time, so that another one that wants it finds it in storage.
 */
import { failure, messageOf } from "../errors.js";
import { gitHash } from "../storage/hash.js";
import { hashed } from "../storage/hashing.js";
import { Part } from "./parts.js";
import { presentOf } from "./plan.js";
import { alone } from "../storage/store.js";

/** @typedef {import("./plan.js").Piece} Piece */
/** @typedef {import("./plan.js").PlanFile} PlanFile */
/** @typedef {import("../storage/store.js").Store} Store */
/** @typedef {import("../storage/store.js").Kept} Kept */

/**
 * @typedef {object} Supply
 * @property {Store | null} store where pieces are looked for
 * @property {Store | null} keep where they are kept; null from the moment on when that fails
 * @property {import("./wire.js").Wire} wire
 * @property {import("./meter.js").Meter} meter
 * @property {import("./plan.js").Present} present what was in storage when the load began
 * @property {Set<Promise<unknown>>} running pieces on their way
 * @property {boolean} fresh past the browser's own cache, from the start
 * @property {boolean} downloaded something was fetched
 * @property {string[]} notes
 * @property {AbortSignal} signal
 */

/**
 * @param {PlanFile} file
 * @param {Piece} piece which learns its SHA-256
 * @param {Supply} supply
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export function obtain(file, piece, supply) {
  const { running } = supply;
  const work = find(file, piece, supply).finally(() => running.delete(work));
  running.add(work);
  return work;
}

/** @param {PlanFile} file @param {Piece} piece @param {Supply} supply */
async function find(file, piece, supply) {
  const { store, meter, present, signal } = supply;
  const report = meter.piece(presentOf(piece, present));
  const fromStorage = async () => {
    const kept = await readPiece(store, piece);
    if (!kept) return null;
    report("storage", piece.bytes);
    piece.sha256 = kept.sha256;
    return kept.bytes;
  };
  const fromNetwork = () => fetchChecked(file, piece, supply, (ofPiece) => report("download", ofPiece));
  if (!store) return fromNetwork();
  // Whoever had the lock before may have brought it.
  return (await fromStorage()) ?? alone(`piece/${piece.key}`, signal, async () => (await fromStorage()) ?? fromNetwork());
}

/**
 * @param {Store | null} store
 * @param {Piece} piece
 * @returns {Promise<Kept | null>} null where it isn't there or isn't what it should be
 */
export async function readPiece(store, { key, bytes, sha256 }) {
  const kept = await store?.read("pieces", key);
  return kept && kept.bytes.length === bytes && (sha256 ?? kept.sha256) === kept.sha256 ? kept : null;
}

/**
 * @param {PlanFile} file
 * @param {Piece} piece
 * @param {Supply} supply
 * @param {(ofPiece: number) => void} report
 */
async function fetchChecked(file, piece, supply, report) {
  const { url } = piece;
  if (url === null) {
    throw failure("ModelError", `Stored bytes of ${file.name} are damaged, and they came from a file of this device. Delete the stored model and import it again.`);
  }
  supply.downloaded = true;
  // Our own store makes the browser's cache of a piece a second copy.
  const usual = supply.keep ? "no-store" : "default";
  /** @type {RequestCache[]} */
  const tries = supply.fresh ? ["reload"] : [usual, "reload"];
  const part = new Part(supply.keep, piece.key);
  for (const cache of tries) {
    const brought = await bringOn({ ...piece, url, version: file.sha256 ? null : file.version }, cache, part, supply, report);
    const { bytes, sha256: found } = await hashed(brought);
    const right = await isRight(file, piece, bytes, found);
    if (right) {
      piece.sha256 = found;
      await keepPiece(piece, bytes, supply);
    }
    await part.remove();
    if (right) return bytes;
  }
  throw failure("ModelError", wrong(url));
}

/**
 * From where an earlier try has left it.
 *
 * @param {import("./wire.js").Wanted} piece
 * @param {RequestCache} cache
 * @param {Part} part
 * @param {Supply} supply
 * @param {(ofPiece: number) => void} report
 */
async function bringOn(piece, cache, part, supply, report) {
  let here = /** @type {Uint8Array<ArrayBuffer>} */ (new Uint8Array(0));
  try {
    return await supply.wire.bring(
      piece,
      cache,
      (now) => {
        here = now;
        report(now.length);
        if (now.length < piece.bytes) part.note(now);
      },
      await part.read(),
    );
  } catch (thrown) {
    await part.save(here);
    throw thrown;
  }
}

/** @param {PlanFile} file @param {Piece} piece @param {Uint8Array<ArrayBuffer>} bytes @param {string} found */
async function isRight(file, piece, bytes, found) {
  if (piece.sha256 !== null) return piece.sha256 === found;
  return file.git === null || piece.bytes < file.bytes || ((await gitHash(bytes)) ?? file.git) === file.git;
}

/** @param {string} url */
function wrong(url) {
  return `${url} is not what the model's description says (its SHA-256 differs), so it was not used. The site's files may be half updated: try again later.`;
}

/** A whole file that is not what it should be, though nothing was wrong with its pieces. */
export class WrongBytes extends Error {
  name = "ModelError";

  /** @param {string} url */
  constructor(url) {
    super(wrong(url));
  }
}

/** @param {Piece} piece @param {Uint8Array<ArrayBuffer>} bytes @param {Supply} supply */
async function keepPiece({ key, sha256 }, bytes, supply) {
  try {
    await supply.keep?.write("pieces", key, bytes, sha256 ?? undefined);
  } catch (thrown) {
    stopKeeping(supply, messageOf(thrown));
  }
}

/** Go on in memory. @param {Supply} supply @param {string} why a sentence */
export function stopKeeping(supply, why) {
  if (supply.keep) supply.notes.push(`${why} What is missing is downloaded again on the next visit.`);
  supply.keep = null;
}

/**
 * What comes of each item, in order. While one is in the caller's hands, the next are worked on, so many at a time.
 *
 * @template T, R
 * @param {readonly T[]} items
 * @param {number} atATime
 * @param {(item: T) => Promise<R>} work
 * @returns {AsyncGenerator<R, void, void>}
 */
export async function* ahead(items, atATime, work) {
  const rest = items.values();
  /** @type {Promise<R>[]} */
  const begun = [];
  const begin = () => {
    const { value, done } = rest.next();
    if (done) return;
    const result = work(value);
    // Where one before it is refused, nobody comes for it.
    result.catch(() => {});
    begun.push(result);
  };
  for (let i = 0; i < atATime; i++) begin();
  for (let next = begun.shift(); next; next = begun.shift()) {
    const result = await next;
    begin();
    yield result;
  }
}
