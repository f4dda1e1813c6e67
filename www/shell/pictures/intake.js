/** Pictures and models from what the browser hands over: a drop, a paste, a picked folder. */

import { webAddress } from "../web-address.js";
import { nameOf } from "./address.js";

/**
 * @typedef {{ source: Blob | string, name: string }} Incoming A string is the address of a picture.
 * @typedef {import("../model/state.js").ModelChoice} ModelChoice
 * @typedef {{ pictures: Incoming[], skipped: number, model?: ModelChoice | null }} Intake
 */

/** Whether a file of a folder is taken for a picture. @param {File} file */
export const looksLikePicture = ({ name, type }) => !name.startsWith(".") && (type.startsWith("image/") || pictureName.test(name));

const pictureName = /\.(avif|bmp|gif|hei[cf]|ico|jfif|jpe?g|jxl|png|svg|tiff?|webp)$/i;

/** @param {File} file @returns {Incoming} */
const incoming = (file) => ({ source: file, name: file.name });

const weightsName = /\.(gguf|safetensors|zip)$/i;
/** What a model's folder has beside its weights, and anything reads. */
const besideName = /\.(json|txt|safetensors)$/i;

/** Folders above a file, within what was picked. @param {File} file */
const depth = ({ webkitRelativePath }) => webkitRelativePath.split("/").length;

/** A model among files of this machine: one file with its weights, or a folder's. Null where there is none. A zip is one
 * only where it was picked by itself: within a folder it may be anything.
 * @param {Iterable<File>} files @param {string} [folder] Its name, for people.
 * @returns {ModelChoice | null} */
export function modelOf(files, folder) {
  const all = Array.from(files).sort((a, b) => depth(a) - depth(b));
  const inFolder = (/** @type {File} */ file) => folder !== undefined || file.webkitRelativePath !== "";
  const weights = all.find((file) => weightsName.test(file.name) && !(inFolder(file) && /\.zip$/i.test(file.name)));
  if (!weights) return null;
  const beside = all.filter(({ name }) => besideName.test(name));
  // A repository's files have one name each; of a name that comes twice, the one further up is meant.
  const parts = beside.filter(({ name }, i) => beside.findIndex((other) => other.name === name) === i);
  const single = parts.length < 2 || !/\.safetensors$/i.test(weights.name);
  const name = single ? weights.name : folder || weights.webkitRelativePath.split("/")[0] || weights.name;
  return { name, model: single ? weights : parts, bytes: null, address: null };
}

/** Files someone picked one by one: each gets its card, whatever it turns out to be; a model's are one model.
 * @param {Iterable<File>} files @returns {Intake} */
export function fromFiles(files) {
  const model = modelOf(files);
  const rest = Array.from(files).filter(({ name }) => !model || !(weightsName.test(name) || besideName.test(name)));
  return { pictures: rest.map(incoming), skipped: 0, model };
}

/** A folder's files: what does not look like a picture is left out, and counted unless it came with a model.
 * @param {Iterable<File>} files @param {string} [folder] @returns {Intake} */
export function fromFolder(files, folder) {
  const model = modelOf(files, folder);
  const visible = Array.from(files).filter(({ name }) => !name.startsWith("."));
  const pictures = visible.filter(looksLikePicture);
  return { pictures: pictures.map(incoming), skipped: model ? 0 : visible.length - pictures.length, model };
}

/**
 * What a drop or a paste brings, before anybody has taken it for something: files with their paths from the folder that was
 * dropped, or the address of a picture.
 *
 * @typedef {object} Given
 * @property {Located[]} loose Files that came by themselves.
 * @property {{ name: string, handle: FileSystemDirectoryHandle | null, files: Located[] }[]} folders Whole ones; the handle
 *   opens one again on another day, where the browser has such.
 * @property {number} unreadable
 * @property {string | null} address
 *
 * @typedef {{ path: string, file: File }} Located
 */

