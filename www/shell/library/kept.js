/** What is kept of a library besides itself: handles of the folders that were added, which can be kept nowhere else. */

import { Keeping } from "../keeping.js";

/** A folder that was added, which the browser opens again if the person says so. @typedef {{ library: string, name: string, handle: FileSystemDirectoryHandle }} KeptFolder */

const keeping = new Keeping("semblance-folders-v1", "folders");

/** @param {KeptFolder} folder */
export const keepFolder = (folder) => keeping.request("readwrite", (store) => store.put(folder, [folder.library, folder.name]));

/** @param {string} library @returns {Promise<KeptFolder[]>} */
export const keptFolders = async (library) => (await keeping.request("readonly", (store) => store.getAll(ofLibrary(library)))) ?? [];

/** @param {string} library */
export const forgetFolders = (library) => keeping.request("readwrite", (store) => store.delete(ofLibrary(library)));

/** @param {string} library */
const ofLibrary = (library) => IDBKeyRange.bound([library], [library, []]);
