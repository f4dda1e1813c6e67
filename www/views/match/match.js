/** The view `match`: how well do pictures and words match? Events from its elements → state → elements. */

import { part } from "../../shell/dom.js";
import { format } from "../../shell/format.js";
import { download, toClipboard } from "../../shell/leaving.js";
import { ModelNote } from "../../shell/model/model-note.js";
import { count } from "../../shell/pictures/state.js";
import { WorkProgress } from "../../shell/pictures/work-progress.js";
import { say as shared } from "../../shell/words.js";
import "./cards/picture-card.js";
import { PictureGrid } from "./cards/picture-grid.js";
import "./cards/score-bars.js";
import { toCsv, toJson, toTable } from "./export.js";
import { LabelChips } from "./label-chips.js";
import { ResultBar } from "./result-bar.js";
import { Scorer } from "./score.js";
import { ScoreMatrix } from "./score-matrix.js";
import { fromFields, toFields } from "./share.js";
import { distinct, ensemble, initial, placeholder, reduce, templateIsValid, wordsOf } from "./state.js";
import { TemplateField } from "./template-field.js";
import { say, text } from "./words.js";

const barsAtFirst = 6;
const speakAfter = 900;
/** @type {Map<string, string>} */
const none = new Map();

class Match {
  #shell;
  #ui;
  #state;
  #scorer;
  #speaking = 0;
  /** From the first time that answers are checked. @type {import("./check/check.js").Checks | null} */
  #checks = null;
  /** From the first time that a card is asked why. @type {import("./why/why.js").Why | null} */
  #why = null;
  /** From the first time that labels are checked. @type {import("./hints/hints.js").Hints | null} */
  #hints = null;
  /** What `ensemble` stands for, once it was asked for. @type {string[] | null} */
  #ensemble = null;

