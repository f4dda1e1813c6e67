/** The last queries. Property: `recent` (Recent[]). Events: `recent-choose` ({ recent }), `recent-forget`. */

import { emit, part } from "../../../shell/dom.js";
import { say } from "../words.js";

/** @typedef {import("../state.js").Recent} Recent */

export class RecentQueries extends HTMLElement {
  #list = part(this, "ul", HTMLUListElement);
  /** @type {Recent[]} */
  #recent = [];

  connectedCallback() {
    part(this, "#recent-forget", HTMLButtonElement).addEventListener("click", () => emit(this, "recent-forget"));
  }

  /** @param {Recent[]} recent */
  set recent(recent) {
    if (recent === this.#recent) return;
    this.#recent = recent;
    this.hidden = recent.length === 0;
    const items = recent.map((one) => {
      const item = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: say.query(one.words) });
      button.addEventListener("click", () => emit(this, "recent-choose", { recent: one }));
      item.append(button);
      return item;
    });
    this.#list.replaceChildren(...items);
  }
}

customElements.define("recent-queries", RecentQueries);
