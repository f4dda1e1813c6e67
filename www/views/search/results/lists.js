/** Selected results as lists. Pure. */

import { cell, exact } from "../../../shell/csv.js";

/**
 * @typedef {import("../../../../semblance.js").IndexedPicture} IndexedPicture
 * @typedef {{ picture: IndexedPicture, cosine: number | null, standsOut: number | null }} Row The numbers where something was searched for.
 */

/** @param {Uint8Array} bytes */
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
/** @param {number | null} ms */
const iso = (ms) => (ms === null ? null : new Date(ms).toISOString());

/** One line a picture. @param {Row[]} rows */
export function toCsv(rows) {
  const lines = rows.map(({ picture, cosine, standsOut }) => {
    const { path, size, modified, taken, width, height, hash } = picture;
    const numbers = [cosine, standsOut].map((number) => (number === null ? "" : exact(number)));
    return [cell(path), ...numbers, width, height, size, iso(taken) ?? "", iso(modified), hex(hash)].join(",");
  });
  return ["path,cosine,stands_out,width,height,bytes,taken,modified,sha256", ...lines, ""].join("\r\n");
}

/** With what was searched for. @param {Row[]} rows @param {{ library: string, model: string, query: object | null }} about */
export function toJson(rows, about) {
  const pictures = rows.map(({ picture, cosine, standsOut }) => {
    const { path, size, modified, taken, width, height, hash } = picture;
    const numbers = cosine === null || standsOut === null ? {} : { cosine: exact(cosine), standsOut: exact(standsOut) };
    return { path, ...numbers, width, height, bytes: size, taken: iso(taken), modified: iso(modified), sha256: hex(hash) };
  });
  return JSON.stringify({ ...about, pictures }, null, 2);
}
