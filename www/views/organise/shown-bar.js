/**
 * What is shown below a part's controls, and what can be done with the selected ones. Property: `content` ({ shown, selected, part,
 * searchable }). Its buttons tell by their `data-event`.
 */

import { keepingFocus, part, setText } from "../../shell/dom.js";
import { say } from "./words.js";

export class ShownBar extends HTMLElement {
  #title = part(this, "h2", HTMLElement);
  #count = part(this, ".count", HTMLElement);
  #all = part(this, "[data-event=shown-all]", HTMLButtonElement);

  /** @param {{ shown: import("./state.js").Shown | null, selected: number, part: string, searchable: boolean }} content */
  set content({ shown, selected, part: open, searchable }) {
    const some = selected > 0;
    keepingFocus(this, () => {
      this.hidden = !shown && !some;
      this.#all.hidden = !shown || shown.ids.length === 0;
      for (const one of this.querySelectorAll("[data-needs]")) {
        const { needs = "", of = "" } = /** @type {HTMLElement} */ (one).dataset;
        const there = needs === "selected" ? some : shown !== null && shown.ids.length > 0;
        /** @type {HTMLElement} */ (one).hidden = !there || (of !== "" && of !== open) || (/** @type {HTMLElement} */ (one).dataset.event === "shown-search" && !searchable);
      }
    }, () => this.#all);
    setText(this.#title, shown ? say.shown(shown.title, shown.ids.length) : "");
    this.#title.hidden = !shown;
    setText(this.#count, some ? say.selected(selected) : "");
  }
}

customElements.define("shown-bar", ShownBar);
