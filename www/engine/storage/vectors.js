/**
 * Texts' vectors in the browser's own storage (IndexedDB), by model, compute type and text, so that words cost their
 * work once and not once a visit. Reading and keeping may fail, as storage does; then it is as if nothing were kept.
 */
import { failure, messageOf } from "../errors.js";

/** @typedef {{ vector: Float32Array, cut: boolean }} TextVector */
/** @typedef {TextVector & { at: number }} Entry `at`: when it was kept, in milliseconds since the epoch */

const DATABASE = "semblance-texts-v1";
const STORE = "vectors";
const BY_AGE = "at";
/** 40 MB, at 512 numbers each. Beyond, the oldest go, a tenth at a time. */
const MOST = 20_000;
const KEPT = 0.9 * MOST;

/** Part of every key: to be raised when the numbers that int8 or f32 gives change. */
const NUMBERS = "n1";
/** An open that has not answered by then is blocked, or the storage hangs. */
const OPEN_MS = 5000;

/** @type {Promise<IDBDatabase | null> | null} */
let opened = null;
/** Somebody reads. Where storage has hung up on them, nobody else waits for it. */
let reading = false;
/** How often vectors were forgotten. What was computed before then isn't kept any more. */
let forgotten = 0;

/** So that the first texts find the storage open. */
export function openVectors() {
  database().catch(() => {});
}

/** Opened once, and again when that failed or the browser has closed it (someone emptied the storage). */
function database() {
  opened ??= open().catch((thrown) => {
    opened = null;
    throw thrown;
  });
  return opened;
}

/** @returns {Promise<IDBDatabase | null>} null: there is no such storage here */
async function open() {
  if (!globalThis.indexedDB) return null;
  const asked = indexedDB.open(DATABASE, 1);
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      asked.onsuccess = () => asked.result.close();
      reject(new Error("it does not answer"));
    }, OPEN_MS);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE).createIndex(BY_AGE, BY_AGE);
    asked.onerror = () => {
      clearTimeout(late);
      reject(asked.error);
    };
    asked.onsuccess = () => {
      clearTimeout(late);
      const database = asked.result;
      database.onclose = () => (opened = null);
      database.onversionchange = () => {
        database.close();
        opened = null;
      };
      resolve(database);
    };
  });
}

/**
 * One transaction over the vectors; nothing where there is no storage.
 *
 * @param {IDBTransactionMode} mode
 * @param {(vectors: IDBObjectStore) => void} ask makes its requests at once
 */
async function transact(mode, ask) {
  const transaction = (await database())?.transaction(STORE, mode);
  if (!transaction) return;
  /** @type {Promise<void>} */
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("it was closed"));
  });
  ask(transaction.objectStore(STORE));
  await done;
}

/**
 * What is kept of these texts. Whatever isn't a unit vector of that many numbers is left out.
 *
 * @param {string[]} model hash and compute type
 * @param {string[]} texts
 * @param {number} width
 * @param {number} within milliseconds; whoever waited so long has better things to do
 * @returns {Promise<Map<string, TextVector>>}
 */
export async function readVectors(model, texts, width, within) {
  /** @type {Map<string, TextVector>} */
  const found = new Map();
  if (reading) return found;
  reading = true;
  const all = transact("readonly", (vectors) => {
    for (const text of texts) {
      const asked = vectors.get([...model, NUMBERS, text]);
      asked.onsuccess = () => isEntry(asked.result, width) && found.set(text, asked.result);
    }
  });
  const over = all.catch(() => {}).then(() => void (reading = false));
  await Promise.race([over, new Promise((resolve) => setTimeout(resolve, within))]);
  // What comes later comes too late.
  return new Map(found);
}

/** @param {unknown} value @param {number} width @returns {value is Entry} */
function isEntry(value, width) {
  const { vector, cut } = /** @type {Record<string, unknown>} */ (value ?? {});
  if (!(vector instanceof Float32Array) || vector.length !== width || typeof cut !== "boolean") return false;
  const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  return Math.abs(length - 1) < 1e-3;
}

/** What `keepVectors` is to be told of vectors that are computed from now on. */
export function beforeComputing() {
  return forgotten;
}

/**
 * Keep vectors, unless they were forgotten since their computing began.
 *
 * @param {string[]} model hash and compute type
 * @param {Map<string, TextVector>} vectors
 * @param {number} begun what `beforeComputing` said
 */
export async function keepVectors(model, vectors, begun) {
  const at = Date.now();
  try {
    await transact("readwrite", (store) => {
      if (begun !== forgotten) return;
      for (const [text, { vector, cut }] of vectors) store.put({ vector, cut, at }, [...model, NUMBERS, text]);
      const counted = store.count();
      counted.onsuccess = () => counted.result > MOST && dropOldest(store, counted.result - KEPT);
    });
  } catch {
    // They will be computed again.
  }
}

/** @param {IDBObjectStore} store @param {number} count */
function dropOldest(store, count) {
  let left = count;
  const walk = store.index(BY_AGE).openKeyCursor();
  walk.onsuccess = () => {
    const cursor = walk.result;
    if (!cursor || left <= 0) return;
    left -= 1;
    store.delete(cursor.primaryKey);
    cursor.continue();
  };
}

/** @param {string} [hash] of the only model whose vectors are to go */
export async function forgetVectors(hash) {
  forgotten += 1;
  try {
    await transact("readwrite", (vectors) => {
      // An array comes after every text, so this is all that begins with the hash.
      if (hash) vectors.delete(IDBKeyRange.bound([hash], [hash, []]));
      else vectors.clear();
    });
  } catch (thrown) {
    const why = `The browser's storage did not let the kept texts be removed (${messageOf(thrown)}).`;
    throw failure("StorageError", `${why} Try again, or remove this site's data in the browser's settings.`, thrown);
  }
}
