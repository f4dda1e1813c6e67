/**
 * How good the classifier is, a part at a time. Properties: `content`, `small`. Events: `cell-open` ({ truth, answer }), `mistake-move`
 * ({ id, key }), `mistake-keep` ({ id }), `threshold-change` ({ threshold }), `curve-run`, `small-wanted`.
 */

import { emit, part, setText } from "../../../shell/dom.js";
import { format } from "../../../shell/format.js";
import { smallPicture } from "../classes/small-picture.js";
import { say, text } from "../words.js";
import { confusionTable } from "./confusions.js";
import { coveragePlot, learningPlot, pointAt, refusedAt } from "./curves.js";
import { reliabilityPlot } from "./reliability.js";

/** @typedef {import("../state.js").TeachState} TeachState */
/** @typedef {import("../state.js").Taught} Taught */
/** @typedef {NonNullable<import("../../../../semblance.js").TeachReport["judged"]>} Judged */

/** Of each list, as much as can be looked at. */
const listed = 12;
const rowsAtMost = 200;

export class QualityPanel extends HTMLElement {
  #accuracy = part(this, ".accuracy", HTMLElement);
  #how = part(this, ".how", HTMLElement);
  #next = part(this, ".next", HTMLElement);
  #tabs = Array.from(this.querySelectorAll("[role=tab]"), (tab) => /** @type {HTMLButtonElement} */ (tab));
  #slider = part(this, "input[type=range]", HTMLInputElement);
  #open = "matrix";
  /** What is drawn, so that nothing is drawn twice. */
  #drawn = "";
  #version = 0;
  /** @type {Taught | null} */
  #taught = null;
  /** @type {TeachState | null} */
  #state = null;
  /** @type {import("../classes/small-picture.js").Small} */
  small = () => undefined;

