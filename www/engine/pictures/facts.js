/** What a picture file says of itself before it is decoded, read by the engine (`src/picture/facts.rs`) part by part. */
import { failure } from "../errors.js";

/** How stored pixels are to be turned, as EXIF numbers it, 1 to 8; 1: not at all. @typedef {number} Orientation */
/** Bytes of a file that others take the place of. @typedef {{ start: number, end: number, with: Uint8Array<ArrayBuffer> }} Patch */
/**
 * @typedef {object} Facts
 * @property {{ width: number, height: number } | undefined} size as stored, where that is certain
 * @property {Orientation} orientation
 * @property {Patch | undefined} hide makes the file one that nobody else turns
 * @property {number | undefined} taken when, in milliseconds since 1970 on the camera's own clock
 */
/** In wasm memory. @typedef {{ wanted: number | undefined, push(bytes: Uint8Array): void, found(): Facts, free(): void }} PictureFacts */
/** For a file of so many bytes. @typedef {(length: number) => PictureFacts} ReadFacts */

/** Bytes at a time, as the engine wants them. */
const PART_BYTES = 256 * 2 ** 10;

/** @param {Blob} file @param {ReadFacts} readFacts @returns {Promise<Facts>} */
export async function factsOf(file, readFacts) {
  const facts = readFacts(file.size);
  try {
    for (let at = facts.wanted; at !== undefined; at = facts.wanted) facts.push(await readPart(file, at, PART_BYTES));
    return facts.found();
  } finally {
    facts.free();
  }
}

/** @param {Blob} file @param {number} start @param {number} bytes @throws a `PictureError` where the file is not there any more */
export async function readPart(file, start, bytes) {
  try {
    return new Uint8Array(await file.slice(start, start + bytes).arrayBuffer());
  } catch (thrown) {
    throw failure("PictureError", "This file can't be read: it was moved, changed or deleted since it was chosen.", thrown);
  }
}

/** @param {Blob} file @param {Patch} patch */
export function patched(file, { start, end, with: bytes }) {
  return new Blob([file.slice(0, start), bytes, file.slice(end)], { type: file.type });
}
