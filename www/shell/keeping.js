/**
 * Small things that are kept between visits, in IndexedDB. They are a convenience: where the storage fails, it is as if
 * nothing had been kept.
 */

export class Keeping {
  #database;
  #store;
  /** @type {Promise<IDBDatabase> | null} */
  #opened = null;

  /** @param {string} database With the one store in it. @param {string} store */
  constructor(database, store) {
    this.#database = database;
    this.#store = store;
  }

  /**
   * @template T
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore) => IDBRequest<T>} ask
   * @returns {Promise<T | null>} null where it fails
   */
  async request(mode, ask) {
    try {
      const asked = ask((await this.#open()).transaction(this.#store, mode).objectStore(this.#store));
      return await new Promise((resolve, reject) => {
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
    } catch {
      this.#opened = null;
      return null;
    }
  }

  #open() {
    this.#opened ??= new Promise((/** @type {(database: IDBDatabase) => void} */ resolve, reject) => {
      const asked = indexedDB.open(this.#database, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(this.#store);
      asked.onerror = () => reject(asked.error);
      asked.onsuccess = () => resolve(asked.result);
    });
    return this.#opened;
  }
}
