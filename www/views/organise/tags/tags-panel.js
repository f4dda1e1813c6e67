/**
 * Tags: how they are found, how sure they must be, and which there are. Property: `content` (TagsContent). Its `words` are the person's
 * own, if any. Events: `tags-find`, `tags-precision` ({ precision }), `tag-open` ({ tag }).
 */

import { emit, part, setText } from "../../../shell/dom.js";
import { format } from "../../../shell/format.js";
import { say, text } from "../words.js";

/**
 * @typedef {object} TagsContent
 * @property {boolean} ready
 * @property {number} pictures
 * @property {number} tagged
 * @property {number} precision
 * @property {import("../../../../semblance.js").TagSelection | null} selection
 * @property {Map<string, { ids: Uint32Array }>} tags
 * @property {string} tag That is open.
 * @property {number} corrections
 */

/** More buttons nobody reads; a filter finds the rest. */
const shownMost = 120;

export class TagsPanel extends HTMLElement {
  #go = part(this, "[data-event=tags-find]", HTMLButtonElement);
  #need = part(this, ".need", HTMLElement);
  #own = part(this, "textarea", HTMLTextAreaElement);
  #found = part(this, ".found", HTMLElement);
  #headline = part(this, ".headline", HTMLElement);
  #expected = part(this, ".expected", HTMLElement);
  #slider = part(this, "#tags-precision", HTMLInputElement);
  #aim = part(this, "output", HTMLOutputElement);
  #filter = part(this, "#tags-filter", HTMLInputElement);
  #list = part(this, ".tags", HTMLUListElement);
  #rest = part(this, ".rest", HTMLElement);
  #forget = part(this, "[data-event=tags-forget]", HTMLButtonElement);
  /** @type {TagsContent | null} */
  #content = null;
  /** What the list was made of. @type {unknown[]} */
  #listed = [];

  connectedCallback() {
    this.#slider.addEventListener("input", () => emit(this, "tags-precision", { precision: this.#slider.valueAsNumber / 100 }));
    this.#filter.addEventListener("input", () => this.#showList());
    this.#list.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button) emit(this, "tag-open", { tag: button.value });
    });
  }

  /** The person's own, a line each. */
  get words() {
    return this.#own.value.split("\n").map((line) => line.trim()).filter(Boolean);
  }

  /** @param {TagsContent} content */
  set content(content) {
    this.#content = content;
    const { ready, pictures, tagged, precision, selection, corrections, tags } = content;
    this.#go.disabled = !ready;
    setText(this.#go, selection ? text["tags.again"] : say.tagAll(pictures));
    this.#need.hidden = ready;
    this.#found.hidden = !selection;
    if (!selection) return;
    const given = selection.pictures.reduce((sum, { tags }) => sum + tags.length, 0);
    const some = selection.pictures.filter(({ tags }) => tags.length > 0).length;
    setText(this.#headline, say.tags(given, tags.size, some, tagged));
    setText(this.#expected, selection.expected === null ? text["tags.none"] : say.expected(selection.expected));
    if (document.activeElement !== this.#slider) this.#slider.valueAsNumber = Math.round(precision * 100);
    setText(this.#aim, format.percent(precision));
    this.#slider.setAttribute("aria-valuetext", format.percent(precision));
    this.#forget.hidden = corrections === 0;
    setText(this.#forget, say.forgetCorrections(corrections));
    this.#showList();
  }

  #showList() {
    if (!this.#content) return;
    const { tags, tag } = this.#content;
    const wanted = this.#filter.value.trim().toLowerCase();
    if (this.#listed[0] === tags && this.#listed[1] === wanted && this.#listed[2] === tag) return;
    this.#listed = [tags, wanted, tag];
    const matching = [...tags].filter(([word]) => word.toLowerCase().includes(wanted));
    this.#list.replaceChildren(
      ...matching.slice(0, shownMost).map(([word, { ids }]) => {
        const button = Object.assign(document.createElement("button"), { type: "button", value: word });
        button.ariaPressed = String(word === tag);
        button.append(word, " ", Object.assign(document.createElement("span"), { className: "number", textContent: format.count(ids.length) }));
        const item = document.createElement("li");
        item.append(button);
        return item;
      }),
    );
    setText(this.#rest, matching.length > shownMost ? say.moreTags(matching.length - shownMost) : matching.length === 0 && wanted ? text["tags.noneSo"] : "");
  }
}

customElements.define("tags-panel", TagsPanel);
