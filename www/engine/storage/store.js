/**
 * The browser's storage, checked: everything in it ends with its own SHA-256, and what doesn't match any more is as
 * good as not there. Several tabs use it at once; whoever changes something takes its lock (`alone`).
 */
import { openDisk } from "./disk.js";
import { failure, messageOf } from "../errors.js";
import { fromHex, sha256 } from "./hash.js";
import { hashed } from "./hashing.js";

/** @typedef {import("./disk.js").Disk} Disk */
/** `parts`: of pieces that aren't whole. `models`: complete ones. `unfinished`: those on their way. `used`: when each was last loaded. `lists`: what the site offers. */
/** @typedef {"pieces" | "parts" | "models" | "unfinished" | "used" | "lists"} Folder */
/** @typedef {{ bytes: Uint8Array<ArrayBuffer>, sha256: string }} Kept */

/** A SHA-256's. */
const TRAILER = 32;

/** One for all who ask. @type {Promise<Store | null> | null} */
let opened = null;

/** @returns {Promise<Store | null>} null where the browser gives this page no storage */
export function openStore() {
  opened ??= openDisk().then((disk) => disk && new Store(disk));
  return opened;
}

export class Store {
  #disk;

  /** @param {Disk} disk */
  constructor(disk) {
    this.#disk = disk;
  }

  get kind() {
    return this.#disk.kind;
  }

  /**
   * @param {Folder} folder
   * @param {string} name
   * @returns {Promise<Kept | null>} null where it isn't there or is damaged
   */
  async read(folder, name) {
    try {
      const all = await this.#disk.read(folder, name);
      if (!all || all.length < TRAILER) return null;
      const noted = all.slice(-TRAILER);
      const found = await hashed(all.subarray(0, all.length - TRAILER));
      return fromHex(found.sha256).every((byte, i) => byte === noted[i]) ? found : null;
    } catch {
      // Unreadable on disk: the same as wrong.
      return null;
    }
  }

  /** @param {Folder} folder @param {string} name */
  async readText(folder, name) {
    const kept = await this.read(folder, name);
    return kept && new TextDecoder().decode(kept.bytes);
  }

  /**
   * @param {Folder} folder
   * @param {string} name
   * @param {Uint8Array<ArrayBuffer>} bytes
   * @param {string} [hash] their SHA-256, where it is known
   */
  async write(folder, name, bytes, hash) {
    const trailer = fromHex(hash ?? (await sha256(bytes)));
    try {
      await this.#disk.write(folder, name, [bytes, trailer]);
    } catch (thrown) {
      const full = thrown instanceof DOMException && thrown.name === "QuotaExceededError";
      const why = full ? "its storage for this site is full" : messageOf(thrown).replace(/\.$/, "");
      throw failure("StorageError", `The browser could not keep the model: ${why}.`, thrown);
    }
  }

  /** @param {Folder} folder @param {string} name @param {string} text */
  writeText(folder, name, text) {
    return this.write(folder, name, new TextEncoder().encode(text));
  }

  /** @param {Folder} folder @param {string} name */
  async remove(folder, name) {
    await this.#disk.remove(folder, name);
  }

  /**
   * What is there, unchecked.
   *
   * @param {Folder} folder
   * @returns {Promise<Map<string, number>>} names and their bytes
   */
  async list(folder) {
    const sizes = await this.#disk.list(folder);
    return new Map(Array.from(sizes, ([name, size]) => [name, size - TRAILER]));
  }

  /** The bytes where they lie, unread and unchecked. @param {Folder} folder @param {string} name */
  async blob(folder, name) {
    const blob = await this.#disk.blob(folder, name);
    return blob && blob.size >= TRAILER ? blob.slice(0, blob.size - TRAILER) : null;
  }
}

/**
 * Do this while nobody else does, in any tab.
 *
 * @template T
 * @param {string} what
 * @param {AbortSignal} signal
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export function alone(what, signal, work) {
  signal.throwIfAborted();
  // Where there are no locks, there is no storage either.
  if (!navigator.locks) return work();
  return navigator.locks.request(`semblance/${what}`, { signal }, work);
}