  /** @param {import("../../shell/view.js").Shell} shell @param {HTMLElement} root */
  constructor(shell, root) {
    this.#shell = shell;
    this.#ui = elementsOf(root);
    this.#state = initial(this.#ui.labels.labels, this.#ui.template.value);
    this.#scorer = new Scorer({
      getState: () => this.#asScored,
      dispatch: (action) => this.#dispatch(action),
      embedding: shell.vector,
      prompts: (template) => this.#prompts(template),
      onScored: () => {
        shell.used();
        this.#announceSoon();
        this.#checks?.refit();
        this.#hints?.changed();
      },
      onLost: shell.lost,
    });
    shell.on("model", (clip) => {
      this.#scorer.use(clip);
      this.#checks?.reset();
      this.#why?.forget();
      this.#hints?.changed();
      // What a lost one had worked out stays in sight.
      if (clip) this.#dispatch({ type: "model" });
    });
    shell.on("vectors", () => this.#scorer.run());
    shell.on("seen", () => this.#announceSoon());
    shell.on("added", ({ ids, sample }) => {
      if (shell.getState().pictures.length === ids.length && !sample) requestAnimationFrame(() => this.#showResults());
    });
    shell.on("removed", (ids) => {
      this.#dispatch({ type: "pictures/removed", ids, left: shell.getState().pictures.length });
      this.#scorer.run();
    });
    // It may be opened when a model has long been there.
    this.#scorer.use(shell.clip());
    shell.listen(this.#table(), root);
  }

  /** @param {URLSearchParams} fields */
  open(fields) {
    const { labels, template } = fromFields(fields);
    if (labels) this.#dispatch({ type: "labels", labels: distinct(labels).labels });
    if (template) this.#dispatch({ type: "template", typed: template });
    this.#scorer.textsChanged();
  }

  texts() {
    const { labels, template } = this.#state;
    return { labels: labels.map(wordsOf), template: template === ensemble ? (this.#ensemble ?? placeholder) : template };
  }

  /** What the engine takes for a template. @param {string} template */
  async #prompts(template) {
    if (template !== ensemble) return template;
    this.#ensemble ??= await this.#shell.library.imagenetTemplates();
    return this.#ensemble;
  }

  /** As the model says it. */
  get #asScored() {
    return { ...this.#shell.getState(), ...this.#state };
  }

  /** As it is shown. */
  get #everything() {
    return this.#checks?.applied(this.#asScored) ?? this.#asScored;
  }

  /** @param {import("./state.js").Action} action */
  #dispatch(action) {
    const { labels, template } = this.#state;
    this.#state = reduce(this.#state, action);
    if (labels !== this.#state.labels || template !== this.#state.template) {
      this.#why?.changed();
      this.#hints?.changed();
    }
    this.#shell.redraw();
  }

  draw() {
    const ui = this.#ui;
    const { labels, scores, layout, measure, numbers, allLabels, ...state } = this.#everything;
    const { model, pictures, run } = state;
    const matrix = layout === "matrix";
    ui.note.model = model.running?.name ?? model.choice?.name ?? null;
    ui.labels.labels = labels;
    ui.labels.cut = new Set(scores?.labels.filter((_, j) => scores.cut[j]));
    ui.labels.doubts = this.#hints?.doubts ?? none;
    ui.template.value = state.typedTemplate;
    ui.template.valid = templateIsValid(this.#state);
    ui.results.hidden = pictures.length === 0;
    ui.work.state = state;
    ui.bar.view = layout;
    ui.bar.matrixAllowed = pictures.length > 1;
    ui.bar.numbers = numbers;
    ui.bar.allLabels = allLabels;
    ui.bar.manyLabels = labels.length > barsAtFirst;
    ui.bar.hasScores = (scores?.rows.size ?? 0) > 0;
    ui.bar.checkable = (scores?.rows.size ?? 0) > 0 && labels.length > 1;
    const remark = this.#remark();
    ui.remark.hidden = remark === "";
    ui.remark.textContent = remark;
    ui.grid.hidden = matrix;
    ui.matrix.hidden = !matrix;
    const limit = allLabels ? Infinity : barsAtFirst;
    if (matrix) ui.matrix.content = { pictures, scores, measure };
    ui.grid.content = {
      pictures: matrix ? [] : pictures,
      scores,
      limit,
      numbers,
      modelReady: model.running !== null,
      stopped: run.stopped,
      bars: Math.min(limit, labels.length),
    };
  }

  /** What there is to say about the results as a whole. */
  #remark() {
    const { scoreError, labels, scores } = this.#state;
    if (scoreError) return scoreError;
    if (labels.length === 0) return text["results.noLabels"];
    return labels.length === 1 && scores?.labels.length === 1 ? text["results.oneLabel"] : (this.#checks?.remark ?? "");
  }

  /** On a phone the first results come up below the fold: go there. */
  #showResults() {
    const { results } = this.#ui;
    if (!results.checkVisibility() || results.getBoundingClientRect().top < window.innerHeight / 2) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    results.scrollIntoView({ behavior: still ? "instant" : "smooth" });
  }

  #announceSoon() {
    clearTimeout(this.#speaking);
    this.#speaking = window.setTimeout(() => this.#announce(), speakAfter);
  }

  /** The results in a breath, for those who listen to the page. */
  #announce() {
    if (!this.#ui.root.checkVisibility()) return;
    const { scores, pictures } = this.#everything;
    const failed = count({ pictures }, "failed");
    const best = pictures.flatMap(({ id, name }) => {
      const row = scores?.rows.get(id);
      if (!scores || !row) return [];
      const j = row.logits.indexOf(Math.max(...row.logits));
      const value = scores.labels.length === 1 ? say.cosine(format.cosine(row.cosine[j])) : format.percent(row.overTexts[j]);
      return [say.best(name, scores.labels[j], value)];
    });
    const summary = [best.length ? say.scored(best.length) : "", failed ? `${shared.failed(failed)}.` : "", best.slice(-3).join("; ")];
    this.#shell.announce(summary.filter(Boolean).join(" "));
  }

  async #check() {
    const { Checks } = await import("./check/check.js");
    this.#checks ??= new Checks(this.#shell, () => this.#asScored);
    this.#checks.open();
  }

  /** @returns {Promise<import("./state.js").Asked>} */
  async #asked() {
    const { labels, template } = this.#state;
    return { labels, words: labels.map(wordsOf), prompts: await this.#prompts(template) };
  }

  /** @param {number} id @param {HTMLElement} card */
  async #askWhy(id, card) {
    const { Why } = await import("./why/why.js");
    this.#why ??= new Why(this.#shell, () => this.#state, () => this.#asked());
    this.#why.open(id, card);
  }

  async #checkLabels() {
    const { Hints } = await import("./hints/hints.js");
    this.#hints ??= new Hints(this.#shell, this.#ui.labels, () => this.#asked());
    this.#hints.open();
  }

  async #exportJson() {
    const all = this.#everything;
    const json = toJson(all, await this.#prompts(all.scores?.template ?? all.template));
    download("semblance.json", new Blob([json], { type: "application/json" }));
  }

  async #share() {
    const { labels, template, model } = this.#everything;
    const chosen = model.running ?? model.choice;
    this.#shell.address(toFields({ labels, template, model: chosen?.address ?? null }));
    const copied = await toClipboard(location.href);
    this.#shell.notice([copied ? say.shared() : say.sharedBar(), chosen && chosen.address === null ? say.sharedNoModel() : ""].join(" ").trim());
  }

  /** @returns {import("../../shell/view.js").Handlers} */
  #table() {
    return {
      "labels-change": ({ labels: given }) => {
        const { labels, merged } = distinct(given);
        this.#dispatch({ type: "labels", labels });
        this.#ui.labels.labels = labels;
        if (merged.length) this.#shell.notice(say.merged(merged));
        this.#scorer.textsChanged();
      },
      "template-change": ({ template }) => {
        this.#dispatch({ type: "template", typed: template });
        if (templateIsValid(this.#state)) this.#scorer.textsChanged();
      },
      "view-change": ({ view }) => this.#dispatch({ type: "layout", layout: view }),
      "measure-change": ({ measure }) => this.#dispatch({ type: "measure", measure }),
      "toggle-shown": ({ what }) => this.#dispatch({ type: "toggle", what }),
      "export-csv": () => download("semblance.csv", new Blob([toCsv(this.#everything)], { type: "text/csv" })),
      "export-json": () => this.#exportJson(),
      "copy-table": async () => this.#shell.notice((await toClipboard(toTable(this.#everything))) ? say.copied() : say.copyFailed()),
      "share-link": () => this.#share(),
      "check-answers": () => this.#check(),
      "labels-check": () => this.#checkLabels(),
      "why-ask": ({ id, card }) => this.#askWhy(id, card),
    };
  }
}

/** @param {HTMLElement} root */
function elementsOf(root) {
  return {
    root,
    labels: part(root, "label-chips", LabelChips),
    template: part(root, "template-field", TemplateField),
    note: part(root, "model-note", ModelNote),
    results: part(root, ".results", HTMLElement),
    work: part(root, "work-progress", WorkProgress),
    bar: part(root, "result-bar", ResultBar),
    remark: part(root, "#results-note", HTMLElement),
    grid: part(root, "picture-grid", PictureGrid),
    matrix: part(root, "score-matrix", ScoreMatrix),
  };
}

/** @type {import("../../shell/view.js").ViewModule["mount"]} */
export const mount = (shell, root) => new Match(shell, root);
