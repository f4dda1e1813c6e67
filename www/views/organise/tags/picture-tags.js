/**
 * A picture, large, with its tags to be accepted, rejected and added. Property: `needs`, once. Method: `open(ids, at)`.
 */

import { part, setText } from "../../../shell/dom.js";
import { format } from "../../../shell/format.js";
import { say } from "../words.js";

/** @typedef {{ index: () => import("../../../../semblance.js").PictureIndex | null, tags: import("./tags.js").Tags, why: (id: number) => string, thumbnails: import("../../../shell/library/thumbnails.js").Thumbnails }} Needs */

export class PictureTags extends HTMLElement {
  #dialog = part(this, "dialog", HTMLDialogElement);
  #title = part(this, "h2", HTMLElement);
  #place = part(this, ".place", HTMLElement);
  #why = part(this, ".why", HTMLElement);
  #image = part(this, "img", HTMLImageElement);
  #list = part(this, ".tags", HTMLUListElement);
  #rejected = part(this, ".rejected", HTMLElement);
  #add = part(this, "form", HTMLFormElement);
  #word = part(this, "input", HTMLInputElement);
  #words = part(this, "datalist", HTMLDataListElement);
  #before = part(this, ".before", HTMLButtonElement);
  #after = part(this, ".after", HTMLButtonElement);
  /** @type {Needs | null} */
  #needs = null;
  /** @type {Uint32Array} */
  #ids = new Uint32Array(0);
  #at = -1;
  #listed = "";

  /** @param {Needs} needs */
  set needs(needs) {
    this.#needs = needs;
  }

  connectedCallback() {
    this.#dialog.addEventListener("close", () => (this.#at = -1));
    this.#dialog.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (target === this.#dialog || button?.value === "close") this.#dialog.close();
      else if (button === this.#before) this.#step(-1);
      else if (button === this.#after) this.#step(1);
      else if (button?.dataset.word) this.#correct(button.dataset.word, button.ariaPressed === "true" ? null : button.dataset.right === "true");
    });
    this.#dialog.addEventListener("keydown", (event) => {
      if (event.target === this.#word || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
      event.preventDefault();
      this.#step(event.key === "ArrowLeft" ? -1 : 1);
    });
    this.#add.addEventListener("submit", (event) => {
      event.preventDefault();
      const word = this.#word.value.trim();
      this.#word.value = "";
      if (word && this.#needs?.tags.words.includes(word)) this.#correct(word, true);
    });
  }

  /** @param {Uint32Array} ids @param {number} at */
  open(ids, at) {
    this.#ids = ids;
    this.#words.replaceChildren(...(this.#needs?.tags.words ?? []).map((value) => Object.assign(document.createElement("option"), { value })));
    this.#dialog.showModal();
    this.#go(at);
  }

  /** @param {number} by */
  #step(by) {
    if (this.#at + by >= 0 && this.#at + by < this.#ids.length) this.#go(this.#at + by);
  }

  /** @param {number} at */
  async #go(at) {
    this.#at = at;
    const id = this.#ids[at];
    this.#needs?.thumbnails.want([id]);
    const [facts] = (await this.#needs?.index()?.facts([id]).catch(() => [])) ?? [];
    if (facts && at === this.#at) setText(this.#title, facts.path.split("/").pop() ?? "");
    this.draw();
  }

  /** @param {string} word @param {boolean | null} right */
  #correct(word, right) {
    this.#needs?.tags.correct([this.#ids[this.#at]], word, right);
  }

  draw() {
    if (this.#at < 0 || !this.#needs) return;
    const id = this.#ids[this.#at];
    const url = this.#needs.thumbnails.get(id);
    if (url && this.#image.getAttribute("src") !== url) this.#image.src = url;
    this.#image.hidden = !url;
    setText(this.#why, this.#needs.why(id));
    this.#why.hidden = this.#why.textContent === "";
    setText(this.#place, say.place(this.#at, this.#ids.length));
    this.#before.disabled = this.#at === 0;
    this.#after.disabled = this.#at === this.#ids.length - 1;
    const { tagged, tags, rejected } = this.#needs.tags.of(id);
    this.#add.hidden = !tagged;
    const listed = JSON.stringify([id, tags, rejected]);
    if (listed === this.#listed) return;
    this.#listed = listed;
    this.#list.replaceChildren(...tags.map(({ word, probability, right }) => this.#line(word, format.percent(probability), right)), ...rejected.map((word) => this.#line(word, "", false)));
    this.#rejected.hidden = tags.length + rejected.length > 0 || !tagged;
  }

  /** @param {string} word @param {string} probability @param {boolean | null} right */
  #line(word, probability, right) {
    const item = document.createElement("li");
    item.className = right === false ? "wrong" : "";
    const name = Object.assign(document.createElement("span"), { className: "word", textContent: word });
    const value = Object.assign(document.createElement("span"), { className: "number", textContent: probability });
    const button = (/** @type {boolean} */ yes) => {
      const made = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: yes ? say.yes() : say.no() });
      made.ariaPressed = String(right === yes);
      made.ariaLabel = say.judge(word, yes);
      made.dataset.word = word;
      made.dataset.right = String(yes);
      return made;
    };
    item.append(name, value, button(true), button(false));
    return item;
  }
}

customElements.define("picture-tags", PictureTags);
