/**
 * How good it is: what is compared, and what came of it. Properties: `content`, `models` (what may be compared). Events:
 * `systems-change` ({ systems }), `result-show` ({ shown }), `run-file` ({ file }); its buttons' own.
 */

import { clone, emit, part, setText } from "../../../shell/dom.js";
import { fill } from "../table.js";
import { say, text } from "../words.js";

/** @typedef {import("../state.js").MeasureState & { ready: boolean, loaded: string }} Content */
/** @typedef {import("../state.js").System} System */
/** @typedef {import("../state.js").Measured} Measured */
/** @typedef {{ model: string, name: string }} Offered */

const templates = ["a photo of a {}", "a photo of {}", "{}"];
/** Of what could be looked at for long. */
const [confusionsMost, mistakesMost] = [12, 24];

export class AccuracyPanel extends HTMLElement {
  /** @type {Offered[]} */
  #models = [];
  /** @type {Content | null} */
  #content = null;
  /** @type {unknown} */
  #drawn = null;
  /** @type {string[]} */
  #urls = [];
  /** Which system a classifier's file is chosen for. */
  #choosing = 0;
  #list = part(this, ".systems", HTMLUListElement);
  #file = part(this, "input.classifier", HTMLInputElement);
  #run = part(this, "input.run", HTMLInputElement);

