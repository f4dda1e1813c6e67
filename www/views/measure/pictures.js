/** Which pictures are measured, and of which class each is: by its folder, or by a list. Pure but for reading the list. */

import { parse } from "../../shell/csv.js";
import { looksLikePicture } from "../../shell/pictures/intake.js";

/** @typedef {import("../../shell/pictures/intake.js").Located} Located */
/** `truth`: the place of its class, −1 where nobody says. @typedef {{ path: string, file: File, truth: number }} Item */
/** @typedef {{ items: Item[], classes: string[], unlisted: number }} Found `unlisted`: pictures that a list doesn't name. */

const list = /\.csv$/i;

/** The pictures among files, with their paths from the folder that was chosen. @param {Located[]} located @returns {Promise<Found>} */
export async function find(located) {
  const pictures = located.filter(({ file }) => looksLikePicture(file)).sort((a, b) => (a.path < b.path ? -1 : 1));
  const csv = located.find(({ file }) => list.test(file.name) && !file.name.startsWith("."));
  const classOf = csv ? await listed(csv.file, pictures) : inFolders(pictures);
  const named = pictures.filter(({ path }) => classOf.has(path));
  if (named.length === 0) return { items: pictures.map(({ path, file }) => ({ path, file, truth: -1 })), classes: [], unlisted: 0 };
  const classes = [...new Set(classOf.values())].sort((a, b) => (a < b ? -1 : 1));
  const place = new Map(classes.map((name, at) => [name, at]));
  const items = named.map(({ path, file }) => ({ path, file, truth: place.get(/** @type {string} */ (classOf.get(path))) ?? -1 }));
  return { items, classes, unlisted: pictures.length - named.length };
}

/** A class for each folder that pictures lie in; none where they all lie in one. @param {Located[]} pictures @returns {Map<string, string>} */
function inFolders(pictures) {
  const folder = (/** @type {string} */ path) => path.split("/").slice(0, -1);
  const folders = new Set(pictures.map(({ path }) => folder(path).join("/")));
  if (folders.size < 2 || pictures.some(({ path }) => folder(path).length === 0)) return new Map();
  return new Map(pictures.map(({ path }) => [path, words(folder(path).at(-1) ?? "")]));
}

/** What people write for words in the names of files. @param {string} folder */
const words = (folder) => folder.replace(/_+/g, " ").trim();

/**
 * By a list of two columns, a picture's path (or its name, where only one has it) and its class. A first line that names no picture
 * is the columns' names.
 *
 * @param {File} file @param {Located[]} pictures @returns {Promise<Map<string, string>>}
 */
async function listed(file, pictures) {
  /** @type {Map<string, string | null>} */
  const byEnd = new Map();
  for (const { path } of pictures) {
    const parts = path.split("/");
    // Where two pictures end alike, that end names neither.
    parts.forEach((_, from) => {
      const end = parts.slice(from).join("/");
      byEnd.set(end, byEnd.has(end) ? null : path);
    });
  }
  /** @type {Map<string, string>} */
  const classOf = new Map();
  for (const [path = "", name = ""] of parse(await file.text())) {
    const found = byEnd.get(path.trim().replace(/^\.?\//, ""));
    if (found && name.trim()) classOf.set(found, name.trim());
  }
  return classOf;
}
