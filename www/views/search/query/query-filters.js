/** Which pictures are looked at. Properties: `where` (SearchFilter), `folders`. Event: `filter-change` ({ where }). */

import { emit, part, setText } from "../../../shell/dom.js";
import { say, text } from "../words.js";

/** @typedef {import("../state.js").SearchFilter} SearchFilter */

const day = 24 * 60 * 60 * 1000;
const megabyte = 1e6;

export class QueryFilters extends HTMLElement {
  #folder = part(this, "#filter-folder", HTMLSelectElement);
  #from = part(this, "#filter-from", HTMLInputElement);
  #until = part(this, "#filter-until", HTMLInputElement);
  #shape = part(this, "#filter-shape", HTMLSelectElement);
  #pixels = part(this, "#filter-pixels", HTMLSelectElement);
  #size = part(this, "#filter-size", HTMLSelectElement);
  /** @type {string[]} */
  #folders = [];

  connectedCallback() {
    this.addEventListener("change", () => emit(this, "filter-change", { where: this.#read() }));
    part(this, "#filter-clear", HTMLButtonElement).addEventListener("click", () => {
      emit(this, "filter-change", { where: {} });
      part(this, "summary", HTMLElement).focus();
    });
  }

  /** @param {string[]} folders */
  set folders(folders) {
    if (folders === this.#folders) return;
    this.#folders = folders;
    const [any] = this.#folder.options;
    const chosen = this.#folder.value;
    this.#folder.replaceChildren(any, ...folders.map((name) => new Option(name, name)));
    this.#folder.value = folders.includes(chosen) ? chosen : "";
  }

  /** @param {SearchFilter} where */
  set where(where) {
    const { folder = "", from, until, shape = "", pixels = 0, smallest = 0 } = where;
    const asked = Object.values(where).filter((value) => value !== undefined).length;
    setText(part(this, ".brief", HTMLElement), asked ? say.filters(asked) : text["filter.none"]);
    part(this, "#filter-clear", HTMLButtonElement).hidden = asked === 0;
    if (this.contains(document.activeElement) && asked) return; // what is being typed stays
    this.#folder.value = folder;
    this.#from.value = dateOf(from);
    this.#until.value = until === undefined ? "" : dateOf(Number(until) - day);
    this.#shape.value = shape;
    this.#pixels.value = String(pixels);
    this.#size.value = String(smallest / megabyte);
  }

  /** @returns {SearchFilter} */
  #read() {
    /** @type {SearchFilter} */
    const where = {};
    if (this.#folder.value) where.folder = this.#folder.value;
    // Days as the person has them; the camera's clock is taken for the same.
    if (this.#from.value) where.from = this.#from.valueAsNumber;
    if (this.#until.value) where.until = this.#until.valueAsNumber + day;
    if (this.#shape.value) where.shape = /** @type {NonNullable<SearchFilter["shape"]>} */ (this.#shape.value);
    if (Number(this.#pixels.value)) where.pixels = Number(this.#pixels.value);
    if (Number(this.#size.value)) where.smallest = Number(this.#size.value) * megabyte;
    return where;
  }
}

/** @param {Date | number | undefined} from */
const dateOf = (from) => (from === undefined ? "" : new Date(from).toISOString().slice(0, 10));

customElements.define("query-filters", QueryFilters);
