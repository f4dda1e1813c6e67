/** What the running model is good for, said plainly. Property: `model` (its name, or null before one is chosen). */

import { part, setText } from "../dom.js";
import { text } from "../strings.js";

export class ModelNote extends HTMLElement {
  /** @param {string | null} name */
  set model(name) {
    const pocket = name === null || name === "pocket";
    setText(part(this, ".lead", HTMLElement), text[pocket ? "pocket.lead" : "other.lead"]);
    part(this, "details", HTMLDetailsElement).hidden = !pocket;
  }
}

customElements.define("model-note", ModelNote);
