/** Descriptions of many pictures, and their files. Property: `content`. Its buttons' events are the view's. */

import { clone, part, setText } from "../../../shell/dom.js";
import { say, text } from "../words.js";

/** @typedef {{ path: string, text: string }} Row */
/** A library, and how many of its pictures are selected. @typedef {{ name: string, selected: number }} LibraryChoice */
/** @typedef {{ onPage: number, libraries: LibraryChoice[], rows: Row[] | null, failed: number, ready: boolean }} Content */
/** What is to be described: the page's pictures, or those of a library, perhaps only the selected ones or the best for some words. @typedef {{ library: string | null, selected: boolean, words: string, most: number }} Wanted */

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
    const [library = null, selected] = JSON.parse(part(this, "#batch-of", HTMLSelectElement).value || "[]");
    return { library, selected: Boolean(selected), words: part(this, "#batch-words", HTMLInputElement).value.trim(), most: most >= 1 ? most : 1 };
  }

  /** @param {Partial<Wanted>} wanted */
  want({ library, selected = false, words, most }) {
    const of = part(this, "#batch-of", HTMLSelectElement);
    const value = JSON.stringify([library, selected]);
    if (Array.from(of.options, (option) => option.value).includes(value)) of.value = value;
    if (words !== undefined) part(this, "#batch-words", HTMLInputElement).value = words;
    if (most !== undefined) part(this, "#batch-most", HTMLInputElement).value = String(most);
    this.#narrow();
  }

  /** What stands before and after each description in a file. */
  get around() {
    return { prefix: part(this, "#batch-prefix", HTMLInputElement).value, suffix: part(this, "#batch-suffix", HTMLInputElement).value };
  }

  #narrow() {
    const { library, selected } = this.wanted;
    const hidden = library === null || selected;
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
      const ofLibrary = (/** @type {LibraryChoice} */ { name, selected }) => [new Option(say.library(name), JSON.stringify([name, false])), ...(selected > 0 ? [new Option(say.selectedOf(name, selected), JSON.stringify([name, true]))] : [])];
      of.replaceChildren(...page, ...libraries.flatMap(ofLibrary));
      if (Array.from(of.options, ({ value }) => value).includes(before)) of.value = before;
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
