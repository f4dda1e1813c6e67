/** What a person said is usual for a model, by its hash: kept in this browser. */

import { Keeping } from "../../../shell/keeping.js";

/** @typedef {import("../../../../semblance.js").Usual} Usual */

export class KeptUsual {
  #keeping = new Keeping("semblance-usual-v1", "usual");

  /** @param {string} model @returns {Promise<Usual | null>} */
  async of(model) {
    return (await this.#keeping.request("readonly", (store) => store.get(model))) ?? null;
  }

  /** @param {string} model @param {Usual} usual */
  async keep(model, usual) {
    await this.#keeping.request("readwrite", (store) => store.put(usual, model));
  }
}
