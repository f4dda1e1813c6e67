/**
 * Something that can be done now or later, in one line that stays until it is answered.
 * Property: `message` (null: there is nothing). Each of its buttons names its event in `data-event`.
 */

import { emit, part, setText } from "../dom.js";

export class NoticeOffer extends HTMLElement {
  #line = part(this, "p", HTMLElement);

  connectedCallback() {
    for (const button of this.querySelectorAll("button")) {
      button.addEventListener("click", () => emit(this, button.dataset.event ?? ""));
    }
  }

  /** @param {string | null} message */
  set message(message) {
    this.hidden = message === null;
    setText(this.#line, message ?? "");
  }
}

customElements.define("notice-offer", NoticeOffer);
