/** Descriptions of many pictures, and their files. Property: `content`. Its buttons' events are the view's. */

import { clone, part, setText } from "../../../shell/dom.js";
import { say, text } from "../words.js";

/** @typedef {{ path: string, text: string }} Row */
/** @typedef {{ onPage: number, libraries: string[], rows: Row[] | null, failed: number, ready: boolean }} Content */
/** What is to be described: the page's pictures, or those of a library, perhaps only the best for some words. @typedef {{ library: string | null, words: string, most: number }} Wanted */

const shown = 50;

export class BatchPanel extends HTMLElement {
  /** @type {Row[] | null} */
  #shown = null;
  #choices = "";
  #wired = false;

  connectedCallback() {
    if (this.#wired) return;
    this.#wired = true;
    part(this, "#batch-of", HTMLSelectElement).addEventListener("change", () => this.#narrow());
  }

  /** @returns {Wanted} */
  get wanted() {
    const most = Math.floor(Number(part(this, "#batch-most", HTMLInputElement).value));
    return { library: part(this, "#batch-of", HTMLSelectElement).value || null, words: part(this, "#batch-words", HTMLInputElement).value.trim(), most: most >= 1 ? most : 1 };
  }

  /** @param {Partial<Wanted>} wanted */
  want({ library, words, most }) {
    const of = part(this, "#batch-of", HTMLSelectElement);
    if (library && Array.from(of.options, ({ value }) => value).includes(library)) of.value = library;
    if (words !== undefined) part(this, "#batch-words", HTMLInputElement).value = words;
    if (most !== undefined) part(this, "#batch-most", HTMLInputElement).value = String(most);
    this.#narrow();
  }

  /** What stands before and after each description in a file. */
  get around() {
    return { prefix: part(this, "#batch-prefix", HTMLInputElement).value, suffix: part(this, "#batch-suffix", HTMLInputElement).value };
  }

  #narrow() {
    const hidden = part(this, "#batch-of", HTMLSelectElement).value === "";
    for (const label of this.querySelectorAll(".narrow")) /** @type {HTMLElement} */ (label).hidden = hidden;
  }

  /** @param {Content} content */
  set content({ onPage, libraries, rows, failed, ready }) {
    this.hidden = onPage === 0 && libraries.length === 0;
    const choices = JSON.stringify([onPage > 0 ? onPage : 0, libraries]);
    if (choices !== this.#choices) {
      this.#choices = choices;
      const of = part(this, "#batch-of", HTMLSelectElement);
      const before = of.value;
      const page = onPage > 0 ? [new Option(say.onPage(onPage), "")] : [];
      of.replaceChildren(...page, ...libraries.map((name) => new Option(say.library(name), name)));
      if (libraries.includes(before)) of.value = before;
      this.#narrow();
    }
    part(this, '[data-event="batch-describe"]', HTMLButtonElement).disabled = !ready;
    part(this, ".done", HTMLElement).hidden = !rows;
    if (!rows || rows === this.#shown) return;
    this.#shown = rows;
    setText(part(this, ".headline", HTMLElement), say.batchDone(rows.length, failed));
    setText(part(this, ".rest", HTMLElement), rows.length > shown ? say.andMore(rows.length - shown) : "");
    part(this, ".done > ul", HTMLElement).replaceChildren(
      ...rows.slice(0, shown).map(({ path, text: described }) => {
        const item = clone("t-described", HTMLLIElement);
        setText(part(item, ".name", HTMLElement), path);
        setText(part(item, ".word", HTMLElement), described || text["batch.nothing"]);
        return item;
      }),
    );
  }
}

customElements.define("batch-panel", BatchPanel);
