/** What callers give an index: pictures to add, and which of them to search. */
import { failure } from "../errors.js";
import { pause } from "../running/steps.js";
import { unzip } from "../storage/unzip.js";

/** @typedef {import("./adding.js").Source} Source */
/** @typedef {import("../../../semblance.js").PictureSource} PictureSource */
/** @typedef {import("./wasm.js").Filter} Filter */

/** Pictures that are looked at between two moments for others. */
const CHECKED = 2000;
const SHAPES = ["landscape", "portrait", "square"];
/** Of the file's layout. */
const PATH_BYTES = 65_535;

/**
 * Files, files with the paths they are to have, such as are opened when it is their turn, and zips of pictures. In a folder
 * paths begin with its name.
 *
 * @param {readonly (File | PictureSource)[]} pictures
 * @param {string | null} folder
 * @returns {Promise<Source[]>}
 */
export async function sourcesOf(pictures, folder) {
  if (!Array.isArray(pictures)) throw new TypeError("pictures must be an array of Files, or of { path, file }");
  /** @type {Map<string, Source>} */
  const sources = new Map();
  for (const [at, picture] of pictures.entries()) {
    // A hundred thousand at once would hold up the page.
    if (at % CHECKED === CHECKED - 1) await pause();
    const inside = picture instanceof File && isZip(picture) ? await openZip(picture) : [picture];
    for (const one of inside) {
      const source = sourceOf(one);
      if (folder !== null && !source.path.startsWith(`${folder}/`)) throw new TypeError(`the path "${source.path}" is not in the folder "${folder}"`);
      if (source.path.length > PATH_BYTES / 3) throw failure("PictureError", `The path “${source.path.slice(0, 60)}…” is too long for a library.`);
      // A path is there once: the last one counts.
      sources.set(source.path, source);
    }
  }
  return [...sources.values()];
}

/** @param {File | PictureSource} picture @returns {Source} */
function sourceOf(picture) {
  if (picture instanceof File) return sourceOf({ path: picture.webkitRelativePath || picture.name, file: picture });
  if (typeof picture !== "object" || picture === null || typeof picture.path !== "string" || picture.path === "") throw new TypeError("pictures must be Files, or { path, file }");
  if ("file" in picture) {
    const { path, file } = picture;
    if (!(file instanceof File)) throw new TypeError("pictures must be Files, or { path, file }");
    return { path, size: file.size, modified: file.lastModified, open: async () => file };
  }
  const { path, size, modified, open } = picture;
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(modified) || typeof open !== "function") throw new TypeError("pictures that are opened later must be { path, size, modified, open }");
  return { path, size, modified, open: () => open.call(picture) };
}

const PICTURE_NAME = /\.(avif|bmp|gif|hei[cf]|ico|jfif|jpe?g|jxl|png|svg|tiff?|webp)$/i;

/** @param {File} file */
const isZip = ({ name, type }) => /\.zip$/i.test(name) || type === "application/zip";

/**
 * The pictures in a zip, by their names, each to be opened when it is its turn. Paths begin with the archive's name.
 *
 * @param {File} archive
 * @returns {Promise<{ path: string, size: number, modified: number, open: () => Promise<File> }[]>}
 */
export async function openZip(archive) {
  if (!(archive instanceof File)) throw new TypeError("an archive must be a File");
  const entries = await unzip(archive, archive.name, "PictureError");
  const top = archive.name.replace(/\.zip$/i, "");
  const pictures = entries.filter(({ path }) => PICTURE_NAME.test(path) && !/(^|\/)(\.|__MACOSX\/)/.test(path));
  return pictures.map(({ path, bytes, modified, chunks }) => ({
    path: `${top}/${path}`,
    size: bytes,
    modified: Number.isFinite(modified) ? modified : 0,
    async open() {
      const parts = [];
      for await (const chunk of chunks()) parts.push(chunk);
      return new File(parts, path.split("/").pop() ?? path, { lastModified: modified });
    },
  }));
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
