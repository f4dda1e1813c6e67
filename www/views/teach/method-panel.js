/**
 * By which method it is taught, and why. Property: `content`. Events: `settings-change` ({ change }), `classifier-back`.
 */

import { emit, part, setText } from "../../shell/dom.js";
import { say, text } from "./words.js";

/** @typedef {import("./state.js").TeachState} TeachState */
/** @typedef {import("../../../semblance.js").TeachReport} TeachReport */

export class MethodPanel extends HTMLElement {
  #method = part(this, ".method", HTMLSelectElement);
  #words = part(this, "input[type=checkbox]", HTMLInputElement);
  #template = part(this, ".template", HTMLSelectElement);
  #templateField = part(this, ".template-field", HTMLElement);
  #state = part(this, ".state", HTMLElement);
  #why = part(this, ".why", HTMLElement);
  #progress = part(this, ".progress", HTMLElement);
  #trouble = part(this, ".trouble", HTMLElement);
  #compared = part(this, "details", HTMLDetailsElement);
  #rows = part(this, "tbody", HTMLElement);
  #back = part(this, ".back", HTMLButtonElement);

  connectedCallback() {
    this.#method.addEventListener("change", () => emit(this, "settings-change", { change: { method: this.#method.value } }));
    this.#words.addEventListener("change", () => emit(this, "settings-change", { change: { words: this.#words.checked } }));
    this.#template.addEventListener("change", () => emit(this, "settings-change", { change: { template: this.#template.value } }));
    this.#back.addEventListener("click", () => emit(this, "classifier-back"));
  }

  /** @param {TeachState} state */
  set content({ lesson: { settings, classes }, teaching, taught, error }) {
    this.#method.value = settings.method;
    this.#words.checked = settings.words;
    this.#template.value = settings.template;
    this.#templateField.hidden = !settings.words;
    this.#trouble.hidden = error === "";
    setText(this.#trouble, error);
    this.#progress.hidden = teaching === null;
    if (teaching) {
      this.#progress.style.setProperty("--value", String(teaching.progress));
      this.#progress.ariaValueNow = String(Math.round(100 * teaching.progress));
    }
    this.#back.hidden = !taught?.opened;
    const report = taught?.report ?? null;
    setText(this.#state, teaching ? say.teaching(teaching.progress) : stateOf(taught, classes.length));
    setText(this.#why, report && !teaching ? whyOf(report) : "");
    this.#compared.hidden = !report?.judged;
    if (report) this.#rows.replaceChildren(...report.methods.map((one) => row(one, report.setting.method)));
  }
}

/** @param {import("./state.js").Taught | null} taught @param {number} classes */
function stateOf(taught, classes) {
  if (!taught) return classes > 0 ? say.waits() : "";
  if (taught.opened) return say.opened(taught.opened, taught.classes.length);
  return say.taught(taught.report?.examples ?? 0, taught.classes.length, taught.ms);
}

/** @param {TeachReport} report */
function whyOf({ methods, setting, judged }) {
  const name = (/** @type {string} */ method) => text[/** @type {keyof typeof text} */ (`method.${method}`)].split(":")[0];
  if (!judged) return say.unjudged(name(setting.method));
  const tried = methods.filter(({ accuracy, method }) => accuracy !== null && method !== setting.method);
  const words = tried.find(({ method }) => method === "zero-shot");
  const other = words ?? tried.sort((a, b) => (a.logLoss ?? 0) - (b.logLoss ?? 0))[0];
  const chosen = methods.find(({ method }) => method === setting.method);
  const own = { name: name(setting.method), accuracy: chosen?.accuracy ?? 0, loss: chosen?.logLoss ?? 0 };
  return say.why(own, other ? { name: name(other.method), accuracy: other.accuracy ?? 0, loss: other.logLoss ?? 0 } : null);
}

/** @param {TeachReport["methods"][number]} one @param {string} chosen */
function row({ method, accuracy, logLoss, skipped }, chosen) {
  const line = document.createElement("tr");
  line.classList.toggle("chosen", method === chosen);
  const name = text[/** @type {keyof typeof text} */ (`method.${method}`)].split(":")[0];
  line.append(Object.assign(document.createElement("th"), { scope: "row", textContent: name }));
  const cells = skipped ? [text[`method.${skipped}`], ""] : [accuracy === null ? "–" : say.share(accuracy), logLoss === null ? "–" : say.brier(logLoss)];
  line.append(...cells.map((value) => Object.assign(document.createElement("td"), { textContent: value })));
  return line;
}

customElements.define("method-panel", MethodPanel);
