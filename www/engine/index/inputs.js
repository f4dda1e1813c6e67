/** What callers give an index: pictures to add, and which of them to search. */
import { failure } from "../errors.js";

/** @typedef {import("./adding.js").Source} Source */
/** @typedef {import("./wasm.js").Filter} Filter */

const SHAPES = ["landscape", "portrait", "square"];
/** Of the file's layout. */
const PATH_BYTES = 65_535;

/**
 * Files, or files with the paths they are to have. In a folder paths begin with its name.
 *
 * @param {readonly (File | { path: string, file: File })[]} pictures
 * @param {string | null} folder
 * @returns {Source[]}
 */
export function sourcesOf(pictures, folder) {
  if (!Array.isArray(pictures)) throw new TypeError("pictures must be an array of Files, or of { path, file }");
  /** @type {Map<string, Source>} */
  const sources = new Map();
  for (const picture of pictures) {
    const file = picture instanceof File ? picture : picture?.file;
    const path = picture instanceof File ? picture.webkitRelativePath || picture.name : picture?.path;
    if (!(file instanceof File) || typeof path !== "string" || path === "") throw new TypeError("pictures must be Files, or { path, file }");
    if (folder !== null && !path.startsWith(`${folder}/`)) throw new TypeError(`the path "${path}" is not in the folder "${folder}"`);
    if (path.length > PATH_BYTES / 3) throw failure("PictureError", `The path “${path.slice(0, 60)}…” is too long for a library.`);
    // A path is there once: the last one counts.
    sources.set(path, { path, file });
  }
  return [...sources.values()];
}

/** @param {import("../../../semblance.js").SearchFilter} [where] @returns {Filter} */
export function filterOf(where = {}) {
  if (typeof where !== "object" || where === null) throw new TypeError("where must be an object");
  const { folder, from, until, smallest, largest, pixels, shape, ...unknown } = where;
  const [other] = Object.keys(unknown);
  if (other !== undefined) throw new TypeError(`where has no condition "${other}"`);
  if (folder !== undefined && typeof folder !== "string") throw new TypeError("where.folder must be a string");
  if (shape !== undefined && !SHAPES.includes(shape)) throw new TypeError(`where.shape must be one of ${SHAPES.map((shape) => `"${shape}"`).join(", ")}`);
  for (const [name, number] of Object.entries({ smallest, largest, pixels })) {
    if (number !== undefined && !(Number.isFinite(number) && number >= 0)) throw new TypeError(`where.${name} must be a number from 0 on`);
  }
  return { folder, shape, smallest, largest, pixels, from: dayOf(from, "from"), until: dayOf(until, "until") };
}

/** @param {Date | number | undefined} day @param {string} name @returns {number | undefined} milliseconds since 1970 */
function dayOf(day, name) {
  const time = day instanceof Date ? day.getTime() : day;
  if (time !== undefined && !Number.isFinite(time)) throw new TypeError(`where.${name} must be a Date or milliseconds since 1970`);
  return time;
}
