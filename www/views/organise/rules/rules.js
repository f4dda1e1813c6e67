/** Rules over the library: run together, each with its hits, why, what the person says of them, and how it does. */

import { part } from "../../../shell/dom.js";
import { download } from "../../../shell/leaving.js";
import { cell, exact } from "../../../shell/csv.js";
import { say, text } from "../words.js";
import { keepRules, keptRules } from "./kept.js";
import { RulesPanel } from "./rules-panel.js";

/** @typedef {import("../../../../semblance.js").Rule} Rule */
/** @typedef {import("../../../../semblance.js").LibraryRule} LibraryRule */
/** @typedef {import("../../../../semblance.js").RuleReport} RuleReport */
/** A rule with what was marked of it: the picture's score when it was marked. @typedef {{ rule: Rule, on: boolean, advice: string, marks: { library: string, id: number, score: number, right: boolean }[] }} KeptRule */

/** @type {import("../part.js").Acting} */
const nothing = { hidden: new Set(), blurred: new Set(), tagged: new Map() };

export class Rules {
  #needs;
  #panel;
  /** @type {KeptRule[]} */
  #rules = [];
  /** By the rule's name. @type {Map<string, LibraryRule>} */
  #found = new Map();
  /** @type {Map<string, RuleReport>} */
  #reports = new Map();
  #open = "";
  #library = "";
  /** @type {unknown} */
  #clip = null;
  #general = "";
  /** @type {import("../part.js").Acting} */
  #acting = nothing;

  /** @param {import("../part.js").Needs} needs @param {HTMLElement} root */
  constructor(needs, root) {
    this.#needs = needs;
    this.#panel = part(root, "rules-panel", RulesPanel);
    keptRules().then((kept) => {
      this.#rules = kept;
      needs.shell.redraw();
    });
  }

