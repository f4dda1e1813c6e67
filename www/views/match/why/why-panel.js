/**
 * What is asked, how, and what came of it, under a card's photo. Properties: `labels`, `choice`, and one of `progress`, `said`,
 * `trouble`. Events: `why-choose`, `why-cancel`, `why-close`, `why-gone` (its card went).
 */

import { emit, setProgress, setText } from "../../../shell/dom.js";
import { text as shared } from "../../../shell/words.js";
import { icon, make } from "../make.js";
import { text } from "./words.js";

/** @typedef {{ label: string, method: import("../../../../semblance.js").ExplainMethod }} Choice */

/** @type {Choice["method"][]} */
const methods = ["patches", "occlusion"];
let last = 0;

export class WhyPanel extends HTMLElement {
  #labels = make("select", { id: `why-${++last}` });
  #methods = methods.map((method) => make("button", { type: "button", value: method }, text[`why.${method}`]));
  #bar = make("div", { class: "progress", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100", "aria-label": text["why.progress"] }, make("span", {}));
  #cancel = make("button", { type: "button", class: "quiet cancel" }, text["why.cancel"]);
  #said = make("p", { class: "said", role: "status" });
  #meaning = make("p", { class: "hint meaning" });
  #wired = false;

  connectedCallback() {
    if (this.#wired) return;
    this.#wired = true;
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", text["why.title"]);
    const close = make("button", { type: "button", class: "icon-only close", "aria-label": shared["dialog.close"] }, icon("close"));
    const sources = ["why.relative", "why.patchesSource", "why.occlusionSource"];
    this.append(
      make("label", { for: this.#labels.id }, text["why.label"]),
      make("div", { class: "chosen" }, this.#labels, close),
      make("div", { class: "segments", role: "group", "aria-label": text["why.methods"] }, ...this.#methods),
      make("div", { class: "state" }, this.#said, make("div", { class: "working" }, this.#bar, this.#cancel)),
      this.#meaning,
      make("details", {}, make("summary", {}, text["why.about"]), ...sources.map((key) => make("p", { class: "hint" }, text[/** @type {keyof typeof text} */ (key)]))),
    );
    this.#labels.addEventListener("change", () => emit(this, "why-choose"));
    for (const button of this.#methods) {
      button.addEventListener("click", () => {
        this.choice = { ...this.choice, method: /** @type {Choice["method"]} */ (button.value) };
        emit(this, "why-choose");
      });
    }
    this.#cancel.addEventListener("click", () => emit(this, "why-cancel"));
    close.addEventListener("click", () => emit(this, "why-close"));
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      emit(this, "why-close");
    });
  }

  disconnectedCallback() {
    emit(this, "why-gone");
  }

  focus() {
    this.#labels.focus();
  }

  /** @param {string[]} labels */
  set labels(labels) {
    this.#labels.replaceChildren(...labels.map((label) => make("option", {}, label)));
  }

  /** @returns {Choice} */
  get choice() {
    const method = this.#methods.find((button) => button.ariaPressed === "true")?.value;
    return { label: this.#labels.value, method: /** @type {Choice["method"]} */ (method) };
  }

  set choice({ label, method }) {
    this.#labels.value = label;
    for (const button of this.#methods) button.ariaPressed = String(button.value === method);
    setText(this.#meaning, text[`why.${method}Why`]);
  }

  /** @param {number} progress 0..1 */
  set progress(progress) {
    this.dataset.state = "working";
    setProgress(this.#bar, progress);
  }

  /** @param {string} said */
  set said(said) {
    this.#say("shown", said);
  }

  /** @param {string} message */
  set trouble(message) {
    this.#say("failed", message);
  }

  /** @param {string} state @param {string} message */
  #say(state, message) {
    const cancelling = this.#cancel === document.activeElement;
    this.dataset.state = state;
    setText(this.#said, message);
    // The button goes, and with it would the focus.
    if (cancelling) this.#methods.find((button) => button.ariaPressed === "true")?.focus();
  }
}

customElements.define("why-panel", WhyPanel);
