/** The person's rules, with what was marked: they hold in later visits, and for every library. */

import { Keeping } from "../../../shell/keeping.js";

const keeping = new Keeping("semblance-rules-v1", "rules");

/** @param {import("./rules.js").KeptRule[]} rules */
export const keepRules = (rules) => keeping.request("readwrite", (store) => store.put(rules, "all"));

/** @returns {Promise<import("./rules.js").KeptRule[]>} */
export const keptRules = async () => (await keeping.request("readonly", (store) => store.get("all"))) ?? [];
