/**
 * How results are shown, and how they leave. Properties: `view`, `matrixAllowed`, `numbers`, `allLabels`, `manyLabels`,
 * `hasScores`, `checkable`. Events: `view-change` ({ view }), `toggle-shown` ({ what }), `export-csv`, `export-json`, `copy-table`,
 * `share-link`, `check-answers`.
 */

import { emit, part } from "../../shell/dom.js";
import { text } from "./words.js";

export class ResultBar extends HTMLElement {
  connectedCallback() {
    /** @type {[string, string, unknown?][]} */
    const buttons = [
      ["view-cards", "view-change", { view: "cards" }],
      ["view-matrix", "view-change", { view: "matrix" }],
      ["show-numbers", "toggle-shown", { what: "numbers" }],
      ["show-all", "toggle-shown", { what: "allLabels" }],
      ["export-csv", "export-csv"],
      ["export-json", "export-json"],
      ["copy", "copy-table"],
      ["share", "share-link"],
      ["check", "check-answers"],
    ];
    for (const [id, event, detail] of buttons) this.#button(id).addEventListener("click", () => emit(this, event, detail));
  }

  /** @param {"cards" | "matrix"} view */
  set view(view) {
    this.#press("view-cards", view === "cards");
    this.#press("view-matrix", view === "matrix");
    this.#button("show-numbers").hidden = view === "matrix";
    this.dataset.view = view;
  }

  /** @param {boolean} allowed */
  set matrixAllowed(allowed) {
    this.#button("view-matrix").disabled = !allowed;
    this.#button("view-matrix").title = allowed ? "" : text["view.matrixWhy"];
  }

  /** @param {boolean} shown */
  set numbers(shown) {
    this.#press("show-numbers", shown);
  }

  /** @param {boolean} shown */
  set allLabels(shown) {
    this.#press("show-all", shown);
  }

  /** There are more labels than a card shows at first. @param {boolean} many */
  set manyLabels(many) {
    this.#button("show-all").hidden = !many || this.dataset.view === "matrix";
  }

  /** @param {boolean} has */
  set hasScores(has) {
    for (const id of ["export-csv", "export-json", "copy"]) this.#button(id).disabled = !has;
  }

  /** There are answers that can be right or wrong. @param {boolean} can */
  set checkable(can) {
    this.#button("check").disabled = !can;
  }

  /** @param {string} id */
  #button(id) {
    return part(this, `#${id}`, HTMLButtonElement);
  }

  /** @param {string} id @param {boolean} pressed */
  #press(id, pressed) {
    this.#button(id).setAttribute("aria-pressed", String(pressed));
  }
}

customElements.define("result-bar", ResultBar);
