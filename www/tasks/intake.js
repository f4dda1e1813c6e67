/** Pictures from what the browser hands over: a drop, a paste, a picked folder. */

import { webAddress } from "../web-address.js";
import { nameOf } from "./address.js";

/**
 * @typedef {{ source: Blob | string, name: string }} Incoming A string is the address of a picture.
 * @typedef {{ pictures: Incoming[], skipped: number }} Intake
 */

const pictureName = /\.(avif|bmp|gif|hei[cf]|ico|jfif|jpe?g|jxl|png|svg|tiff?|webp)$/i;

/** @param {File} file @returns {Incoming} */
const incoming = (file) => ({ source: file, name: file.name });

/** Files someone picked one by one: each gets its card, whatever it turns out to be.
 * @param {Iterable<File>} files @returns {Intake} */
export const fromFiles = (files) => ({ pictures: Array.from(files, incoming), skipped: 0 });

/** A folder's files: what does not look like a picture is left out, and counted.
 * @param {Iterable<File>} files @returns {Intake} */
export function fromFolder(files) {
  const visible = Array.from(files).filter(({ name }) => !name.startsWith("."));
  const pictures = visible.filter(({ name, type }) => type.startsWith("image/") || pictureName.test(name));
  return { pictures: pictures.map(incoming), skipped: visible.length - pictures.length };
}

/** Files, folders in any depth, or the address of a picture dragged from another page.
 * Must be called within the event: the browser empties the transfer afterwards.
 * @param {DataTransfer} transfer @returns {Promise<Intake>} */
export async function fromTransfer(transfer) {
  const entries = Array.from(transfer.items, (item) => (item.kind === "file" ? item.webkitGetAsEntry() : null)).filter((entry) => entry !== null);
  const loose = Array.from(transfer.files);
  const address = webAddress(transfer.getData("text/uri-list").split(/\r?\n/)[0] || transfer.getData("text/plain"));
  const folders = entries.filter((entry) => entry.isDirectory);
  if (folders.length === 0 && loose.length > 0) return fromFiles(loose);
  if (folders.length === 0) return { pictures: address ? [{ source: address, name: nameOf(address) }] : [], skipped: 0 };

  const single = await Promise.all(entries.filter((entry) => entry.isFile).map((entry) => fileOf(/** @type {FileSystemFileEntry} */ (entry))));
  const inside = (await Promise.all(folders.map((entry) => filesIn(/** @type {FileSystemDirectoryEntry} */ (entry))))).flat();
  const { pictures, skipped } = fromFolder(inside.filter((file) => file !== null));
  const unreadable = [...single, ...inside].filter((file) => file === null).length;
  return { pictures: [...single.filter((file) => file !== null).map(incoming), ...pictures], skipped: skipped + unreadable };
}

/** Null where it can't be read: gone since, or not allowed. @param {FileSystemFileEntry} entry @returns {Promise<File | null>} */
const fileOf = (entry) => new Promise((resolve) => entry.file(resolve, () => resolve(null)));

/** All files in any depth, with a null for each file or folder that can't be read.
 * @param {FileSystemDirectoryEntry} folder @returns {Promise<(File | null)[]>} */
async function filesIn(folder) {
  const reader = folder.createReader();
  /** @type {(File | null)[]} */
  const files = [];
  // The browser hands a folder out in portions; an empty one is the end.
  for (;;) {
    const portion = await new Promise((/** @type {(entries: FileSystemEntry[] | null) => void} */ resolve) => reader.readEntries(resolve, () => resolve(null)));
    if (!portion) return [...files, null];
    if (portion.length === 0) return files;
    for (const entry of portion) {
      if (entry.isDirectory) files.push(...(await filesIn(/** @type {FileSystemDirectoryEntry} */ (entry))));
      else files.push(await fileOf(/** @type {FileSystemFileEntry} */ (entry)));
    }
  }
}