  changed() {
    const [library, clip] = [this.#needs.library(), this.#needs.shell.clip()];
    if (library === this.#library && clip === this.#clip) return;
    this.#library = library;
    this.#clip = clip;
    this.#found.clear();
    this.#acting = nothing;
    this.#open = "";
  }

  /** What is done with pictures, as far as the rules were applied. */
  get acting() {
    return this.#acting;
  }

  #act() {
    const of = (/** @type {string} */ action) => [...this.#found.values()].filter((rule) => rule.action === action);
    const ids = (/** @type {LibraryRule[]} */ rules) => new Set(rules.flatMap(({ hits }) => hits.map(({ id }) => id)));
    /** @type {Map<number, { word: string, probability: number }[]>} */
    const tagged = new Map();
    for (const { rule, hits } of of("tag")) for (const { id, probability } of hits) tagged.set(id, [...(tagged.get(id) ?? []), { word: rule, probability }]);
    this.#acting = { hidden: ids(of("hide")), blurred: ids(of("blur")), tagged };
  }

  draw() {
    this.#panel.content = { ready: this.#needs.ready(), rules: this.#rules, found: this.#found, reports: this.#reports, open: this.#open, general: this.#general };
  }

  texts() {
    return { labels: this.#rules.flatMap(({ rule }) => rule.labels), template: "{}" };
  }

  #keep() {
    keepRules(this.#rules);
    this.#needs.shell.redraw();
  }

  async #run() {
    const index = this.#needs.index();
    const on = this.#rules.filter(({ on }) => on);
    if (!index || on.length === 0) return;
    const marks = Object.fromEntries(on.map(({ rule, marks }) => [rule.name, marks.map(({ score, right }) => ({ score, right }))]));
    /** @type {LibraryRule[] | null} */
    const found = await this.#needs.work.run(text["rules.running"], (way) => index.moderate(on.map(({ rule }) => rule), { ...way, marks }));
    this.#needs.shell.used();
    if (!found) return;
    this.#found = new Map(found.map((one) => [one.rule, one]));
    this.#act();
    await this.#report();
    const open = this.#found.has(this.#open) ? this.#open : (found.find(({ hits }) => hits.length > 0)?.rule ?? "");
    if (open) this.#show(open);
    this.#needs.shell.announce(say.ruled(found.reduce((sum, { hits }) => sum + hits.length, 0)));
  }

  async #report() {
    for (const { rule, marks } of this.#rules) {
      if (marks.length === 0) this.#reports.delete(rule.name);
      else this.#reports.set(rule.name, await this.#needs.shell.library.ruleReport(marks.map(({ score, right }) => ({ score, right })), rule.threshold ?? rule.precision ?? 0.5));
    }
    this.#needs.shell.redraw();
  }

  /** @param {string} name */
  #show(name) {
    this.#open = name;
    const found = this.#found.get(name);
    if (!found) return this.#needs.show(null);
    this.#needs.show({
      title: name,
      ids: Uint32Array.from(found.hits, ({ id }) => id),
      values: Float32Array.from(found.hits, ({ probability }) => probability),
    });
  }

  /** @param {boolean} right */
  async #mark(right) {
    const { selected, shown } = this.#needs.getState();
    const found = this.#found.get(this.#open);
    const kept = this.#rules.find(({ rule }) => rule.name === this.#open);
    if (!found || !kept || !shown) return;
    const ids = shown.ids.filter((id) => selected.has(id));
    if (ids.length === 0) return this.#needs.shell.notice(text["rules.selectFirst"]);
    const scoreOf = new Map(Array.from(found.ids, (id, at) => [id, found.scores[at]]));
    const library = this.#needs.library();
    kept.marks = kept.marks.filter((mark) => mark.library !== library || !ids.includes(mark.id));
    kept.marks.push(...Array.from(ids, (id) => ({ library, id, score: scoreOf.get(id) ?? 0, right })));
    this.#needs.select([]);
    this.#keep();
    await this.#run();
  }

  /** @returns {import("../../../shell/view.js").Handlers} */
  get handlers() {
    const at = (/** @type {string} */ name) => this.#rules.findIndex(({ rule }) => rule.name === name);
    return {
      "rules-run": () => this.#run(),
      "rules-advice": async () => {
        const { general, rules } = await this.#needs.shell.library.ruleAdvice();
        this.#general = general;
        const there = new Set(this.#rules.map(({ rule }) => rule.name));
        this.#rules.push(...rules.filter(({ rule }) => !there.has(rule.name)).map(({ rule, evidence }) => ({ rule, on: true, advice: evidence, marks: [] })));
        this.#keep();
      },
      "rule-save": ({ rule, before }) => {
        const place = before === null ? -1 : at(before);
        if (rule.name !== before && at(rule.name) >= 0) return this.#needs.shell.notice(say.ruleTwice(rule.name));
        if (place < 0) this.#rules.push({ rule, on: true, advice: "", marks: [] });
        else {
          const { rule: old, marks } = this.#rules[place];
          // Marks are of the scores of the words that were.
          const same = JSON.stringify([old.labels, old.against, old.template]) === JSON.stringify([rule.labels, rule.against, rule.template]);
          this.#rules[place] = { ...this.#rules[place], rule, marks: same ? marks : [] };
        }
        this.#found.delete(before ?? "");
        this.#act();
        this.#keep();
      },
      "rule-switch": ({ name, on }) => {
        this.#rules[at(name)].on = on;
        this.#keep();
      },
      "rule-remove": ({ name }) => {
        this.#rules.splice(at(name), 1);
        this.#found.delete(name);
        this.#act();
        this.#keep();
      },
      "rule-open": ({ name }) => this.#show(name),
      "rule-right": () => this.#mark(true),
      "rule-wrong": () => this.#mark(false),
      "rules-csv": async () => {
        const index = this.#needs.index();
        const hits = [...this.#found.values()].flatMap(({ rule, action, hits }) => hits.map((hit) => ({ rule, action, ...hit })));
        const facts = (await index?.facts(hits.map(({ id }) => id))) ?? [];
        const lines = hits.map((hit, i) => [cell(facts[i].path), cell(hit.rule), hit.action, exact(hit.probability), cell(hit.label), cell(hit.against)].join(","));
        download(`${this.#needs.library()} rules.csv`, new Blob([["path,rule,action,probability,label,against", ...lines, ""].join("\r\n")], { type: "text/csv" }));
      },
    };
  }

  /** Why the picture at a place of what is shown is a hit. @param {number} id */
  why(id) {
    const hit = this.#found.get(this.#open)?.hits.find((one) => one.id === id);
    return hit ? say.ruleWhy(hit.label, hit.against, hit.probability) : "";
  }
}
