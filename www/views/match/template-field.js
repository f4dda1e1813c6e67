/**
 * The prompt template, or `ensemble` in its stead, which the field names. Properties: `value`, `valid`. Event: `template-change` ({ template }).
 */

import { emit, part, setText } from "../../shell/dom.js";
import { ensemble } from "./state.js";
import { text } from "./words.js";

export class TemplateField extends HTMLElement {
  #input = part(this, "#template", HTMLInputElement);
  #presets = part(this, "#template-presets", HTMLSelectElement);
  #hint = part(this, "#template-hint", HTMLElement);

  connectedCallback() {
    this.#input.addEventListener("input", () => emit(this, "template-change", { template: this.value }));
    // Its name is no text to go on from: whoever types begins anew.
    this.#input.addEventListener("focus", () => this.value === ensemble && this.#input.select());
    this.#presets.addEventListener("change", () => {
      emit(this, "template-change", { template: this.#presets.value });
      this.#presets.selectedIndex = 0; // choosing the same preset again must count
    });
  }

  get value() {
    return this.#input.value === text["template.ensemble"] ? ensemble : this.#input.value;
  }

  /** @param {string} value */
  set value(value) {
    const shown = value === ensemble ? text["template.ensemble"] : value;
    if (this.#input.value !== shown) this.#input.value = shown;
  }

  /** @param {boolean} valid */
  set valid(valid) {
    this.#input.setAttribute("aria-invalid", String(!valid));
    setText(this.#hint, text[!valid ? "template.invalid" : this.value === ensemble ? "template.ensembleHint" : "template.hint"]);
  }
}

customElements.define("template-field", TemplateField);
