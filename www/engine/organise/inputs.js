/** What organising takes of a library and of words: vectors, a portion at a time. */
import { joined } from "../running/rows.js";
import { connectOrganise } from "./client.js";

/** @typedef {import("../../../semblance.js").Semblance} Clip */
/** @typedef {import("../../../semblance.js").Label} Label */
/** An index, and the model that it was opened with. @typedef {{ index: import("../../../semblance.js").PictureIndex, clip: Clip }} Library */
/** @typedef {{ signal?: AbortSignal, onProgress?: (done: number, total: number) => void }} Way */

/** Pictures at a time: some megabytes of vectors. */
const PORTION = 2048;
/** Texts at a time: between two portions somebody may cancel. */
const TEXTS = 64;

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
 * The vectors of texts, one after another.
 *
 * @param {Clip} clip
 * @param {{ texts: Label[], template: string | string[] }[]} groups of one template each
 * @param {Way} way
 */
export async function textRows(clip, groups, { signal, onProgress } = {}) {
  const total = groups.reduce((sum, { texts }) => sum + texts.length, 0);
  const rows = [];
  for (const { texts, template } of groups) {
    for (let at = 0; at < texts.length; at += TEXTS) {
      rows.push(...(await clip.embedTexts(texts.slice(at, at + TEXTS), { template, signal })));
      onProgress?.(rows.length, total);
    }
  }
  return joined(rows);
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
