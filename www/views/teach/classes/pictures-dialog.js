/**
 * Pictures of the library, to be chosen from: those of a class, to be moved or taken out; those of no class, to be put into one;
 * those of a cell of the matrix. Properties: `small`. Events: `dialog-put` ({ key, ids }), `dialog-out` ({ ids }), `dialog-search`
 * ({ key, words }), `dialog-shows` ({ ids }).
 */

import { emit, part, setText } from "../../../shell/dom.js";
import { say, text } from "../words.js";
import { smallPicture } from "./small-picture.js";

/** @typedef {import("../state.js").Class} Class */

/** Pictures that are shown at a time. */
const batch = 120;

export class PicturesDialog extends HTMLElement {
  #dialog = part(this, "dialog", HTMLDialogElement);
  #title = part(this, "h2", HTMLElement);
  #hint = part(this, ".hint", HTMLElement);
  #grid = part(this, ".grid", HTMLElement);
  #more = part(this, ".more", HTMLButtonElement);
  #search = part(this, "form", HTMLFormElement);
  #words = part(this, "form input", HTMLInputElement);
  #moving = part(this, ".moving", HTMLElement);
  #count = part(this, ".chosen", HTMLElement);
  #to = part(this, "select", HTMLSelectElement);
  /** @type {import("./small-picture.js").Small} */
  small = () => undefined;
  /** Into which class a click puts; empty: a click chooses. */
  #into = "";
  /** @type {number[]} */
  #ids = [];
  #shown = batch;
  /** @type {Set<number>} */
  #chosen = new Set();

  connectedCallback() {
    part(this, "[value=close]", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    this.#more.addEventListener("click", () => {
      this.#shown += batch;
      this.#draw();
    });
    this.#search.addEventListener("submit", (event) => {
      event.preventDefault();
      emit(this, "dialog-search", { key: this.#into, words: this.#words.value.trim() });
    });
    this.#grid.addEventListener("click", ({ target }) => {
      const tile = target instanceof Element ? target.closest("button") : null;
      if (tile) this.#pick(Number(tile.dataset.id), tile);
    });
    this.#to.addEventListener("change", () => {
      if (this.#to.value && this.#chosen.size > 0) this.#leave("dialog-put", { key: this.#to.value, ids: [...this.#chosen] });
      this.#to.value = "";
    });
    part(this, ".out", HTMLButtonElement).addEventListener("click", () => {
      if (this.#chosen.size > 0) this.#leave("dialog-out", { ids: [...this.#chosen] });
    });
  }

  /** @param {string} title @param {number[]} ids @param {Class[]} classes that they can be moved to */
  show(title, ids, classes) {
    this.#into = "";
    this.#open(title, text["all.hint"], ids);
    this.#search.hidden = true;
    this.#moving.hidden = false;
    const [first] = this.#to.options;
    this.#to.replaceChildren(first, ...classes.map(({ key, name }) => Object.assign(document.createElement("option"), { value: key, textContent: name })));
  }

  /** @param {Class} into @param {string} words */
  choose(into, words) {
    this.#into = into.key;
    this.#words.value = words;
    this.#open(say.addTo(into.name), text["pick.hint"], []);
    this.#search.hidden = false;
    this.#moving.hidden = true;
    this.#words.focus();
  }

  /** What was found for `choose`. @param {number[]} ids */
  set found(ids) {
    this.#ids = ids;
    this.#shown = batch;
    setText(this.#hint, ids.length > 0 ? text["pick.hint"] : text["pick.nothing"]);
    this.#draw();
  }

  /** What pictures in sight are called. @param {{ id: number, path: string }[]} facts */
  named(facts) {
    for (const { id, path } of facts) {
      const tile = this.#grid.querySelector(`button[data-id="${id}"]`);
      if (!(tile instanceof HTMLButtonElement)) continue;
      tile.title = path;
      tile.ariaLabel = path.split("/").pop() ?? path;
    }
  }

  /** @param {string} title @param {string} hint @param {number[]} ids */
  #open(title, hint, ids) {
    setText(this.#title, title);
    setText(this.#hint, hint);
    this.#ids = ids;
    this.#shown = batch;
    this.#chosen.clear();
    this.#grid.replaceChildren();
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#draw();
  }

  /** @param {number} id @param {HTMLElement} tile */
  #pick(id, tile) {
    if (this.#into) return this.#leave("dialog-put", { key: this.#into, ids: [id] });
    if (!this.#chosen.delete(id)) this.#chosen.add(id);
    tile.ariaPressed = String(this.#chosen.has(id));
    this.#count.textContent = say.chosen(this.#chosen.size);
  }

  /** @param {"dialog-put" | "dialog-out"} event @param {{ ids: number[], key?: string }} detail */
  #leave(event, detail) {
    const gone = new Set(detail.ids);
    const at = this.#ids.findIndex((id) => gone.has(id));
    this.#ids = this.#ids.filter((id) => !gone.has(id));
    this.#chosen.clear();
    emit(this, event, detail);
    this.#draw();
    const next = this.#grid.children[Math.min(at, this.#grid.children.length - 1)]?.querySelector("button");
    if (next) next.focus();
    else part(this, "[value=close]", HTMLButtonElement).focus();
    if (this.#ids.length === 0 && !this.#into) this.#dialog.close();
  }

  #draw() {
    const some = this.#ids.slice(0, this.#shown);
    const there = new Map(Array.from(this.#grid.children, (item) => [Number(/** @type {HTMLElement} */ (item).dataset.id), item]));
    this.#grid.replaceChildren(...some.map((id) => there.get(id) ?? this.#tile(id)));
    for (const tile of this.#grid.querySelectorAll("button")) tile.ariaPressed = this.#into ? null : String(this.#chosen.has(Number(tile.dataset.id)));
    this.#more.hidden = this.#ids.length <= some.length;
    setText(this.#count, say.chosen(this.#chosen.size));
    emit(this, "dialog-shows", { ids: some });
  }

  /** @param {number} id */
  #tile(id) {
    const item = document.createElement("li");
    item.dataset.id = String(id);
    const tile = Object.assign(document.createElement("button"), { type: "button" });
    tile.dataset.id = String(id);
    tile.append(smallPicture(id, this.small));
    tile.ariaLabel = text["pick.picture"];
    item.append(tile);
    return item;
  }
}

customElements.define("pictures-dialog", PicturesDialog);
