/** Counterfactual prompts. Property: `content`. Events: `probe-change` ({ probe }); its buttons' own. */

import { emit, part, setText } from "../../../shell/dom.js";
import { say, text } from "../words.js";
import { listOf, names, probeOf } from "./bank.js";

/** @typedef {import("../state.js").MeasureState & { ready: boolean }} Content */
/** @typedef {import("../../../../semblance.js").BiasProbe} BiasProbe */
/** @typedef {import("../../../../semblance.js").Bias} Bias */

export class BiasPanel extends HTMLElement {
  #bank = part(this, ".bank", HTMLSelectElement);
  #fields = { groups: part(this, ".groups", HTMLInputElement), attributes: part(this, ".attributes", HTMLInputElement), prompt: part(this, ".prompt", HTMLInputElement), base: part(this, ".base", HTMLInputElement) };
  /** @type {unknown} */
  #shown = null;

  connectedCallback() {
    this.#bank.replaceChildren(...names.map((name, at) => new Option(name, String(at))), new Option(text["bias.bankOwn"], "own"));
    this.#bank.addEventListener("change", () => {
      if (this.#bank.value === "own") this.#fields.groups.focus();
      else emit(this, "probe-change", { probe: probeOf(Number(this.#bank.value)) });
    });
    for (const field of Object.values(this.#fields)) {
      field.addEventListener("change", () => {
        this.#bank.value = "own";
        const { groups, attributes, prompt, base } = this.#fields;
        emit(this, "probe-change", { probe: { groups: listOf(groups.value), attributes: listOf(attributes.value), prompt: prompt.value.trim(), base: base.value.trim() } });
      });
    }
  }

  /** @param {Content} content */
  set content({ items, probe, bias, ready }) {
    const { groups, attributes, prompt, base } = this.#fields;
    for (const [field, value] of /** @type {const} */ ([[groups, probe.groups.join(", ")], [attributes, probe.attributes.join(", ")], [prompt, probe.prompt], [base, probe.base]])) {
      if (document.activeElement !== field && field.value !== value) field.value = value;
    }
    part(this, ".own", HTMLButtonElement).disabled = items.length < 2 || !ready;
    part(this, "[data-event=bias-neutral]", HTMLButtonElement).disabled = !ready;
    part(this, ".found", HTMLElement).hidden = !bias;
    if (!bias || this.#shown === bias) return;
    this.#shown = bias;
    setText(part(this, ".headline", HTMLElement), say.biasSummary(bias.bias, bias.probe));
    setText(part(this, ".why", HTMLElement), say.biasWhy(bias.probe, bias.neutral));
    const most = Math.max(1, ...bias.bias.shifts.flatMap(({ interval }) => [Math.abs(interval.low), Math.abs(interval.high)]).filter(Number.isFinite));
    part(this, ".shifts", HTMLElement).replaceChildren(...bias.bias.shifts.map((shift) => row(shift, bias.probe, bias.bias.smallest, most)));
    setText(part(this, ".axis", HTMLElement), say.biasAxis(bias.bias.smallest, most));
  }
}

/** A shift with its interval on a line. @param {Bias["shifts"][0]} shift @param {BiasProbe} probe @param {number} smallest @param {number} most */
function row({ group, attribute, mean, interval, verdict }, { groups, attributes }, smallest, most) {
  const item = document.createElement("li");
  item.className = verdict;
  const place = (/** @type {number} */ value) => String(Math.min(1, Math.max(0, (value / most + 1) / 2)));
  const line = document.createElement("span");
  line.className = "line";
  const values = { "--low": place(interval.low), "--high": place(interval.high), "--mean": place(mean), "--band-low": place(-smallest), "--band-high": place(smallest) };
  for (const [name, value] of Object.entries(values)) line.style.setProperty(name, value);
  const mark = (/** @type {string} */ name) => Object.assign(document.createElement("i"), { className: name });
  line.append(mark("band"), mark("zero"), mark("interval"), mark("mean"));
  const name = groups.length > 2 ? `${attributes[attribute]}: ${groups[group]}` : attributes[attribute];
  const other = groups.length === 2 ? say.towards(groups[1 - group]) : say.awayFrom(groups[group]);
  const said = verdict === "towards-a" ? say.towards(groups[group]) : verdict === "towards-b" ? other : text[`bias.${verdict}`];
  const cell = (/** @type {string} */ className, /** @type {string} */ content) => Object.assign(document.createElement("span"), { className, textContent: content });
  item.append(cell("name", name), line, cell("value", say.shift(mean, interval)), cell("verdict", said));
  return item;
}

customElements.define("bias-panel", BiasPanel);
