/** One short sentence that goes away by itself. Method: `show(message)`. */

import { part } from "../dom.js";

const shownFor = 6000;

export class NoticeLine extends HTMLElement {
  #line = part(this, "p", HTMLElement);
  #timer = 0;

  /** @param {string} message */
  show(message) {
    this.#line.textContent = message;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => (this.#line.textContent = ""), shownFor);
  }
}

customElements.define("notice-line", NoticeLine);
