/**
 * Where this browser keeps files for this site: the origin private file system, or the Cache API where a worker may not
 * write to that. It only keeps; store.js checks what comes out. The keys are a folder and a name.
 */
import { borrow } from "./buffers.js";
import { Turns } from "../running/steps.js";
import { addressOf } from "../../site.js";

/**
 * @typedef {object} Disk
 * @property {"opfs" | "cache"} kind
 * @property {(folder: string, name: string) => Promise<Blob | null>} blob nothing is in memory yet
 * @property {(folder: string, name: string) => Promise<Uint8Array<ArrayBuffer> | null>} read into borrowed memory
 * @property {(folder: string, name: string, parts: Uint8Array<ArrayBuffer>[]) => Promise<void>} write
 * @property {(folder: string, name: string) => Promise<void>} remove
 * @property {(folder: string) => Promise<Map<string, number>>} list names and their sizes in bytes
 */

/** Of this layout; another one has another name. */
const ROOT = "semblance-models-v2";
/** What earlier versions kept; its models are downloaded anew. */
const FORMER = "semblance-models-v1";

/** @typedef {{ read(bytes: Uint8Array, options: { at: number }): number, write(bytes: Uint8Array, options: { at: number }): number, getSize(): number, truncate(size: number): void, flush(): void, close(): void }} SyncAccess `lib.dom` has it for workers only */
/** @typedef {FileSystemFileHandle & { createSyncAccessHandle?(options?: { mode: "read-only" | "readwrite" }): Promise<SyncAccess> }} FileHandle */
/** @typedef {FileSystemDirectoryHandle & { values(): AsyncIterable<FileHandle | FileSystemDirectoryHandle> }} Directory */

/** A file that has not been opened by then never will be; another try mostly is. */
const OPEN_MS = 2500;
const TRIES = 4;
/** One that is in other hands is asked for again after so long. */
const TAKEN_MS = 50;
const turns = new Turns();

/**
 * A file to be written to. One at a time: of several that are opened together Chromium 156 now and then never opens one,
 * and whoever waited for that would wait for ever.
 *
 * @param {FileSystemDirectoryHandle} directory
 * @param {string} name made where it is missing
 * @returns {Promise<SyncAccess>}
 */
export function openAccess(directory, name) {
  return turns.take(async () => {
    for (let tries = TRIES; tries > 0; tries--) {
      try {
        const access = await inTime(directory.getFileHandle(name, { create: true }), "readwrite");
        if (access) return access;
      } catch (thrown) {
        // Another tab may be reading it, or an earlier try have it open after all, until it hears that it came too late.
        if (tries === 1 || !(thrown instanceof DOMException && thrown.name === "NoModificationAllowedError")) throw thrown;
        await new Promise((resolve) => setTimeout(resolve, TAKEN_MS));
      }
    }
    throw new Error("its storage does not answer");
  });
}

/**
 * @param {Promise<FileSystemFileHandle>} handle
 * @param {"read-only" | "readwrite"} mode browsers that don't know the first take it for the second
 * @returns {Promise<SyncAccess | null>} null where the browser does not answer
 */
async function inTime(handle, mode) {
  const opening = handle.then((handle) => /** @type {Required<FileHandle>} */ (handle).createSyncAccessHandle({ mode }));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => {
      // Should it come all the same, it would keep others from this file.
      opening.then((access) => access.close(), () => {});
      resolve(null);
    }, OPEN_MS);
  });
  try {
    return /** @type {SyncAccess | null} */ (await Promise.race([opening, late]));
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Blob | null} blob */
async function bytesOf(blob) {
  return blob && new Uint8Array(await blob.arrayBuffer());
}

/** @returns {Promise<Disk | null>} null where the browser gives this page no storage (plain http, private windows) */
export async function openDisk() {
  const disk = (await openFiles().catch(() => null)) ?? (await openCache().catch(() => null));
  await globalThis.caches?.delete(FORMER).catch(() => false);
  return disk;
}

