/** A file of this machine, a little at a time. */
import { failure } from "../errors.js";

/** What is read at a time. */
const READ_BYTES = 4 * 2 ** 20;

/** @param {Blob} blob @param {string} name for messages */
export async function* slices(blob, name) {
  for (let at = 0; at < blob.size; at += READ_BYTES) yield readSlice(blob, at, Math.min(blob.size, at + READ_BYTES), name);
}

/** @param {Blob} blob @param {number} start @param {number} end @param {string} name @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function readSlice(blob, start, end, name) {
  try {
    return new Uint8Array(await blob.slice(start, end).arrayBuffer());
  } catch (thrown) {
    throw failure("ModelError", `${name} can't be read: it was moved, changed or deleted since it was chosen.`, thrown);
  }
}
