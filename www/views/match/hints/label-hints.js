/**
 * What was found, below the labels. Properties: `found`, or `trouble`. Events: `hint-fix` (a LabelFix), `hints-close`.
 */

import { emit, setText } from "../../../shell/dom.js";
import { text as shared } from "../../../shell/words.js";
import { icon, make } from "../make.js";
import { say, text } from "./words.js";

/** @typedef {import("../../../../semblance.js").LabelFinding} LabelFinding */

/** More are shown once these are settled. */
const atMost = 8;

export class LabelHints extends HTMLElement {
  #sum = make("p", { class: "sum", role: "status", tabindex: "-1" }, text["hints.checking"]);
  #list = make("ul", { role: "list", "aria-label": text["hints.list"] });
  #rest = make("p", { class: "hint" });
  #wired = false;

  connectedCallback() {
    if (this.#wired) return;
    this.#wired = true;
    const close = make("button", { type: "button", class: "icon-only close", "aria-label": shared["dialog.close"] }, icon("close"));
    close.addEventListener("click", () => emit(this, "hints-close"));
    this.append(make("div", { class: "head" }, this.#sum, close), this.#list, this.#rest);
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape") emit(this, "hints-close");
    });
  }

  focus() {
    this.#sum.focus();
  }

  /** @param {{ labels: string[], findings: LabelFinding[] }} found */
  set found({ labels, findings }) {
    const problems = findings.filter(({ severity }) => severity === "problem").length;
    const sum = findings.length ? say.found(problems, findings.length - problems) : text[labels.length ? "hints.none" : "hints.noLabels"];
    this.#fill(sum, findings.slice(0, atMost).map(item));
    setText(this.#rest, findings.length > atMost ? say.more(findings.length - atMost) : "");
  }

  /** @param {string} message */
  set trouble(message) {
    this.#fill(message, []);
    setText(this.#rest, "");
  }

  /** Whoever has just put one right goes on with the next. @param {string} sum @param {HTMLLIElement[]} items */
  #fill(sum, items) {
    const at = Array.from(this.#list.children).findIndex((one) => one.contains(document.activeElement));
    setText(this.#sum, sum);
    this.#list.replaceChildren(...items);
    if (at < 0) return;
    const next = items[Math.min(at, items.length - 1)]?.querySelector("button");
    if (next) next.focus();
    else this.focus();
  }
}

/** @param {LabelFinding} finding */
function item({ severity, message, fixes }) {
  const sign = severity === "problem" ? [icon("warning"), make("span", { class: "unseen" }, text["hints.problem"])] : [];
  const buttons = fixes.map((fix) => {
    const button = make("button", { type: "button" }, fix.title);
    button.addEventListener("click", () => emit(button, "hint-fix", fix));
    return button;
  });
  return make("li", {}, make("p", {}, ...sign, message), make("div", { class: "fixes" }, ...buttons));
}

customElements.define("label-hints", LabelHints);