/** Must be called within the event: the browser empties the transfer afterwards.
 * @param {DataTransfer} transfer @returns {Promise<Given>} */
export async function gather(transfer) {
  const items = Array.from(transfer.items).filter(({ kind }) => kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry());
  const handles = items.map((item) => /** @type {HandedItem} */ (item).getAsFileSystemHandle?.().catch(() => null) ?? null);
  const loose = Array.from(transfer.files);
  const address = webAddress(transfer.getData("text/uri-list").split(/\r?\n/)[0] || transfer.getData("text/plain"));
  const tops = entries.filter((entry) => entry?.isDirectory);
  if (tops.length === 0) return { loose: loose.map((file) => ({ path: file.name, file })), folders: [], unreadable: 0, address: loose.length ? null : address };

  const single = await Promise.all(entries.filter((entry) => entry?.isFile).map((entry) => fileOf(/** @type {FileSystemFileEntry} */ (entry))));
  let unreadable = single.filter((file) => file === null).length;
  /** @type {Given["folders"]} */
  const folders = [];
  for (const [i, entry] of entries.entries()) {
    if (!entry?.isDirectory) continue;
    const inside = await filesIn(/** @type {FileSystemDirectoryEntry} */ (entry));
    unreadable += inside.filter((file) => file === null).length;
    const handle = await handles[i];
    folders.push({ name: entry.name, handle: handle?.kind === "directory" ? handle : null, files: inside.filter((file) => file !== null) });
  }
  return { loose: single.filter((file) => file !== null), folders, unreadable, address: null };
}

/** @typedef {DataTransferItem & { getAsFileSystemHandle?: () => Promise<FileSystemDirectoryHandle | null> }} HandedItem */

/** As pictures of the page. @param {Given} given @returns {Intake} */
export function fromGiven({ loose, folders, unreadable, address }) {
  const files = (/** @type {Located[]} */ located) => located.map(({ file }) => file);
  if (folders.length === 0 && loose.length > 0) return fromFiles(files(loose));
  if (folders.length === 0) return { pictures: address ? [{ source: address, name: nameOf(address) }] : [], skipped: 0 };
  const found = fromFolder(folders.flatMap((folder) => files(folder.files)), folders[0].name);
  const beside = fromFiles(files(loose));
  return { pictures: [...beside.pictures, ...found.pictures], skipped: found.skipped + unreadable, model: beside.model ?? found.model };
}

/** Null where it can't be read: gone since, or not allowed. @param {FileSystemFileEntry} entry @returns {Promise<Located | null>} */
const fileOf = (entry) => new Promise((resolve) => entry.file((file) => resolve({ path: entry.fullPath.slice(1), file }), () => resolve(null)));

/** All files in any depth, those further up first (they don't say themselves where they were), with a null for each file
 * or folder that can't be read.
 * @param {FileSystemDirectoryEntry} top @returns {Promise<(Located | null)[]>} */
async function filesIn(top) {
  /** @type {(Located | null)[]} */
  const files = [];
  const folders = [top];
  for (const folder of folders) {
    for (const entry of await entriesIn(folder)) {
      if (entry?.isDirectory) folders.push(/** @type {FileSystemDirectoryEntry} */ (entry));
      else files.push(entry && (await fileOf(/** @type {FileSystemFileEntry} */ (entry))));
    }
  }
  return files;
}

/** The browser hands a folder out in portions; an empty one is the end, and null a failure.
 * @param {FileSystemDirectoryEntry} folder @returns {Promise<(FileSystemEntry | null)[]>} */
async function entriesIn(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const entries = [];
  for (;;) {
    const portion = await new Promise((/** @type {(entries: FileSystemEntry[] | null) => void} */ resolve) => reader.readEntries(resolve, () => resolve(null)));
    if (!portion) return [...entries, null];
    if (portion.length === 0) return entries;
    entries.push(...portion);
  }
}
