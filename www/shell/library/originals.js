/** Where the pictures of a library lie themselves: files that were handed over in this visit, and folders kept from others. */

import { looksLikePicture } from "../pictures/intake.js";
import { forgetFolders, keepFolder, keptFolders } from "./kept.js";

/** @typedef {import("../pictures/intake.js").Located} Located */
/** @typedef {import("../../../semblance.js").PictureSource} PictureSource */
/** A folder's handle with what not every browser's types know of it.
 * @typedef {FileSystemDirectoryHandle & {
 *   values(): AsyncIterable<FileSystemDirectoryHandle | FileSystemFileHandle>,
 *   queryPermission?(options: { mode: "read" }): Promise<PermissionState>,
 *   requestPermission?(options: { mode: "read" }): Promise<PermissionState>,
 * }} Folder */

export class Originals {
  #library;
  /** @type {Map<string, PictureSource>} */
  #files = new Map();
  /** @type {Map<string, Folder>} */
  #folders = new Map();

  /** @param {string} library Its name. */
  constructor(library) {
    this.#library = library;
  }

  /** @param {string} library */
  static async of(library) {
    const originals = new Originals(library);
    for (const { name, handle } of await keptFolders(library)) originals.#folders.set(name, /** @type {Folder} */ (handle));
    return originals;
  }

  /** Whether there is a folder to be gone through again. */
  get reopenable() {
    return this.#folders.size > 0;
  }

  /** @param {PictureSource[]} files */
  add(files) {
    for (const one of files) this.#files.set(one.path, one);
  }

  /** @param {FileSystemDirectoryHandle} handle */
  async addFolder(handle) {
    this.#folders.set(handle.name, /** @type {Folder} */ (handle));
    await keepFolder({ library: this.#library, name: handle.name, handle });
  }

  /** What the folders that were kept hold now; must be called by a click, since the browser may ask.
   * @returns {Promise<{ name: string, files: Located[] }[]>} Those that may be read. */
  async again() {
    const found = [];
    for (const [name, folder] of this.#folders) {
      if ((await permission(folder, true)) === "granted") found.push({ name, files: await filesOf(folder) });
    }
    return found;
  }

  /** A picture as it lies on the device; null where nobody has handed it over, or it is gone.
   * @param {string} path @param {boolean} [ask] By a click: the browser may ask. @returns {Promise<File | null>} */
  async file(path, ask = false) {
    const known = this.#files.get(path);
    if (known) return "file" in known ? known.file : known.open().catch(() => null);
    const [top, ...rest] = path.split("/");
    let folder = /** @type {FileSystemDirectoryHandle | undefined} */ (this.#folders.get(top));
    const name = rest.pop();
    if (!folder || name === undefined || (await permission(/** @type {Folder} */ (folder), ask)) !== "granted") return null;
    try {
      for (const step of rest) folder = await folder.getDirectoryHandle(step);
      return await (await folder.getFileHandle(name)).getFile();
    } catch {
      return null;
    }
  }

  /** Of several, those that are at hand; by a click. @param {string[]} paths @returns {Promise<{ path: string, file: File }[]>} */
  async files(paths) {
    const files = [];
    for (const path of paths) {
      const file = await this.file(path, true);
      if (file) files.push({ path, file });
    }
    return files;
  }

  forget() {
    return forgetFolders(this.#library);
  }
}

/** @param {Folder} folder @param {boolean} ask @returns {Promise<PermissionState>} */
async function permission(folder, ask) {
  const how = /** @type {const} */ ({ mode: "read" });
  try {
    const now = (await folder.queryPermission?.(how)) ?? "granted";
    return now === "prompt" && ask ? ((await folder.requestPermission?.(how)) ?? "denied") : now;
  } catch {
    return "denied";
  }
}

/** The pictures of a folder, in any depth, by paths from it on. @param {FileSystemDirectoryHandle} top @returns {Promise<Located[]>} */
export async function filesOf(top) {
  /** @type {Located[]} */
  const files = [];
  /** @type {[string, Folder][]} */
  const folders = [[top.name, /** @type {Folder} */ (top)]];
  for (const [path, folder] of folders) {
    for await (const entry of folder.values()) {
      const inside = `${path}/${entry.name}`;
      if (entry.kind === "directory") folders.push([inside, /** @type {Folder} */ (entry)]);
      else {
        const file = await entry.getFile().catch(() => null);
        if (file && looksLikePicture(file)) files.push({ path: inside, file });
      }
    }
  }
  return files;
}

/** Asks for a folder, where the browser has such a question. @returns {Promise<FileSystemDirectoryHandle | null | undefined>}
 *   null: nothing was chosen; undefined: the browser has no such question */
export async function pickFolder() {
  const { showDirectoryPicker } = /** @type {{ showDirectoryPicker?: (options: object) => Promise<FileSystemDirectoryHandle> }} */ (/** @type {unknown} */ (window));
  if (!showDirectoryPicker) return undefined;
  try {
    return await showDirectoryPicker.call(window, { id: "semblance-library", mode: "read" });
  } catch (error) {
    if (/** @type {Error} */ (error).name === "AbortError") return null;
    return undefined;
  }
}
