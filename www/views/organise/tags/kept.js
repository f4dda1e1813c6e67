/** What a person said of tags, by library: it holds in later visits. */

import { Keeping } from "../../../shell/keeping.js";

/** @typedef {import("../../../../semblance.js").TagCorrection} TagCorrection */

const keeping = new Keeping("semblance-tags-v1", "corrections");

/** @param {string} library @param {TagCorrection[]} corrections */
export const keepCorrections = (library, corrections) => keeping.request("readwrite", (store) => store.put(corrections, library));

/** @param {string} library @returns {Promise<TagCorrection[]>} */
export const keptCorrections = async (library) => (library && (await keeping.request("readonly", (store) => store.get(library)))) || [];
