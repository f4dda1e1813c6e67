/** What organising takes of a library: vectors, a portion at a time. */
import { connectOrganise } from "./client.js";

/** @typedef {import("../../../semblance.js").Semblance} Clip */
/** An index, and the model that it was opened with. @typedef {{ index: import("../../../semblance.js").PictureIndex, clip: Clip }} Library */
/** @typedef {import("../running/texts.js").Way} Way */

/** Pictures at a time: some megabytes of vectors. */
const PORTION = 2048;

/**
 * The vectors of pictures, portion after portion.
 *
 * @param {import("../../../semblance.js").PictureIndex} index
 * @param {Uint32Array} ids
 * @param {(vectors: Float32Array) => Promise<unknown>} take
 * @param {Way} way
 */
export async function inPortions(index, ids, take, { signal, onProgress } = {}) {
  for (let at = 0; at < ids.length; at += PORTION) {
    signal?.throwIfAborted();
    await take(await index.vectors(ids.subarray(at, at + PORTION)));
    onProgress?.(Math.min(ids.length, at + PORTION), ids.length);
  }
}

/** So many of them, evenly. @param {Uint32Array} ids @param {number} most */
export function sampleOf(ids, most) {
  const every = Math.max(1, ids.length / most);
  return Uint32Array.from({ length: Math.min(ids.length, most) }, (_, i) => ids[Math.floor(i * every)]);
}

/**
 * All vectors in organising's worker, as long as something is done with them.
 *
 * @param {{ index: import("../../../semblance.js").PictureIndex, width: number, ids: Uint32Array }} library
 * @param {Way} way
 * @returns {Promise<number>} a handle
 */
export async function gathered({ index, width, ids }, way) {
  const client = connectOrganise();
  const handle = await client.call("vectors", { width });
  try {
    await inPortions(index, ids, (pictures) => client.call("gather", { handle, pictures }), way);
    return handle;
  } catch (thrown) {
    forget(handle);
    throw thrown;
  }
}

/** @param {number} handle */
export function forget(handle) {
  connectOrganise().call("free", { handle }).catch(() => {});
}
