/**
 * Sets of duplicates by their kind, each a row of small pictures. Property: `content` (DuplicatesContent). Events: `duplicates-find`,
 * `duplicates-kind` ({ kind }), `duplicates-open` ({ at }), `duplicates-toggle` ({ id }), `duplicates-more`.
 */

import { clone, emit, part, setText } from "../../../shell/dom.js";
import { say, text } from "../words.js";
import { canMove } from "./moving.js";

/**
 * @typedef {object} DuplicatesContent
 * @property {boolean} ready
 * @property {number} pictures
 * @property {import("../../../../semblance.js").DuplicateSet[] | null} sets
 * @property {import("../../../../semblance.js").DuplicateKind} kind
 * @property {import("../../../../semblance.js").DuplicateSet[]} shown
 * @property {Set<number>} selected
 * @property {(id: number) => string | null | undefined} urlOf
 */

export class DuplicatesPanel extends HTMLElement {
  /** Sets that are shown at a time, and pictures of each. */
  portion = 40;
  most = 12;
  #go = part(this, "[data-event=duplicates-find]", HTMLButtonElement);
  #need = part(this, ".need", HTMLElement);
  #found = part(this, ".found", HTMLElement);
  #headline = part(this, ".headline", HTMLElement);
  #why = part(this, ".why", HTMLElement);
  #list = part(this, ".sets", HTMLOListElement);
  #more = part(this, "[data-event=duplicates-more]", HTMLButtonElement);
  #actions = part(this, ".actions", HTMLElement);
  #listed = "";

  connectedCallback() {
    part(this, "[data-event=duplicates-move]", HTMLButtonElement).hidden = !canMove();
    this.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (!button) return;
      if (button.dataset.kind) emit(this, "duplicates-kind", { kind: button.dataset.kind });
      else if (button.dataset.id) emit(this, "duplicates-toggle", { id: Number(button.dataset.id) });
      else if (button.dataset.at) emit(this, "duplicates-open", { at: Number(button.dataset.at) });
    });
  }

  /** @param {DuplicatesContent} content */
  set content({ ready, pictures, sets, kind, shown, selected, urlOf }) {
    this.#go.disabled = !ready;
    setText(this.#go, sets ? text["duplicates.again"] : say.lookThrough(pictures));
    this.#need.hidden = ready;
    this.#found.hidden = !sets;
    if (!sets) return;
    const counts = { same: 0, burst: 0, alike: 0 };
    for (const set of sets) counts[set.kind] += 1;
    for (const button of this.querySelectorAll(".kinds button")) {
      const one = /** @type {keyof typeof counts} */ (/** @type {HTMLElement} */ (button).dataset.kind);
      button.ariaPressed = String(one === kind);
      setText(button, say.kind(text[`duplicates.${one}`], counts[one]));
    }
    const others = sets.filter((set) => set.kind === kind).reduce((sum, { ids }) => sum + ids.length - 1, 0);
    setText(this.#headline, counts[kind] === 0 ? text[`duplicates.no.${kind}`] : say.sets(kind, counts[kind], others));
    setText(this.#why, text[`duplicates.why.${kind}`]);
    this.#actions.hidden = counts[kind] === 0;
    this.#more.hidden = shown.length >= counts[kind];
    const listed = JSON.stringify([kind, shown.length, shown[0] && Array.from(shown[0].ids), shown.flatMap(({ ids }) => Array.from(ids.subarray(0, this.most), (id) => [id, selected.has(id), urlOf(id)]))]);
    if (listed === this.#listed) return;
    this.#listed = listed;
    const focused = document.activeElement instanceof HTMLElement && this.#list.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    this.#list.replaceChildren(...shown.map((set, at) => this.#row(set, at, selected, urlOf)));
    if (focused) /** @type {HTMLElement | null} */ (this.#list.querySelector(`[data-key="${focused}"]`))?.focus();
  }

  /** @param {import("../../../../semblance.js").DuplicateSet} set @param {number} at @param {Set<number>} selected @param {(id: number) => string | null | undefined} urlOf */
  #row({ ids, keep, reason, kind, evidence }, at, selected, urlOf) {
    const row = clone("t-duplicates", HTMLLIElement);
    setText(part(row, ".what", HTMLElement), say.setOf(ids.length, text[`keep.${reason}`]));
    const open = part(row, ".open", HTMLButtonElement);
    open.dataset.at = String(at);
    open.dataset.key = `open-${at}`;
    open.ariaLabel = say.showSet(at + 1);
    const list = part(row, "ul", HTMLUListElement);
    list.replaceChildren(
      ...Array.from(ids.subarray(0, this.most), (id, i) => {
        const item = document.createElement("li");
        const button = Object.assign(document.createElement("button"), { type: "button", className: "small" });
        button.dataset.id = String(id);
        button.dataset.key = `${at}-${id}`;
        button.ariaPressed = String(selected.has(id));
        button.ariaLabel = say.member(i + 1, id === keep, selected.has(id));
        const image = document.createElement("img");
        image.alt = "";
        const url = urlOf(id);
        if (url) image.src = url;
        button.append(image);
        const why = evidence[i];
        const note = Object.assign(document.createElement("span"), { className: "note", textContent: id === keep && kind !== "alike" ? text["duplicates.keep"] : why ? text[`evidence.${why.reason}`] : "" });
        item.append(button, note);
        return item;
      }),
    );
    return row;
  }
}

customElements.define("duplicates-panel", DuplicatesPanel);
