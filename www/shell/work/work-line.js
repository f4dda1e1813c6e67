/** What a view is doing, how far it is, and a button to stop it. Property: `work`. Event: `stop`. */

import { emit, part, setProgress, setText } from "../dom.js";
import { say } from "../words.js";

/** In words; `total` 0: nobody knows, 1: `done` is a share. @typedef {{ what: string, done: number, total: number }} Doing */

export class WorkLine extends HTMLElement {
  #wired = false;

  connectedCallback() {
    if (this.#wired) return;
    this.#wired = true;
    part(this, "button", HTMLButtonElement).addEventListener("click", () => emit(this, "stop"));
  }

  /** @param {Doing | null} work */
  set work(work) {
    this.hidden = !work;
    setText(part(this, ".what", HTMLElement), work ? say.doing(work.what, work.done, work.total) : "");
    setProgress(part(this, ".progress", HTMLElement), work && work.total > 0 ? work.done / work.total : work ? null : 0);
  }
}

customElements.define("work-line", WorkLine);