/** @returns {Promise<Disk | null>} */
async function openFiles() {
  const { createSyncAccessHandle } = /** @type {{ createSyncAccessHandle?: unknown }} */ (globalThis.FileSystemFileHandle?.prototype ?? {});
  if (!createSyncAccessHandle || !navigator.storage?.getDirectory) return null;
  /** Anew each time: someone may empty the storage while the page is open. @param {string} folder */
  const open = async (folder) => {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(ROOT, { create: true });
    return /** @type {Promise<Directory>} */ (root.getDirectoryHandle(folder, { create: true }));
  };
  /**
   * Read so, a file comes five times as fast as through a blob. Another tab may have it open, and then it is the blob.
   *
   * @param {string} folder @param {string} name
   */
  const openToRead = async (folder, name) => {
    try {
      const directory = await open(folder);
      return await turns.take(() => inTime(directory.getFileHandle(name), "read-only"));
    } catch {
      return null;
    }
  };
  /** @param {string} folder @param {string} name */
  const blob = async (folder, name) => {
    try {
      return await (await (await open(folder)).getFileHandle(name)).getFile();
    } catch {
      // Not there, or unreadable, which is the same: it is brought anew.
      return null;
    }
  };
  await open("pieces");
  return {
    kind: "opfs",
    blob,
    async read(folder, name) {
      const access = await openToRead(folder, name);
      if (!access) return bytesOf(await blob(folder, name));
      try {
        const bytes = borrow(access.getSize());
        return access.read(bytes, { at: 0 }) === bytes.length ? bytes : null;
      } finally {
        access.close();
      }
    },
    async write(folder, name, parts) {
      const directory = await open(folder);
      const access = await openAccess(directory, name);
      try {
        access.truncate(0);
        let at = 0;
        for (const part of parts) {
          if (access.write(part, { at }) !== part.length) throw new DOMException("The disk is full", "QuotaExceededError");
          at += part.length;
        }
        // Not flushed: what a power cut loses has not its hash any more, and is brought anew.
        access.close();
      } catch (thrown) {
        access.close();
        await directory.removeEntry(name).catch(() => {});
        throw thrown;
      }
    },
    async remove(folder, name) {
      await (await open(folder)).removeEntry(name).catch(() => {});
    },
    async list(folder) {
      /** @type {Promise<[string, number]>[]} */
      const sizes = [];
      for await (const handle of (await open(folder)).values()) {
        if (handle.kind === "file") sizes.push(handle.getFile().then(({ size }) => [handle.name, size], () => [handle.name, 0]));
      }
      return new Map(await Promise.all(sizes));
    },
  };
}

/** The size, which the browser would else have to read the body for. */
const SIZE = "X-Size";

/** @returns {Promise<Disk | null>} */
async function openCache() {
  if (!globalThis.caches) return null;
  const cache = await caches.open(ROOT);
  /** Keys are requests; nothing is ever asked of this address. @param {string} path */
  const keyAt = (path) => addressOf(`.stored/${path}`);
  /** @param {string} folder @param {string} name */
  const keyOf = (folder, name) => keyAt(`${folder}/${encodeURIComponent(name)}`);
  /** @param {string} folder @param {string} name */
  const blob = async (folder, name) => {
    const response = await cache.match(keyOf(folder, name)).catch(() => null);
    return response ? response.blob().catch(() => null) : null;
  };
  return {
    kind: "cache",
    blob,
    read: async (folder, name) => bytesOf(await blob(folder, name)),
    async write(folder, name, parts) {
      const body = new Blob(parts);
      await cache.put(keyOf(folder, name), new Response(body, { headers: { [SIZE]: String(body.size) } }));
    },
    async remove(folder, name) {
      await cache.delete(keyOf(folder, name)).catch(() => false);
    },
    async list(folder) {
      const start = keyAt(`${folder}/`);
      const keys = (await cache.keys()).filter(({ url }) => url.startsWith(start));
      const sizes = keys.map(async (key) => {
        const response = await cache.match(key);
        return /** @type {[string, number]} */ ([decodeURIComponent(key.url.slice(start.length)), Number(response?.headers.get(SIZE) ?? 0)]);
      });
      return new Map(await Promise.all(sizes));
    },
  };
}