  connectedCallback() {
    this.#list.addEventListener("change", ({ target }) => this.#changed(/** @type {HTMLElement} */ (target)));
    this.#list.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest(".remove") : null;
      if (button) this.#remove(this.#placeOf(button));
    });
    this.#file.addEventListener("change", () => {
      const [classifier] = this.#file.files ?? [];
      this.#file.value = "";
      if (classifier) this.#change(this.#choosing, { words: "classifier", classifier });
    });
    this.#run.addEventListener("change", () => {
      const [file] = this.#run.files ?? [];
      this.#run.value = "";
      if (file) emit(this, "run-file", { file });
    });
    part(this, ".table", HTMLTableElement).addEventListener("click", ({ target }) => {
      const row = target instanceof Element ? target.closest("button") : null;
      if (row) emit(this, "result-show", { shown: Number(row.dataset.system) });
    });
  }

  /** @param {Offered[]} models */
  set models(models) {
    this.#models = models;
    if (this.#content) this.content = this.#content;
  }

  /** @param {Content} content */
  set content(content) {
    this.#content = content;
    const { items, classes, labelled, measured, ready, systems } = content;
    this.#drawSystems(systems);
    const enough = labelled && classes.length > 1 && items.length > 0;
    part(this, ".go", HTMLButtonElement).disabled = !enough || !ready;
    const need = part(this, ".need", HTMLElement);
    need.hidden = enough;
    setText(need, text[labelled && classes.length === 1 ? "accuracy.needTwo" : "accuracy.need"]);
    const found = part(this, ".found", HTMLElement);
    found.hidden = !measured;
    if (measured) this.#drawFound(measured, content);
  }

  /** @param {System[]} systems */
  #drawSystems(systems) {
    while (this.#list.children.length > systems.length) this.#list.lastElementChild?.remove();
    while (this.#list.children.length < systems.length) this.#list.append(clone("t-system", HTMLLIElement));
    systems.forEach((system, at) => this.#drawSystem(this.#list.children[at], system, systems.length > 1));
  }

  /** @param {Element} row @param {System} system @param {boolean} several */
  #drawSystem(row, { model, modelName, dtype, words, template, classifier }, several) {
    const known = [{ model: "", name: text["systems.present"] }, ...this.#models];
    if (model !== null && !known.some((one) => one.model === model)) known.push({ model, name: modelName || model });
    options(part(row, ".model", HTMLSelectElement), known.map(({ model, name }) => [model, name]), model ?? "");
    part(row, ".dtype", HTMLSelectElement).value = dtype;
    const own = words === "template" && !templates.includes(template);
    /** @type {[string, string][]} */
    const choices = [...templates.map((one) => /** @type {[string, string]} */ ([one, one])), ["imagenet", text["systems.imagenet"]], ["own", text["systems.ownTemplate"]], ["classifier", classifier?.name ?? text["systems.classifier"]]];
    options(part(row, "select.words", HTMLSelectElement), choices, own ? "own" : words === "template" ? template : words);
    part(row, ".own", HTMLElement).hidden = !own;
    const field = part(row, "input.template", HTMLInputElement);
    if (document.activeElement !== field) field.value = template;
    const remove = part(row, ".remove", HTMLButtonElement);
    remove.hidden = !several;
    remove.ariaLabel = text["systems.remove"];
  }

  /** @param {Element} element */
  #placeOf(element) {
    const row = element.closest("li");
    return row ? Array.from(this.#list.children).indexOf(row) : -1;
  }

  /** @param {HTMLElement} target */
  #changed(target) {
    const at = this.#placeOf(target);
    if (target instanceof HTMLInputElement) {
      if (target.value.includes("{}")) this.#change(at, { words: "template", template: target.value });
      else target.value = this.#content?.systems[at].template ?? "{}";
      return;
    }
    if (!(target instanceof HTMLSelectElement)) return;
    const { value } = target;
    if (target.matches(".model")) this.#change(at, { model: value || null, modelName: this.#models.find(({ model }) => model === value)?.name ?? "" });
    else if (target.matches(".dtype")) this.#change(at, { dtype: value === "f32" ? "f32" : "int8" });
    else if (value === "classifier") {
      this.#choosing = at;
      this.#file.click();
      if (this.#content) this.#drawSystems(this.#content.systems);
    } else if (value === "imagenet") this.#change(at, { words: "imagenet" });
    else this.#change(at, { words: "template", template: value === "own" ? "a good photo of a {}" : value });
  }

  /** @param {number} at @param {Partial<System>} change */
  #change(at, change) {
    const systems = this.#content?.systems ?? [];
    emit(this, "systems-change", { systems: systems.map((system, place) => (place === at ? { ...system, ...change } : system)) });
  }

  /** @param {number} at */
  #remove(at) {
    const systems = (this.#content?.systems ?? []).filter((_, place) => place !== at);
    emit(this, "systems-change", { systems });
    part(this, ".add", HTMLButtonElement).focus();
  }

  /** @param {Measured} measured @param {Content} content */
  #drawFound(measured, { shown, repeated }) {
    const { results, compared } = measured;
    const best = compared.findIndex(({ comparison }) => comparison === null);
    const { report } = results[best].evaluation;
    setText(part(this, ".headline", HTMLElement), say.headline(report.top1, report.pictures));
    const [next] = compared.flatMap(({ holm, system, accuracy }) => (holm === null ? [] : [{ holm, system, accuracy }])).sort((a, b) => b.accuracy - a.accuracy);
    setText(part(this, ".said-of", HTMLElement), next ? say.clear(results[best].name, results[next.system].name, next.holm) : "");
    const again = part(this, ".repeated", HTMLElement);
    again.hidden = repeated === "";
    setText(again, repeated);
    if (this.#drawn !== measured) this.#drawTable(measured);
    for (const button of this.querySelectorAll(".table button")) button.ariaPressed = String(/** @type {HTMLElement} */ (button).dataset.system === String(shown));
    if (this.#drawn !== measured || this.dataset.shown !== String(shown)) this.#drawDetails(measured, shown);
    this.#drawn = measured;
    this.dataset.shown = String(shown);
  }

  /** @param {Measured} measured */
  #drawTable({ results, compared }) {
    const table = part(this, ".table", HTMLTableElement);
    const head = ["table.system", "table.top1", "table.top5", "table.map", "table.balanced", "table.measuredEce", "table.difference", "table.p"];
    fill(
      table,
      head.map((key) => text[/** @type {"table.p"} */ (key)]),
      results.map(({ name, evaluation: { report } }, at) => {
        const { comparison, holm } = compared[at];
        const { top1, top5, meanAveragePrecision, balancedAccuracy, reliability } = report;
        const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: name });
        button.dataset.system = String(at);
        return [
          button,
          say.shareBetween(top1.share, top1.wilson),
          say.share(top5.share),
          meanAveragePrecision ? say.share(meanAveragePrecision.value) : "",
          say.share(balancedAccuracy),
          say.ece(reliability.ece),
          comparison ? say.points(comparison.difference, comparison.interval) : text["table.best"],
          holm === null ? "" : say.p(holm),
        ];
      }),
    );
  }

  /** @param {Measured} measured @param {number} shown */
  #drawDetails({ results, items, classes }, shown) {
    const { name, evaluation } = results[shown] ?? results[0];
    const { report, answers, probabilities } = evaluation;
    setText(part(this, "h3.of", HTMLElement), say.of(name));
    const confused = report.mostConfused.slice(0, confusionsMost).map(({ truth, answer, count }) => say.confused(classes[truth].name, classes[answer].name, count));
    part(this, ".confused", HTMLElement).replaceChildren(...(confused.length > 0 ? confused : [text["confused.none"]]).map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    const head = ["perClass.class", "perClass.pictures", "perClass.recall", "perClass.precision", "perClass.ap"];
    fill(
      part(this, ".per-class", HTMLTableElement),
      head.map((key) => text[/** @type {"perClass.ap"} */ (key)]),
      report.classes.map((one, at) => [classes[at].name, String(one.examples), one.recall === null ? "" : say.shareBetween(one.recall, one.recallInterval), one.precision === null ? "" : say.share(one.precision), one.averagePrecision === null ? "" : say.share(one.averagePrecision)]),
    );
    for (const url of this.#urls) URL.revokeObjectURL(url);
    // The surest first: those say most.
    const wrong = Array.from(items.keys()).filter((row) => answers[row] !== items[row].truth).sort((a, b) => probabilities[b] - probabilities[a]);
    const cards = wrong.slice(0, mistakesMost).map((row) => mistake(items[row].file, say.mistake(classes[items[row].truth].name, classes[answers[row]].name, probabilities[row])));
    this.#urls = cards.map(({ url }) => url);
    const more = wrong.length > cards.length ? [Object.assign(document.createElement("li"), { className: "hint", textContent: say.moreMistakes(wrong.length - cards.length) })] : [];
    part(this, ".mistakes", HTMLElement).replaceChildren(...cards.map(({ item }) => item), ...more);
    part(this, ".none", HTMLElement).hidden = wrong.length > 0;
  }
}

/** @param {File} file @param {string} said */
function mistake(file, said) {
  const url = URL.createObjectURL(file);
  const item = document.createElement("li");
  const image = Object.assign(document.createElement("img"), { src: url, alt: "", loading: "lazy", decoding: "async" });
  item.append(image, Object.assign(document.createElement("span"), { textContent: said }));
  return { item, url };
}

/** @param {HTMLSelectElement} select @param {[string, string][]} choices @param {string} value */
function options(select, choices, value) {
  const key = JSON.stringify(choices);
  if (select.dataset.choices !== key) {
    select.dataset.choices = key;
    select.replaceChildren(...choices.map(([value, name]) => new Option(name, value)));
  }
  select.value = value;
}

customElements.define("accuracy-panel", AccuracyPanel);
