/**
 * Where indexes are kept: each has a folder in the origin private file system, with a file of records and one of small
 * pictures. Only one tab writes to an index, as long as it holds the index's lock. Where there is no such storage,
 * the same files are in memory, and gone with the page.
 */
import { openAccess } from "../storage/disk.js";

/**
 * A file that is read and appended to.
 *
 * @typedef {object} Access
 * @property {() => number} size
 * @property {(at: number, length: number) => Uint8Array<ArrayBuffer>} read shorter where the file ends
 * @property {(bytes: Uint8Array, at: number) => void} write all of it, or it throws a `QuotaExceededError`
 * @property {(size: number) => void} truncate
 * @property {() => void} flush
 * @property {() => void} close
 */
/** Both files of an index. @typedef {{ records: Access, thumbnails: Access }} Files */
/**
 * @typedef {object} Folder
 * @property {"opfs" | "memory"} kind
 * @property {() => Promise<number[]>} generations that were written whole, newest first
 * @property {(generation: number) => Promise<Files>} open made where they are missing
 * @property {(generation: number) => Promise<void>} finish from now on this one counts, and earlier ones are removed
 * @property {(generation: number) => Promise<void>} remove
 */

/** @typedef {import("../storage/disk.js").SyncAccess} SyncAccess */
/** @typedef {FileSystemDirectoryHandle & { keys(): AsyncIterable<string> }} Directory */

/** Of this layout; another one has another name. */
const ROOT = "semblance-indexes-v1";

/** Beside the files of a generation that was written whole. */
const DONE = "done";

/** @param {string} name of an index @returns {Promise<Folder>} */
export async function openFolder(name) {
  const folder = await directory(name).catch(() => null);
  return folder ? onDisk(folder) : inMemory();
}

/** Whether an index is kept in files here, or would be. */
function hasDisk() {
  return "createSyncAccessHandle" in (globalThis.FileSystemFileHandle?.prototype ?? {}) && !!navigator.storage?.getDirectory;
}

/** @returns {Promise<string[]>} the names of the indexes that are kept */
export async function listFolders() {
  if (!hasDisk()) return [];
  /** @type {string[]} */
  const names = [];
  for await (const key of (await root()).keys()) names.push(decodeURIComponent(key.slice(1)));
  return names.sort();
}

/** @param {string} name */
export async function removeFolder(name) {
  if (hasDisk()) await (await root()).removeEntry(keyOf(name), { recursive: true });
}

/**
 * Be the one who writes to an index, until `release` is called or the tab is gone.
 *
 * @param {string} name
 * @returns {Promise<{ release: () => void } | null>} null: another tab is
 */
export function hold(name) {
  if (!navigator.locks) return Promise.resolve({ release: () => {} });
  return new Promise((resolve, reject) => {
    const held = navigator.locks.request(`semblance-index:${name}`, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(null);
      return new Promise((release) => resolve({ release: () => release(undefined) }));
    });
    held.catch(reject);
  });
}

/** Names may have anything in them. @param {string} name */
const keyOf = (name) => `_${encodeURIComponent(name)}`;

async function root() {
  const top = await navigator.storage.getDirectory();
  return /** @type {Promise<Directory>} */ (top.getDirectoryHandle(ROOT, { create: true }));
}

/** @param {string} name */
async function directory(name) {
  if (!hasDisk()) return null;
  return /** @type {Promise<Directory>} */ ((await root()).getDirectoryHandle(keyOf(name), { create: true }));
}

/** @param {Directory} folder @returns {Folder} */
function onDisk(folder) {
  /** @param {string} file */
  const access = async (file) => ofHandle(await openAccess(folder, file));
  /** Those that there is any file of. */
  const all = async () => {
    /** @type {Set<number>} */
    const found = new Set();
    for await (const key of folder.keys()) found.add(Number.parseInt(key, 10));
    return [...found].filter(Number.isSafeInteger);
  };
  /** @param {number} generation */
  const isDone = (generation) => folder.getFileHandle(`${generation}.${DONE}`).then(() => true, () => generation === 0);
  /** @param {number} generation */
  const remove = async (generation) => {
    // The mark goes first: without it the rest is nothing.
    for (const kind of [DONE, "records", "thumbnails"]) await folder.removeEntry(`${generation}.${kind}`).catch(() => {});
  };
  return {
    kind: "opfs",
    remove,
    async generations() {
      const there = await all();
      const done = await Promise.all(there.map(isDone));
      return there.filter((_, i) => done[i]).sort((a, b) => b - a);
    },
    async open(generation) {
      const records = await access(`${generation}.records`);
      try {
        return { records, thumbnails: await access(`${generation}.thumbnails`) };
      } catch (thrown) {
        records.close();
        throw thrown;
      }
    },
    async finish(generation) {
      await folder.getFileHandle(`${generation}.${DONE}`, { create: true });
      for (const other of await all()) if (other !== generation) await remove(other);
    },
  };
}

/** @param {SyncAccess} handle @returns {Access} */
function ofHandle(handle) {
  return {
    size: () => handle.getSize(),
    read(at, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, handle.getSize() - at)));
      let done = 0;
      while (done < bytes.length) {
        const read = handle.read(bytes.subarray(done), { at: at + done });
        if (read === 0) return bytes.slice(0, done);
        done += read;
      }
      return bytes;
    },
    write(bytes, at) {
      if (handle.write(bytes, { at }) !== bytes.length) throw new DOMException("The disk is full", "QuotaExceededError");
    },
    truncate: (size) => handle.truncate(size),
    flush: () => handle.flush(),
    close: () => handle.close(),
  };
}

/** @returns {Folder} */
function inMemory() {
  /** @type {Map<number, Files>} */
  const files = new Map([[0, { records: memoryFile(), thumbnails: memoryFile() }]]);
  return {
    kind: "memory",
    generations: async () => [...files.keys()].sort((a, b) => b - a),
    async open(generation) {
      const both = files.get(generation) ?? { records: memoryFile(), thumbnails: memoryFile() };
      files.set(generation, both);
      return both;
    },
    async finish(generation) {
      for (const other of [...files.keys()]) if (other !== generation) files.delete(other);
    },
    async remove(generation) {
      files.delete(generation);
    },
  };
}

/** @returns {Access} */
function memoryFile() {
  let bytes = new Uint8Array(0);
  let size = 0;
  return {
    size: () => size,
    read: (at, length) => bytes.slice(at, Math.min(size, at + length)),
    write(part, at) {
      const end = at + part.length;
      if (end > bytes.length) {
        const larger = new Uint8Array(Math.max(end, 2 * bytes.length, 2 ** 16));
        larger.set(bytes.subarray(0, size));
        bytes = larger;
      }
      bytes.set(part, at);
      size = Math.max(size, end);
    },
    truncate: (to) => void (size = Math.min(size, to)),
    flush() {},
    close() {},
  };
}
