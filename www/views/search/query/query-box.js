/**
 * What is searched for: a field for words, and chips of the words and pictures that it is put together from.
 * Property: `query` (Query). Events: `query-change` ({ typed } or { parts }), `query-settled` (something was entered and
 * left), `query-pictures` ({ files }), `part-crop` ({ key }).
 */

import { clone, emit, part, setText } from "../../../shell/dom.js";
import { words } from "../state.js";
import { say, text } from "../words.js";

/** @typedef {import("../state.js").Part} Part */

let lastKey = 0;

/** @param {Omit<Part, "key" | "sign" | "weight"> & Partial<Part>} given @returns {Part} */
export const newPart = (given) => ({ sign: 1, weight: 1, ...given, key: ++lastKey });

export class QueryBox extends HTMLElement {
  #input = part(this, "#search-words", HTMLInputElement);
  #list = part(this, "ul", HTMLUListElement);
  #file = part(this, "#search-picture-input", HTMLInputElement);
  /** @type {Part[]} */
  #parts = [];

  connectedCallback() {
    this.#input.addEventListener("input", () => {
      if (/[,;\n]/.test(this.#input.value)) this.#commit();
      else emit(this, "query-change", { typed: this.#input.value });
    });
    this.#input.addEventListener("keydown", (event) => this.#onKey(event));
    this.#input.addEventListener("change", () => emit(this, "query-settled"));
    part(this, "#search-picture", HTMLButtonElement).addEventListener("click", () => this.#file.click());
    this.#file.addEventListener("change", () => {
      const files = Array.from(this.#file.files ?? []);
      this.#file.value = ""; // the same file again must count
      if (files.length) emit(this, "query-pictures", { files });
    });
    part(this, "#search-clear", HTMLButtonElement).addEventListener("click", () => {
      this.#input.value = "";
      emit(this, "query-change", { typed: "", parts: [] });
      this.#input.focus();
    });
    this.#list.addEventListener("click", (event) => this.#onClick(event));
    this.#list.addEventListener("change", (event) => {
      if (!(event.target instanceof HTMLSelectElement)) return;
      this.#replace(this.#keyOf(event.target), { weight: Number(event.target.value) });
    });
  }

  focus() {
    this.#input.focus();
  }

  /** @param {import("../state.js").Query} query */
  set query({ parts, typed }) {
    if (this.#input.value !== typed && document.activeElement !== this.#input) this.#input.value = typed;
    part(this, "#search-clear", HTMLButtonElement).hidden = parts.length === 0 && words(typed).sign === 0;
    if (parts === this.#parts) return;
    this.#parts = parts;
    const known = new Map(Array.from(this.#list.children, (item) => [Number(/** @type {HTMLElement} */ (item).dataset.key), item]));
    const items = parts.map((part) => {
      const item = /** @type {HTMLElement} */ (known.get(part.key) ?? clone("t-part", HTMLLIElement));
      fill(item, part);
      return item;
    });
    this.#list.replaceChildren(...items);
    this.#list.hidden = items.length === 0;
  }

  /** Words that are typed become a chip. */
  #commit() {
    const made = this.#input.value.split(/[,;\n]+/).map(words).filter(({ sign }) => sign !== 0);
    this.#input.value = "";
    const parts = made.map(({ text: name, sign }) => newPart({ name, sign: sign < 0 ? -1 : 1, image: null, preview: "" }));
    emit(this, "query-change", { typed: "", parts: [...this.#parts, ...parts] });
    emit(this, "query-settled");
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.isComposing) return;
    const empty = this.#input.value === "";
    if (event.key === "Enter" && !empty) this.#commit();
    else if (event.key === "Backspace" && empty && this.#parts.length > 0) this.#remove(this.#parts[this.#parts.length - 1].key);
    else return;
    event.preventDefault();
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    if (!(event.target instanceof Element)) return;
    const key = this.#keyOf(event.target);
    if (event.target.closest(".sign")) {
      const { sign } = this.#parts.find((one) => one.key === key) ?? { sign: 1 };
      this.#replace(key, { sign: sign > 0 ? -1 : 1 });
    } else if (event.target.closest(".drop")) {
      this.#remove(key);
      this.#input.focus();
    } else if (event.target.closest(".crop")) emit(this, "part-crop", { key });
  }

  /** @param {number} key @param {Partial<Part>} change */
  #replace(key, change) {
    emit(this, "query-change", { parts: this.#parts.map((one) => (one.key === key ? { ...one, ...change } : one)) });
  }

  /** @param {number} key */
  #remove(key) {
    emit(this, "query-change", { parts: this.#parts.filter((one) => one.key !== key) });
  }

  /** @param {Element} element */
  #keyOf(element) {
    return Number(/** @type {HTMLElement | null} */ (element.closest(".part"))?.dataset.key);
  }
}

/** @param {HTMLElement} item @param {Part} given */
function fill(item, { key, sign, weight, name, image, preview }) {
  item.dataset.key = String(key);
  item.classList.toggle("unwanted", sign < 0);
  const button = part(item, ".sign", HTMLButtonElement);
  setText(button, sign < 0 ? "−" : "+");
  button.setAttribute("aria-label", sign < 0 ? say.unwanted(name) : say.wanted(name));
  button.title = sign < 0 ? text["part.unwanted"] : text["part.wanted"];
  const crop = part(item, ".crop", HTMLButtonElement);
  crop.hidden = image === null;
  crop.setAttribute("aria-label", say.region(name));
  const photo = part(item, "img", HTMLImageElement);
  if (preview && photo.getAttribute("src") !== preview) photo.src = preview;
  const label = part(item, ".label", HTMLElement);
  setText(label, name);
  label.title = name;
  const drop = part(item, ".drop", HTMLButtonElement);
  drop.setAttribute("aria-label", say.leaveOut(name));
  const select = part(item, "select", HTMLSelectElement);
  select.value = String(weight);
  select.setAttribute("aria-label", say.weightOf(name));
}

customElements.define("query-box", QueryBox);
