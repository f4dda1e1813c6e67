/**
 * Texts' vectors in the browser's own storage (IndexedDB), by model, compute type and text, so that words cost their
 * work once and not once a visit. Everything here may fail, as storage does; then it is as if nothing were kept.
 */

/** @typedef {{ vector: Float32Array, cut: boolean }} TextVector */
/** @typedef {TextVector & { at: number }} Entry `at`: when it was kept, in milliseconds since the epoch */

const DATABASE = "semblance-texts-v1";
const STORE = "vectors";
const BY_AGE = "at";
/** 40 MB, at 512 numbers each. Beyond, the oldest go, a tenth at a time. */
const MOST = 20_000;
const KEPT = 0.9 * MOST;

/** @type {Promise<IDBDatabase | null> | null} */
let opened = null;
/** Somebody reads. Where storage has hung up on them, nobody else waits for it. */
let reading = false;

/** Opened once, and again when the browser has closed it (someone emptied the storage). */
export function openVectors() {
  opened ??= open().catch(() => null);
  return opened;
}

/** @returns {Promise<IDBDatabase | null>} */
async function open() {
  if (!globalThis.indexedDB) return null;
  const asked = indexedDB.open(DATABASE, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(STORE).createIndex(BY_AGE, BY_AGE);
  await answerOf(asked);
  const database = asked.result;
  database.onclose = () => (opened = null);
  database.onversionchange = () => database.close();
  return database;
}

/** @param {IDBRequest} request @returns {Promise<void>} */
function answerOf(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}

/**
 * One transaction over the vectors; nothing where there can't be one.
 *
 * @param {IDBTransactionMode} mode
 * @param {(vectors: IDBObjectStore) => void} ask makes its requests at once
 */
async function transact(mode, ask) {
  try {
    const transaction = (await openVectors())?.transaction(STORE, mode);
    if (!transaction) return;
    /** @type {Promise<void>} */
    const done = new Promise((resolve) => {
      transaction.oncomplete = transaction.onabort = () => resolve();
    });
    ask(transaction.objectStore(STORE));
    await done;
  } catch {
    // The browser has closed or emptied the storage meanwhile.
  }
}

/**
 * What is kept of these texts. Whatever isn't a vector of that many numbers is left out.
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
      const asked = vectors.get([...model, text]);
      asked.onsuccess = () => isEntry(asked.result, width) && found.set(text, asked.result);
    }
  });
  all.then(() => (reading = false));
  await Promise.race([all, new Promise((resolve) => setTimeout(resolve, within))]);
  // What comes later comes too late.
  return new Map(found);
}

/** @param {unknown} value @param {number} width @returns {value is Entry} */
function isEntry(value, width) {
  const { vector, cut } = /** @type {Record<string, unknown>} */ (value ?? {});
  return vector instanceof Float32Array && vector.length === width && vector.every(Number.isFinite) && typeof cut === "boolean";
}

/**
 * @param {string[]} model hash and compute type
 * @param {Map<string, TextVector>} vectors
 */
export function keepVectors(model, vectors) {
  const at = Date.now();
  return transact("readwrite", (store) => {
    for (const [text, { vector, cut }] of vectors) store.put({ vector, cut, at }, [...model, text]);
    const counted = store.count();
    counted.onsuccess = () => counted.result > MOST && dropOldest(store, counted.result - KEPT);
  });
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
export function forgetVectors(hash) {
  return transact("readwrite", (vectors) => {
    // An array comes after every text, so this is all that begins with the hash.
    if (hash) vectors.delete(IDBKeyRange.bound([hash], [hash, []]));
    else vectors.clear();
  });
}
