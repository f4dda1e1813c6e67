/** A zip archive of files that stay where they lie (APPNOTE.TXT 6.3.10): stored, not compressed, since weights don't shrink. */

/** @typedef {{ name: string, bytes: number, crc: number, parts: Blob[] }} Packed */

/** What 32 bits can't say, a field of 64 bits does. */
const MOST = 0xffffffff;
/** Zip's own 1 January 1980: the same files make the same archive. */
const DATE = 0x21;
/** Versions of the format that know 64 bits, and that don't. */
const [VERSION_64, VERSION] = [45, 20];
/** Names are UTF-8. */
const FLAGS = 0x800;

/** @param {Packed[]} files @returns {BlobPart[]} */
export function zip(files) {
  /** @type {BlobPart[]} */
  const parts = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const list = [];
  let at = 0;
  for (const { name, bytes, crc, parts: data } of files) {
    const path = new TextEncoder().encode(name);
    const large = bytes >= MOST;
    // A local header's field has both sizes.
    const extra = large ? extra64([bytes, bytes]) : new Uint8Array(0);
    const size = Math.min(bytes, MOST);
    const version = large ? VERSION_64 : VERSION;
    const shared = [2, FLAGS, 2, 0, 2, 0, 2, DATE, 4, crc, 4, size, 4, size, 2, path.length];
    const header = join(fields(4, 0x04034b50, 2, version, ...shared, 2, extra.length), path, extra);
    parts.push(header, ...data);

    const beyond = [...(large ? [bytes, bytes] : []), ...(at >= MOST ? [at] : [])];
    const listed = beyond.length > 0 ? extra64(beyond) : new Uint8Array(0);
    const made = beyond.length > 0 ? VERSION_64 : VERSION;
    const place = [2, listed.length, 2, 0, 2, 0, 2, 0, 4, 0, 4, Math.min(at, MOST)];
    list.push(join(fields(4, 0x02014b50, 2, made, 2, made, ...shared, ...place), path, listed));
    at += header.length + bytes;
  }
  const bytes = list.reduce((sum, entry) => sum + entry.length, 0);
  parts.push(...list);
  if (at >= MOST) {
    const n = files.length;
    parts.push(fields(4, 0x06064b50, 8, 44, 2, VERSION_64, 2, VERSION_64, 4, 0, 4, 0, 8, n, 8, n, 8, bytes, 8, at));
    parts.push(fields(4, 0x07064b50, 4, 0, 8, at + bytes, 4, 1));
  }
  parts.push(fields(4, 0x06054b50, 2, 0, 2, 0, 2, files.length, 2, files.length, 4, bytes, 4, Math.min(at, MOST), 2, 0));
  return parts;
}

/** @param {number[]} values */
function extra64(values) {
  return fields(2, 1, 2, 8 * values.length, ...values.flatMap((value) => [8, value]));
}

/** Little-endian numbers, each after its width in bytes. @param {number[]} list */
function fields(...list) {
  const bytes = [];
  for (let i = 0; i < list.length; i += 2) {
    for (let byte = 0, rest = list[i + 1]; byte < list[i]; byte++, rest = Math.floor(rest / 256)) bytes.push(rest % 256);
  }
  return Uint8Array.from(bytes);
}

/** @param {Uint8Array[]} parts */
function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
