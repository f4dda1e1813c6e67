/**
 * The files in a zip archive (APPNOTE.TXT 6.3.10), stored or deflated, 64-bit ones too, each read from where it lies and
 * checked by its CRC-32. The browser inflates.
 */
import { crc32 } from "./crc32.js";
import { failure } from "../errors.js";
import { readSlice, slices } from "../fetching/slices.js";

/** `modified`: milliseconds since 1970, as this machine's clock has it. @typedef {{ path: string, bytes: number, modified: number, chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> }} Entry */

const END = 0x06054b50;
const END_BYTES = 22;
/** After it there may be a comment of 65,535 bytes. */
const END_REACH = END_BYTES + 0xffff;
const LOCATOR_64 = 0x07064b50;
const LOCATOR_64_BYTES = 20;
const END_64 = 0x06064b50;
const END_64_BYTES = 56;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const EXTRA_64 = 0x0001;
/** Of the list of files: a hundred thousand have half of it. */
const LIST_MOST = 16 * 2 ** 20;

const [STORED, DEFLATED] = [0, 8];

/**
 * @param {Blob} archive
 * @param {string} name for messages
 * @param {"ModelError" | "PictureError" | "StorageError"} [kind] of the error where it is none
 * @returns {Promise<Entry[]>}
 */
export async function unzip(archive, name, kind = "ModelError") {
  /** @param {string} why @returns {never} */
  const refuse = (why) => {
    throw failure(kind, `${name} can't be read as a zip archive: ${why}.`);
  };
  /** @param {number} start @param {number} bytes */
  const view = async (start, bytes) => {
    if (start < 0 || start + bytes > archive.size) return refuse("it is cut off or damaged");
    const slice = await readSlice(archive, start, start + bytes, name);
    return new DataView(slice.buffer);
  };
  const { start, bytes, count } = await findList(archive, view, refuse);
  if (bytes > LIST_MOST) refuse("it has too many files");
  const list = await view(start, bytes);
  const entries = [];
  for (let at = 0, i = 0; i < count; i++) {
    if (at + ENTRY_BYTES > bytes || list.getUint32(at, true) !== ENTRY) refuse("its list of files is damaged");
    const [names, extras, comment] = [28, 30, 32].map((field) => list.getUint16(at + field, true));
    if (at + ENTRY_BYTES + names + extras + comment > bytes) refuse("its list of files is damaged");
    entries.push(readEntry(new DataView(list.buffer, at, ENTRY_BYTES + names + extras), names));
    at += ENTRY_BYTES + names + extras + comment;
  }
  return entries
    .filter(({ path }) => !path.endsWith("/"))
    .map((entry) => ({ path: entry.path, bytes: entry.bytes, modified: entry.modified, chunks: () => inflate(archive, entry, view, refuse) }));
}

/**
 * Where the list of files is: the end of the archive says it, and for large ones another end before that.
 *
 * @param {Blob} archive
 * @param {(start: number, bytes: number) => Promise<DataView>} view
 * @param {(why: string) => never} refuse
 */
async function findList(archive, view, refuse) {
  const reach = Math.min(END_REACH, archive.size);
  const tail = await view(archive.size - reach, reach);
  let at = reach - END_BYTES;
  while (at >= 0 && tail.getUint32(at, true) !== END) at -= 1;
  if (at < 0) return refuse("its end is missing, so it is cut off, or it is no zip archive");
  const end = { count: tail.getUint16(at + 10, true), bytes: tail.getUint32(at + 12, true), start: tail.getUint32(at + 16, true) };
  if (end.count !== 0xffff && end.bytes !== 0xffffffff && end.start !== 0xffffffff) return end;
  const place = archive.size - reach + at - LOCATOR_64_BYTES;
  if (place < 0) return end;
  const locator = await view(place, LOCATOR_64_BYTES);
  if (locator.getUint32(0, true) !== LOCATOR_64) return end;
  const end64 = await view(number64(locator, 8), END_64_BYTES);
  if (end64.getUint32(0, true) !== END_64) return refuse("its end is damaged");
  return { count: number64(end64, 32), bytes: number64(end64, 40), start: number64(end64, 48) };
}

/** @param {DataView} view @param {number} at */
function number64(view, at) {
  return Number(view.getBigUint64(at, true));
}

/** @typedef {ReturnType<typeof readEntry>} Listed */

/** @param {DataView} view of one entry of the list @param {number} nameBytes */
function readEntry(view, nameBytes) {
  const path = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + ENTRY_BYTES, nameBytes));
  const fields = { bytes: view.getUint32(24, true), packed: view.getUint32(20, true), start: view.getUint32(42, true) };
  for (let at = ENTRY_BYTES + nameBytes; at + 4 <= view.byteLength; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== EXTRA_64) continue;
    // It has those of the three, in this order, that don't fit into 32 bits.
    let value = at + 4;
    for (const field of /** @type {const} */ (["bytes", "packed", "start"])) {
      if (fields[field] !== 0xffffffff || value + 8 > view.byteLength) continue;
      fields[field] = number64(view, value);
      value += 8;
    }
  }
  return { path, encrypted: (view.getUint16(8, true) & 1) === 1, method: view.getUint16(10, true), modified: dosTime(view.getUint16(14, true), view.getUint16(12, true)), crc: view.getUint32(16, true), ...fields };
}

/** Two seconds are the smallest step. @param {number} date @param {number} time */
function dosTime(date, time) {
  return new Date(1980 + (date >> 9), ((date >> 5) & 15) - 1, date & 31, time >> 11, (time >> 5) & 63, (time & 31) * 2).getTime();
}

/**
 * @param {Blob} archive
 * @param {Listed} entry
 * @param {(start: number, bytes: number) => Promise<DataView>} view
 * @param {(why: string) => never} refuse
 */
async function* inflate(archive, { path, encrypted, method, crc, bytes, packed, start }, view, refuse) {
  if (encrypted) refuse(`${path} in it is encrypted`);
  if (method !== STORED && method !== DEFLATED) refuse(`${path} in it is compressed in a way that browsers can't undo (method ${method})`);
  const local = await view(start, LOCAL_BYTES);
  if (local.getUint32(0, true) !== LOCAL) refuse(`${path} is not where its list of files says`);
  const begin = start + LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
  if (begin + packed > archive.size) refuse("it is cut off or damaged");
  const data = archive.slice(begin, begin + packed);
  let [found, seen] = [0, 0];
  const chunks = method === STORED ? slices(data, path) : inflated(data);
  try {
    for await (const chunk of chunks) {
      seen += chunk.length;
      if (seen > bytes) break;
      found = crc32(chunk, found);
      yield chunk;
    }
  } catch (thrown) {
    if (thrown instanceof TypeError) refuse(`${path} in it is damaged`);
    throw thrown;
  }
  if (seen !== bytes || found !== crc) refuse(`${path} in it is damaged`);
}

/** @param {Blob} data @returns {AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>} */
async function* inflated(data) {
  const reader = data.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
