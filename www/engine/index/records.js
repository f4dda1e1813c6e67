/** What stands in an index's files: records of pictures and, behind one another, small pictures that those name. */
import { crc32 } from "../storage/crc32.js";

/** @typedef {import("./files.js").Files} Files */
/** @typedef {import("./wasm.js").IndexWasm} IndexWasm */
/** @typedef {import("./wasm.js").PictureIndex} PictureIndex */

/** Bytes of a file that are read at a time. */
export const CHUNK = 4 * 2 ** 20;

/**
 * What a file of records says. Null: nothing was ever written to it.
 *
 * @param {import("./files.js").Access} records
 * @param {IndexWasm} wasm
 */
export function read(records, wasm) {
  const size = records.size();
  if (size === 0) return null;
  for (let reader = new wasm.IndexReader(); ; ) {
    for (let at = 0; at < size; at += CHUNK) reader.push(records.read(at, CHUNK));
    const opened = reader.finish();
    if (!opened.again) return opened;
    reader = opened.again;
  }
}

/** @param {PictureIndex} core @param {import("./files.js").Access} records @param {Uint8Array<ArrayBuffer>} record */
export function append(core, records, record) {
  const at = records.size();
  records.write(record, at);
  core.apply(record, at);
}

/** @param {import("./files.js").Access} file @param {Uint8Array<ArrayBuffer>} bytes */
export function place(file, bytes) {
  const at = file.size();
  file.write(bytes, at);
  return { at, length: bytes.length, crc: crc32(bytes) };
}

/**
 * A picture as it is into another file.
 *
 * @param {number} id
 * @param {PictureIndex} from
 * @param {Files} old
 * @param {PictureIndex} to
 * @param {Files} files
 */
export function copy(id, from, old, to, files) {
  const [at, length] = from.vector_place(id);
  const vector = old.records.read(at, length);
  const facts = from.facts(id);
  const small = facts.thumbnail && old.thumbnails.read(facts.thumbnail.at, facts.thumbnail.length);
  const thumbnail = small && place(files.thumbnails, small);
  append(to, files.records, to.copy(id, { ...facts, thumbnail }, vector));
}
