/**
 * The rules, each with what it found and how it does, and a dialog to write one. Property: `content` (RulesContent). Events: `rules-run`,
 * `rules-advice`, `rule-save` ({ rule, before }), `rule-switch` ({ name, on }), `rule-remove` ({ name }), `rule-open` ({ name }).
 */

import { clone, emit, part, setText } from "../../../shell/dom.js";
import { say, text } from "../words.js";

/**
 * @typedef {object} RulesContent
 * @property {boolean} ready
 * @property {import("./rules.js").KeptRule[]} rules
 * @property {Map<string, import("../../../../semblance.js").LibraryRule>} found
 * @property {Map<string, import("../../../../semblance.js").RuleReport>} reports
 * @property {string} open
 * @property {string} general
 */

export class RulesPanel extends HTMLElement {
  #go = part(this, "[data-event=rules-run]", HTMLButtonElement);
  #csv = part(this, "[data-event=rules-csv]", HTMLButtonElement);
  #need = part(this, ".need", HTMLElement);
  #none = part(this, ".none", HTMLElement);
  #general = part(this, ".general", HTMLElement);
  #list = part(this, ".rules", HTMLUListElement);
  #dialog = part(this, "dialog", HTMLDialogElement);
  #form = part(this, "form", HTMLFormElement);
  #wrong = part(this, ".wrong", HTMLElement);
  /** @type {RulesContent | null} */
  #content = null;
  #listed = "";
  /** The rule that is written anew. @type {string | null} */
  #before = null;

  connectedCallback() {
    part(this, ".write", HTMLButtonElement).addEventListener("click", () => this.#write(null));
    this.#list.addEventListener("click", ({ target }) => this.#onClick(target));
    this.#list.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement) emit(this, "rule-switch", { name: target.value, on: target.checked });
    });
    this.#dialog.addEventListener("click", ({ target }) => {
      if (target === this.#dialog || (target instanceof Element && target.closest("button")?.value === "close")) this.#dialog.close();
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
  }

  /** @param {EventTarget | null} target */
  #onClick(target) {
    const button = target instanceof Element ? target.closest("button") : null;
    const name = button?.closest("li")?.dataset.name;
    if (!button || name === undefined) return;
    if (button.matches(".hits")) emit(this, "rule-open", { name });
    else if (button.matches(".edit")) this.#write(name);
    else emit(this, "rule-remove", { name });
  }

  /** @param {RulesContent} content */
  set content(content) {
    this.#content = content;
    const { ready, rules, found, reports, open, general } = content;
    this.#go.disabled = !ready || !rules.some(({ on }) => on);
    this.#csv.hidden = found.size === 0;
    this.#need.hidden = ready;
    this.#none.hidden = rules.length > 0;
    setText(this.#general, general);
    this.#general.hidden = !rules.some(({ advice }) => advice);
    if (!general && !this.#general.hidden) setText(this.#general, text["rules.advisory"]);
    const listed = JSON.stringify([rules, [...found.values()].map(({ rule, hits, least }) => [rule, hits.length, least]), [...reports], open]);
    if (listed === this.#listed) return;
    this.#listed = listed;
    this.#list.replaceChildren(...rules.map((kept) => this.#line(kept, found.get(kept.rule.name), reports.get(kept.rule.name), kept.rule.name === open)));
  }

  /**
   * @param {import("./rules.js").KeptRule} kept
   * @param {import("../../../../semblance.js").LibraryRule | undefined} found
   * @param {import("../../../../semblance.js").RuleReport | undefined} report
   * @param {boolean} open
   */
  #line({ rule, on, advice }, found, report, open) {
    const line = clone("t-rule", HTMLLIElement);
    line.dataset.name = rule.name;
    const check = part(line, "input", HTMLInputElement);
    Object.assign(check, { checked: on, value: rule.name });
    setText(part(line, ".name", HTMLElement), rule.name);
    setText(part(line, ".what", HTMLElement), say.ruleWhat(text[`action.${rule.action ?? "list"}`], rule.labels, rule.threshold, rule.precision));
    const evidence = part(line, "details", HTMLDetailsElement);
    evidence.hidden = !advice;
    setText(part(evidence, "p", HTMLElement), advice);
    const hits = part(line, ".hits", HTMLButtonElement);
    hits.hidden = !found;
    hits.ariaPressed = String(open);
    setText(hits, found ? say.hits(found.hits.length) : "");
    const said = part(line, ".report", HTMLElement);
    said.hidden = !report;
    setText(said, report ? say.report(report) : "");
    part(line, ".edit", HTMLButtonElement).ariaLabel = say.editRule(rule.name);
    part(line, ".remove", HTMLButtonElement).ariaLabel = say.removeRule(rule.name);
    return line;
  }

  /** @param {string | null} name */
  #write(name) {
    this.#before = name;
    const rule = this.#content?.rules.find((kept) => kept.rule.name === name)?.rule;
    const set = (/** @type {string} */ field, /** @type {string} */ value) => {
      /** @type {HTMLInputElement} */ (this.#form.elements.namedItem(field)).value = value;
    };
    set("name", rule?.name ?? "");
    set("labels", rule?.labels.join("\n") ?? "");
    set("against", rule?.against?.join("\n") ?? "");
    set("action", rule?.action ?? "list");
    set("by", rule?.precision === undefined ? "threshold" : "precision");
    set("least", String(Math.round(100 * (rule?.precision ?? rule?.threshold ?? 0.5))));
    setText(part(this.#dialog, "h2", HTMLElement), name === null ? text["rule.new"] : say.editRule(name));
    setText(this.#wrong, "");
    this.#dialog.showModal();
  }

  #save() {
    const data = new FormData(this.#form);
    const field = (/** @type {string} */ name) => String(data.get(name) ?? "").trim();
    const lines = (/** @type {string} */ name) => [...new Set(field(name).split("\n").map((line) => line.trim()).filter(Boolean))];
    const least = Number(field("least")) / 100;
    const wrong = !field("name") ? text["rule.noName"] : lines("labels").length === 0 ? text["rule.noLabels"] : !(least > 0 && least < 1) ? text["rule.noLeast"] : "";
    setText(this.#wrong, wrong);
    if (wrong) return;
    const by = field("by") === "precision" ? { precision: least } : { threshold: least };
    const rule = { name: field("name"), labels: lines("labels"), against: lines("against"), template: "{}", action: field("action"), ...by };
    this.#dialog.close();
    emit(this, "rule-save", { rule, before: this.#before });
  }
}

customElements.define("rules-panel", RulesPanel);