  connectedCallback() {
    for (const tab of this.#tabs) tab.addEventListener("click", () => this.#show(tab.dataset.tab ?? ""));
    part(this, "[role=tablist]", HTMLElement).addEventListener("keydown", (event) => this.#onKey(/** @type {KeyboardEvent} */ (event)));
    this.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (!button) return;
      const { truth, answer, event, id, key } = button.dataset;
      if (truth !== undefined) emit(this, "cell-open", { truth: Number(truth), answer: Number(answer) });
      else if (event === "mistake-move") emit(this, "mistake-move", { id: Number(id), key });
      else if (event === "mistake-keep") emit(this, "mistake-keep", { id: Number(id) });
      else if (event) emit(this, event);
    });
    this.#slider.addEventListener("input", () => emit(this, "threshold-change", { threshold: this.#slider.valueAsNumber }));
    part(this, ".reset", HTMLButtonElement).addEventListener("click", () => emit(this, "threshold-change", { threshold: this.#taught?.report?.judged?.openSet.threshold.threshold ?? null }));
    part(this, ".off", HTMLButtonElement).addEventListener("click", () => emit(this, "threshold-change", { threshold: null }));
  }

  /** @param {TeachState} state */
  set content(state) {
    const { taught, lesson, curve, next } = state;
    const judged = taught?.report?.judged ?? null;
    this.hidden = !judged;
    if (!taught || !judged) return;
    if (taught.report !== this.#taught?.report || lesson.sure !== this.#state?.lesson.sure || curve !== this.#state?.curve || next !== this.#state?.next || taught.threshold !== this.#taught?.threshold) this.#version += 1;
    [this.#taught, this.#state] = [taught, state];
    const { quality, needs } = judged;
    const names = taught.classes.map(({ name }) => name);
    setText(this.#accuracy, say.right(quality.accuracy, quality.accuracyInterval));
    setText(this.#how, say.heldOut(quality.correct, quality.examples, taught.report?.folds === quality.examples));
    setText(this.#next, say.next(needs.slice(0, 3).filter(({ need }) => need > 0.02).map((need) => names[need.class])));
    this.#draw();
  }

  /** @param {string} tab */
  #show(tab) {
    this.#open = tab;
    this.#draw();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const at = this.#tabs.findIndex(({ dataset }) => dataset.tab === this.#open);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: this.#tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tab = this.#tabs[(to + this.#tabs.length) % this.#tabs.length];
    this.#show(tab.dataset.tab ?? "");
    tab.focus();
  }

  #draw() {
    for (const tab of this.#tabs) {
      const open = tab.dataset.tab === this.#open;
      tab.ariaSelected = String(open);
      tab.tabIndex = open ? 0 : -1;
      part(this, `#quality-${tab.dataset.tab}`, HTMLElement).hidden = !open;
    }
    const drawing = `${this.#open} ${this.#version}`;
    const judged = this.#taught?.report?.judged;
    if (!judged || this.#drawn === drawing) return;
    this.#drawn = drawing;
    const names = this.#taught?.classes.map(({ name }) => name) ?? [];
    const root = part(this, `#quality-${this.#open}`, HTMLElement);
    if (this.#open === "matrix") this.#drawMatrix(root, judged, names);
    if (this.#open === "classes") this.#drawClasses(root, judged, names);
    if (this.#open === "doubts") this.#drawDoubts(root, judged, names);
    if (this.#open === "calibration") this.#drawCalibration(root, judged);
    if (this.#open === "openset") this.#drawOpenSet(root, judged);
    if (this.#open === "learning") this.#drawLearning(root);
    emit(this, "small-wanted");
  }

  /** @param {HTMLElement} root @param {Judged} judged @param {string[]} names */
  #drawMatrix(root, judged, names) {
    const { table, part: some } = confusionTable(judged.quality.confusion, names);
    part(root, ".scroll", HTMLElement).replaceChildren(table);
    part(root, ".some", HTMLElement).hidden = !some;
  }

  /** @param {HTMLElement} root @param {Judged} judged @param {string[]} names */
  #drawClasses(root, judged, names) {
    const rank = new Map(judged.needs.map((need, at) => [need.class, at]));
    const order = names.map((_, at) => at).sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
    const percent = (/** @type {number | null} */ part) => (part === null ? "–" : say.share(part));
    const rows = order.slice(0, rowsAtMost).map((at) => {
      const { examples, precision, recall } = judged.quality.classes[at];
      const row = document.createElement("tr");
      const head = Object.assign(document.createElement("th"), { scope: "row", textContent: names[at] });
      row.append(head, ...[format.count(examples), percent(precision), percent(recall)].map((value) => Object.assign(document.createElement("td"), { textContent: value })));
      return row;
    });
    part(root, "tbody", HTMLElement).replaceChildren(...rows);
  }

  /** @param {HTMLElement} root @param {Judged} judged @param {string[]} names */
  #drawDoubts(root, judged, names) {
    const taught = /** @type {Taught} */ (this.#taught);
    const state = /** @type {TeachState} */ (this.#state);
    const order = taught.classes.flatMap(({ ids }) => ids);
    const keys = taught.classes.map(({ key }) => key);
    const given = taught.classes.flatMap(({ ids, name }) => ids.map(() => name));
    const sure = new Set(state.lesson.sure);
    const mistakes = judged.mistakes.filter(({ example }) => !sure.has(order[example])).slice(0, listed);
    part(root, ".no-mistakes", HTMLElement).hidden = mistakes.length > 0;
    part(root, ".mistakes", HTMLElement).replaceChildren(
      ...mistakes.map(({ example, given, likely, selfConfidence }) =>
        this.#row(order[example], say.mistake(names[given], names[likely], selfConfidence), [
          { event: "mistake-move", key: keys[likely], label: say.moveTo(names[likely]) },
          { event: "mistake-keep", key: "", label: text["doubts.keep"] },
        ]),
      ),
    );
    const doubtful = judged.doubtful.slice(0, listed);
    part(root, ".doubtful", HTMLElement).replaceChildren(
      ...doubtful.map(({ example, answer, second }) => this.#row(order[example], say.doubt(given[example], names[answer], names[second]), [])),
    );
    part(root, ".unlabelled", HTMLElement).hidden = state.next.length === 0;
    part(root, ".unlabelled ul", HTMLElement).replaceChildren(
      ...state.next.map(({ id, answer, second }) => this.#row(id, say.doubt("", names[answer], names[second]), [answer, second].map((at) => ({ event: "mistake-move", key: keys[at], label: names[at] })))),
    );
  }

  /** @param {number} id @param {string} sentence @param {{ event: string, key: string, label: string }[]} buttons */
  #row(id, sentence, buttons) {
    const item = document.createElement("li");
    const actions = buttons.map(({ event, key, label }) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
      Object.assign(button.dataset, { event, key, id: String(id) });
      return button;
    });
    const line = Object.assign(document.createElement("div"), { className: "buttons" });
    line.append(...actions);
    const said = document.createElement("div");
    said.append(Object.assign(document.createElement("p"), { textContent: sentence }), ...(actions.length > 0 ? [line] : []));
    item.append(smallPicture(id, this.small), said);
    return item;
  }

  /** @param {HTMLElement} root @param {Judged} judged */
  #drawCalibration(root, { before, after, kind }) {
    part(root, ".plots", HTMLElement).replaceChildren(reliabilityPlot(before, text["calibration.before"]), reliabilityPlot(after, text["calibration.after"]));
    setText(part(root, ".kind", HTMLElement), `${say.kind(kind)} ${say.calibrated(before.ece, after.ece)}`);
  }

  /** @param {HTMLElement} root @param {Judged} judged */
  #drawOpenSet(root, { openSet }) {
    const threshold = this.#taught?.threshold ?? null;
    const { curve } = openSet;
    const scores = [...curve.map(({ threshold }) => threshold), ...openSet.background];
    const [low, high] = [Math.min(...scores), Math.max(...scores)];
    this.#slider.min = String(low - 0.01 * (high - low + 1));
    this.#slider.max = String(high);
    this.#slider.step = "any";
    this.#slider.value = String(threshold ?? low);
    const now = pointAt(curve, threshold);
    part(root, ".plots", HTMLElement).replaceChildren(coveragePlot(curve, now));
    const sentence = say.coverage(now.coverage, now.risk, refusedAt(openSet.background, threshold));
    setText(part(root, ".said", HTMLElement), sentence);
    this.#slider.setAttribute("aria-valuetext", sentence);
    part(root, ".reset", HTMLElement).hidden = threshold === openSet.threshold.threshold;
    part(root, ".off", HTMLElement).hidden = threshold === null;
  }

  /** @param {HTMLElement} root */
  #drawLearning(root) {
    const curve = this.#state?.curve ?? null;
    const some = curve && curve.points.length > 0;
    const { learner, setting } = /** @type {NonNullable<Taught["report"]>} */ (this.#taught?.report);
    setText(part(root, ".of", HTMLElement), say.learning(text[`method.${learner.method}`], learner.method !== setting.method));
    part(root, ".run", HTMLButtonElement).hidden = curve !== null;
    part(root, ".plots", HTMLElement).replaceChildren(...(some ? [learningPlot(curve.points, curve.expected)] : []));
    part(root, "ul", HTMLElement).replaceChildren(...(curve?.points ?? []).map(({ shots, accuracy, interval }) => Object.assign(document.createElement("li"), { textContent: say.point(shots, accuracy, interval) })));
    setText(part(root, ".said", HTMLElement), curve && curve.expected !== null ? say.expected(curve.expected) : "");
  }
}

customElements.define("quality-panel", QualityPanel);
