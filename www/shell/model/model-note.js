/**
 * What the running model is good for, said plainly: a view places it where it wants it. Property: `model` (its name, or
 * null before one is chosen).
 */

import { part, setText } from "../dom.js";
import { text } from "./words.js";

export class ModelNote extends HTMLElement {
  /** @param {string | null} name */
  set model(name) {
    const kind = name === null || name === "pocket" ? "pocket" : "other";
    setText(part(this, "summary", HTMLElement), text[`${kind}.lead`]);
    setText(part(this, ".knows", HTMLElement), text[`${kind}.knows`]);
    setText(part(this, ".limits", HTMLElement), text[`${kind}.limits`]);
  }
}

customElements.define("model-note", ModelNote);
