/**
 * What is selected, and what can be done with it. Property: `content` ({ selected, standing, doing }).
 * Events: `select-standing`, `select-none`, `selected-zip`, `selected-csv`, `selected-json`, `selected-paths`,
 * `selected-describe`, `selected-teach`, `selected-remove`.
 */

import { emit, keepingFocus, part, setText } from "../../../shell/dom.js";
import { say } from "../words.js";

export class SelectionBar extends HTMLElement {
  #count = part(this, ".count", HTMLElement);
  #all = part(this, "#select-standing", HTMLButtonElement);

  connectedCallback() {
    this.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button?.dataset.event) emit(this, button.dataset.event);
    });
  }

  /** @param {{ selected: number, standing: number, doing: string }} content */
  set content({ selected, standing, doing }) {
    const some = selected > 0;
    keepingFocus(this, () => {
      this.hidden = !some && standing === 0;
      this.#all.hidden = standing === 0 || (some && selected >= standing);
      for (const one of this.querySelectorAll(".chosen")) /** @type {HTMLElement} */ (one).hidden = !some;
    }, () => (this.#all.checkVisibility() ? this.#all : document.querySelector("result-grid .open[tabindex='0']")));
    setText(this.#all, say.selectStanding(standing));
    setText(this.#count, doing || (some ? say.selected(selected) : ""));
  }
}

customElements.define("selection-bar", SelectionBar);
