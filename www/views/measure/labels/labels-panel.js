/** What is said of the labels. Property: `content`. Events: `fix-apply` ({ fix }), `label-try` ({ label }); its buttons' own. */

import { emit, part, setText } from "../../../shell/dom.js";
import { fill } from "../table.js";
import { say, text } from "../words.js";

/** @typedef {import("../state.js").MeasureState & { ready: boolean }} Content */
/** @typedef {import("../../../../semblance.js").LabelFinding} LabelFinding */

/** What is worth reading at a time. */
const findingsMost = 40;
/** Of labels that something is said about. */
const namedMost = 3;

export class LabelsPanel extends HTMLElement {
  /** @type {unknown} */
  #findings = null;
  /** @type {unknown} */
  #effects = null;

  connectedCallback() {
    const form = part(this, "form", HTMLFormElement);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const label = part(form, "input", HTMLInputElement).value.trim();
      if (label) emit(this, "label-try", { label });
    });
  }

  /** @param {Content} content */
  set content({ classes, findings, effects, ready }) {
    const go = part(this, "[data-event=check]", HTMLButtonElement);
    go.disabled = classes.length === 0 || !ready;
    go.title = classes.length === 0 ? text["checked.need"] : "";
    part(this, ".found", HTMLElement).hidden = findings === null;
    if (findings === null) return;
    setText(part(this, ".headline", HTMLElement), say.findings(findings.length));
    if (this.#findings !== findings) {
      this.#findings = findings;
      part(this, ".findings", HTMLElement).replaceChildren(...findings.slice(0, findingsMost).map((finding) => this.#item(finding, classes.map(({ words }) => words))));
    }
    part(this, ".effects", HTMLElement).hidden = effects === null;
    if (!effects) return;
    setText(part(this, ".tried", HTMLElement), effects.tried ? say.tried(effects.tried, effects.pictures) : "");
    if (this.#effects === effects.effects) return;
    this.#effects = effects.effects;
    fill(part(this, "table", HTMLTableElement), [text["effects.label"], text["effects.best"], text["effects.without"]], effects.effects.map(({ label, best, without }) => [label, String(best), best === 0 ? "" : say.without(without)]));
  }

  /** @param {LabelFinding} finding @param {string[]} labels */
  #item({ severity, message, fixes, labels: places }, labels) {
    const item = document.createElement("li");
    item.classList.toggle("problem", severity === "problem");
    const all = places.length === labels.length && labels.length > namedMost;
    const about = Object.assign(document.createElement("strong"), { textContent: all ? text["checked.all"] : places.map((at) => labels[at]).join(", ") });
    const buttons = document.createElement("div");
    buttons.className = "buttons";
    buttons.append(
      ...fixes.map((fix) => {
        const button = Object.assign(document.createElement("button"), { type: "button", textContent: fix.title });
        button.addEventListener("click", () => {
          emit(this, "fix-apply", { fix });
          part(this, "[data-event=check]", HTMLButtonElement).focus();
        });
        return button;
      }),
    );
    item.append(about, Object.assign(document.createElement("p"), { textContent: message }), buttons);
    return item;
  }
}

customElements.define("labels-panel", LabelsPanel);
