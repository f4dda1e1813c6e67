/**
 * What was found, in a sentence, and where results end, to be moved. Property: `content` (HeadContent).
 * Events: `line-move` ({ line }), null to have it found again.
 */

import { emit, part, setText } from "../../../shell/dom.js";
import { say as shared } from "../../../shell/words.js";
import { say, text } from "../words.js";

/**
 * @typedef {object} HeadContent
 * @property {import("../state.js").SearchState["ranking"]} ranking Null: nothing was searched for.
 * @property {number | null} line As the person moved it.
 * @property {number} standing
 * @property {number} pictures Shown.
 * @property {string} error
 */

export class ResultHead extends HTMLElement {
  #title = part(this, "h2", HTMLElement);
  #why = part(this, ".why", HTMLElement);
  #line = part(this, ".where", HTMLElement);
  #range = part(this, "#result-line", HTMLInputElement);
  #reset = part(this, "#result-line-reset", HTMLButtonElement);

  connectedCallback() {
    this.#range.addEventListener("input", () => emit(this, "line-move", { line: -this.#range.valueAsNumber }));
    this.#reset.addEventListener("click", () => {
      emit(this, "line-move", { line: null });
      this.#range.focus();
    });
  }

  /** @param {HeadContent} content */
  set content({ ranking, line, standing, pictures, error }) {
    this.dataset.state = error ? "error" : ranking ? (standing > 0 ? "found" : "none") : "all";
    const title = error || (ranking ? (standing > 0 ? say.found(standing, pictures) : text["found.nothing"]) : shared.pictures(pictures));
    setText(this.#title, title);
    setText(this.#why, ranking && !error ? (standing > 0 ? text["found.why"] : pictures > 0 ? text["found.nearest"] : "") : "");
    this.#why.hidden = this.#why.textContent === "";
    this.#line.hidden = !ranking || ranking.standsOut.length < 2 || error !== "";
    this.#reset.hidden = line === null;
    if (!ranking || ranking.standsOut.length < 2) return;
    const { standsOut, threshold } = ranking;
    const [most, least] = [standsOut[0], standsOut[standsOut.length - 1]];
    // Further to the right more are taken, and so the line is lower.
    this.#range.min = String(-Math.ceil(10 * Math.max(most, threshold)) / 10);
    this.#range.max = String(-Math.floor(10 * Math.min(least, threshold)) / 10);
    if (document.activeElement !== this.#range || line === null) this.#range.value = String(-(line ?? threshold));
    this.#range.setAttribute("aria-valuetext", say.line(line ?? threshold, standing));
  }
}

customElements.define("result-head", ResultHead);
