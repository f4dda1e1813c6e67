/**
 * The prompt template. Properties: `value`, `valid`. Event: `template-change` ({ template }).
 */

import { emit, part, setText } from "../../shell/dom.js";
import { text } from "./words.js";

export class TemplateField extends HTMLElement {
  #input = part(this, "#template", HTMLInputElement);
  #presets = part(this, "#template-presets", HTMLSelectElement);
  #hint = part(this, "#template-hint", HTMLElement);

  connectedCallback() {
    this.#input.addEventListener("input", () => emit(this, "template-change", { template: this.#input.value }));
    this.#presets.addEventListener("change", () => {
      emit(this, "template-change", { template: this.#presets.value });
      this.#presets.selectedIndex = 0; // choosing the same preset again must count
    });
  }

  get value() {
    return this.#input.value;
  }

  /** @param {string} value */
  set value(value) {
    if (this.#input.value !== value) this.#input.value = value;
  }

  /** @param {boolean} valid */
  set valid(valid) {
    this.#input.setAttribute("aria-invalid", String(!valid));
    setText(this.#hint, text[valid ? "template.hint" : "template.invalid"]);
  }
}

customElements.define("template-field", TemplateField);
