/** The phrases that descriptions are made of: the library's, a person's own beside or instead, none that was forbidden. */

import { Keeping } from "../../shell/keeping.js";

/** @typedef {import("../../../semblance.js").Phrase} Phrase */
/** @typedef {import("../../../semblance.js").Semblance} Clip */
/** @typedef {{ own: string, instead: boolean, forbidden: string[] }} Kept */

const keeping = new Keeping("semblance-describe-v1", "banks");
const key = "banks";
/** @type {Kept} */
const none = { own: "", instead: false, forbidden: [] };

export class Banks {
  #kept = none;
  /** Of the model that was asked last. @type {{ clip: Clip, phrases: Promise<Phrase[]> } | null} */
  #known = null;

  /** What was kept on an earlier visit. */
  async restore() {
    const kept = await keeping.request("readonly", (store) => store.get(key));
    const { own, instead, forbidden } = kept ?? {};
    if (typeof own === "string" && Array.isArray(forbidden)) this.#kept = { own, instead: Boolean(instead), forbidden: forbidden.filter((one) => typeof one === "string") };
  }

  get kept() {
    return this.#kept;
  }

  /** @param {Partial<Kept>} change */
  change(change) {
    this.#kept = { ...this.#kept, ...change };
    keeping.request("readwrite", (store) => store.put(this.#kept, key));
  }

  /** @param {typeof import("../../../semblance.js").Semblance} library @param {Clip} clip */
  async of(library, clip) {
    if (this.#known?.clip !== clip) this.#known = { clip, phrases: library.phrases(clip) };
    const own = this.#kept.own.split("\n").map((line) => line.trim()).filter(Boolean);
    const phrases = /** @type {Phrase[]} */ (own.map((phrase) => ({ phrase, bank: "own" })));
    if (this.#kept.instead && phrases.length > 0) return phrases;
    return [...phrases, ...(await this.#known.phrases)];
  }
}
