/**
 * What has come of a piece that isn't whole yet: kept while it comes slowly, and when it breaks off, so that a pause or a
 * closed tab costs little of what a slow line has brought. It counts for nothing until the piece is whole and checked.
 */

/** @typedef {import("../storage/store.js").Store} Store */

const EVERY_MS = 3000;
/** Less is fetched anew as fast. */
const LEAST_BYTES = 256 * 1024;

export class Part {
  #store;
  #key;
  /** Bytes that are kept by now. */
  #kept = 0;
  #savedAt = performance.now();
  /** @type {Promise<void>} */
  #saving = Promise.resolve();

  /** @param {Store | null} store @param {string} key the piece's */
  constructor(store, key) {
    this.#store = store;
    this.#key = key;
  }

  /** @returns {Promise<Uint8Array<ArrayBuffer> | null>} what an earlier try has left */
  async read() {
    const kept = await this.#store?.read("parts", this.#key);
    this.#kept = kept?.bytes.length ?? 0;
    return kept?.bytes ?? null;
  }

  /** @param {Uint8Array<ArrayBuffer>} bytes what is there now; called often */
  note(bytes) {
    if (performance.now() - this.#savedAt >= EVERY_MS) this.save(bytes);
  }

  /** @param {Uint8Array<ArrayBuffer>} bytes */
  save(bytes) {
    this.#savedAt = performance.now();
    if (bytes.length >= this.#kept + LEAST_BYTES) {
      this.#kept = bytes.length;
      // Where the storage is full, the piece itself will say so.
      this.#saving = this.#saving.then(() => this.#store?.write("parts", this.#key, bytes)).catch(() => {});
    }
    return this.#saving;
  }

  /** The piece is whole, or what there is of it is wrong. */
  async remove() {
    await this.#saving;
    if (this.#kept > 0) await this.#store?.remove("parts", this.#key);
    this.#kept = 0;
  }
}
