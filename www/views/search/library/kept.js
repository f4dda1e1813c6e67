/**
 * What the view keeps between visits besides the libraries themselves, in IndexedDB: handles of folders that were added
 * (they can be kept nowhere else) and the words of the last queries. All of it is a convenience: where the storage
 * fails, it is as if nothing had been kept.
 */

/** @typedef {import("../state.js").Recent} Recent */
/** A folder that was added, which the browser opens again if the person says so. @typedef {{ library: string, name: string, handle: FileSystemDirectoryHandle }} KeptFolder */

const database = "semblance-search-v1";
const stores = /** @type {const} */ (["folders", "recent"]);
const recentKey = "queries";

/** @type {Promise<IDBDatabase> | null} */
let opened = null;

function open() {
  opened ??= new Promise((/** @type {(database: IDBDatabase) => void} */ resolve, reject) => {
    const asked = indexedDB.open(database, 1);
    asked.onupgradeneeded = () => stores.forEach((store) => asked.result.createObjectStore(store));
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => resolve(asked.result);
  });
  return opened;
}

/**
 * @template T
 * @param {(typeof stores)[number]} store
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} ask
 * @returns {Promise<T | null>} null where it fails
 */
async function request(store, mode, ask) {
  try {
    const asked = ask((await open()).transaction(store, mode).objectStore(store));
    return await new Promise((resolve, reject) => {
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  } catch {
    opened = null;
    return null;
  }
}

/** @param {KeptFolder} folder */
export const keepFolder = (folder) => request("folders", "readwrite", (store) => store.put(folder, [folder.library, folder.name]));

/** @param {string} library @returns {Promise<KeptFolder[]>} */
export const keptFolders = async (library) => (await request("folders", "readonly", (store) => store.getAll(ofLibrary(library)))) ?? [];

/** @param {string} library */
export const forgetFolders = (library) => request("folders", "readwrite", (store) => store.delete(ofLibrary(library)));

/** @param {string} library */
const ofLibrary = (library) => IDBKeyRange.bound([library], [library, []]);

/** @returns {Promise<Recent[]>} */
export const keptQueries = async () => (await request("recent", "readonly", (store) => store.get(recentKey))) ?? [];

/** @param {Recent[]} recent */
export const keepQueries = (recent) => request("recent", "readwrite", (store) => store.put(recent, recentKey));
