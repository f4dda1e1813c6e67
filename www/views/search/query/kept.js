/** The words of the last queries, kept between visits. */

import { Keeping } from "../../../shell/keeping.js";

/** @typedef {import("../state.js").Recent} Recent */

const keeping = new Keeping("semblance-queries-v1", "recent");
const key = "queries";

/** @returns {Promise<Recent[]>} */
export const keptQueries = async () => (await keeping.request("readonly", (store) => store.get(key))) ?? [];

/** @param {Recent[]} recent */
export const keepQueries = (recent) => keeping.request("readwrite", (store) => store.put(recent, key));
