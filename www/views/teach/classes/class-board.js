/**
 * The classes, a card each, and a last one for pictures of none. Properties: `content`, `small`.
 * Events: `class-add`, `class-folders`, `class-rename` ({ key, name }), `class-remove` ({ key }), `class-files` ({ key, files }),
 * `class-pick` ({ key }), `class-camera` ({ key }), `class-see` ({ key }).
 */

import { clone, emit, part, setText } from "../../../shell/dom.js";
import { NONE } from "../state.js";
import { say, text } from "../words.js";
import { smallPicture } from "./small-picture.js";

/** @typedef {import("../state.js").Class} Class */

/** Cards that are made at a time, and pictures that are seen on each. */
const batch = 24;
const seen = 6;

export class ClassBoard extends HTMLElement {
  #list = part(this, ".cards", HTMLElement);
  #filter = part(this, ".filter", HTMLInputElement);
  #more = part(this, ".more", HTMLButtonElement);
  #folders = part(this, ".folders", HTMLButtonElement);
  #input = part(this, "input[type=file]", HTMLInputElement);
  #count = part(this, ".count-all", HTMLElement);
  /** @type {Map<string, { root: HTMLElement, shown: string }>} */
  #cards = new Map();
  #shown = batch;
  #for = "";
  /** @type {{ classes: Class[], background: number[], folders: number }} */
  #content = { classes: [], background: [], folders: 0 };
  /** @type {import("./small-picture.js").Small} */
  small = () => undefined;

  connectedCallback() {
    part(this, ".add", HTMLButtonElement).addEventListener("click", () => emit(this, "class-add"));
    this.#folders.addEventListener("click", () => emit(this, "class-folders"));
    this.#more.addEventListener("click", () => {
      this.#shown += batch;
      this.#draw();
    });
    this.#filter.addEventListener("input", () => this.#draw());
    this.#input.addEventListener("change", () => {
      const files = Array.from(this.#input.files ?? []);
      this.#input.value = "";
      if (files.length > 0) emit(this, "class-files", { key: this.#for, files });
    });
    this.#list.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      const key = this.#keyOf(target);
      if (!button || !key) return;
      if (button.dataset.event === "class-files") {
        this.#for = key;
        this.#input.click();
      } else if (button.dataset.event) emit(this, button.dataset.event, { key });
    });
    this.#list.addEventListener("change", ({ target }) => {
      const key = this.#keyOf(target);
      if (target instanceof HTMLInputElement && key) emit(this, "class-rename", { key, name: target.value });
    });
    this.#list.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.target.blur();
    });
  }

  /** @param {EventTarget | null} target */
  #keyOf(target) {
    const card = target instanceof Element ? target.closest("[data-class]") : null;
    return card instanceof HTMLElement ? (card.dataset.class ?? "") : "";
  }

  /** Write its name anew: it was not taken. @param {string} key */
  reset(key) {
    const card = this.#cards.get(key);
    if (card) card.shown = "";
    this.#draw();
  }

  /** @param {string} key */
  edit(key) {
    const at = this.#content.classes.findIndex((one) => one.key === key);
    this.#shown = Math.max(this.#shown, at + 1);
    this.#draw();
    const name = this.#cards.get(key)?.root.querySelector(".name");
    if (name instanceof HTMLInputElement) {
      name.focus();
      name.select();
    }
  }

  /** @param {{ classes: Class[], background: number[], folders: number }} content `folders`: so many could be classes. */
  set content(content) {
    this.#content = content;
    this.#draw();
  }

  #draw() {
    const { classes, background, folders } = this.#content;
    this.#folders.hidden = folders < 2;
    setText(this.#count, classes.length > 0 ? say.classes(classes.length) : "");
    this.#filter.hidden = classes.length <= batch;
    const wanted = this.#filter.hidden ? "" : this.#filter.value.trim().toLowerCase();
    const found = wanted ? classes.filter(({ name }) => name.toLowerCase().includes(wanted)) : classes;
    const some = found.slice(0, this.#shown);
    this.#more.hidden = found.length <= some.length;
    setText(this.#more, say.moreClasses(found.length - some.length));
    /** @type {Class[]} */
    const all = [...some, ...(classes.length > 0 ? [{ key: NONE, name: text["classes.none"], ids: background }] : [])];
    const keys = new Set(all.map(({ key }) => key));
    for (const [key, { root }] of this.#cards) {
      if (keys.has(key)) continue;
      root.remove();
      this.#cards.delete(key);
    }
    all.forEach((one, at) => {
      const card = this.#card(one);
      if (this.#list.children[at] !== card) this.#list.insertBefore(card, this.#list.children[at] ?? null);
    });
  }

  /** @param {Class} one */
  #card({ key, name, ids }) {
    const known = this.#cards.get(key);
    const root = known?.root ?? clone(key === NONE ? "t-class-none" : "t-class", HTMLElement);
    const shown = JSON.stringify([name, ids.length, ids.slice(0, seen)]);
    if (known?.shown === shown) return root;
    this.#cards.set(key, { root, shown });
    root.dataset.class = key;
    const input = root.querySelector(".name");
    if (input instanceof HTMLInputElement && document.activeElement !== input) input.value = name;
    const remove = root.querySelector(".remove");
    if (remove) remove.ariaLabel = say.removeClass(name);
    setText(part(root, ".count", HTMLElement), say.pictures(ids.length));
    const see = part(root, ".see", HTMLButtonElement);
    see.hidden = ids.length === 0;
    see.ariaLabel = `${text["class.see"]}: ${name}`;
    part(root, ".empty", HTMLElement).hidden = ids.length > 0;
    part(root, ".thumbs", HTMLElement).replaceChildren(...ids.slice(0, seen).map((id) => smallPicture(id, this.small)));
    return root;
  }
}

customElements.define("class-board", ClassBoard);
