/**
 * Asking for a logit scale that the weights don't have. Event: `scale-given` ({ logitScale }).
 */

import { emit, part, setText } from "../dom.js";
import { text } from "./words.js";

export class ScaleQuestion extends HTMLElement {
  #input = part(this, "#scale-input", HTMLInputElement);
  #hint = part(this, "#scale-hint", HTMLElement);

  connectedCallback() {
    part(this, "#scale-use", HTMLButtonElement).addEventListener("click", () => this.#give());
    this.#input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // else the button that gets the focus back is pressed
      this.#give();
    });
  }

  #give() {
    const logitScale = Number(this.#input.value.trim().replace(",", "."));
    const valid = Number.isFinite(logitScale) && logitScale > 0;
    this.#input.setAttribute("aria-invalid", String(!valid));
    setText(this.#hint, text[valid ? "scale.hint" : "scale.invalid"]);
    if (valid) emit(this, "scale-given", { logitScale });
    else this.#input.focus();
  }
}

customElements.define("scale-question", ScaleQuestion);
