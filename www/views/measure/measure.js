/** The view `measure`: how good is it on one's own pictures, with these words? Events from its elements → state → elements. */

import { part, setText } from "../../shell/dom.js";
import { download } from "../../shell/leaving.js";
import { ModelNote } from "../../shell/model/model-note.js";
import { WorkLine } from "../../shell/work/work-line.js";
import { AccuracyPanel } from "./accuracy/accuracy-panel.js";
import { compareRun, fromRun, toPredictions, toRun, toTable } from "./accuracy/run-file.js";
import { BiasPanel } from "./bias/bias-panel.js";
import { toCsv } from "./bias/export.js";
import { DomainPanel } from "./domain/domain-panel.js";
import { KeptUsual } from "./domain/kept.js";
import { LabelsPanel } from "./labels/labels-panel.js";
import { find } from "./pictures.js";
import { Runner } from "./runner.js";
import { classesOf, initial, labelOf, present, reduce } from "./state.js";
import { say, text } from "./words.js";

/** @typedef {import("./state.js").Part} Part */
/** @typedef {import("../../shell/pictures/intake.js").Located} Located */

/** @type {readonly string[]} */
const parts = ["accuracy", "labels", "domain", "bias"];

class Measure {
  #shell;
  #ui;
  #state = initial;
  #runner;
  /** A run that was opened, to be compared with when it is done again. @type {import("./accuracy/run-file.js").Run | null} */
  #run = null;

  /** @param {import("../../shell/view.js").Shell} shell @param {HTMLElement} root */
  constructor(shell, root) {
    this.#shell = shell;
    this.#ui = elementsOf(root);
    const dispatch = (/** @type {import("./state.js").Action} */ action) => this.#dispatch(action);
    this.#runner = new Runner({ shell, dispatch, getState: () => this.#state, keptUsual: new KeptUsual() });
    shell.on("model", () => {
      this.#runner.stop();
      this.#dispatch({ type: "model" });
    });
    this.#wire(root);
    shell.listen(this.#table(), root);
  }

  /** @param {HTMLElement} root */
  #wire(root) {
    const ui = this.#ui;
    root.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button?.dataset.part) this.#open(/** @type {Part} */ (button.dataset.part));
      else if (button?.dataset.event) button.dispatchEvent(new CustomEvent(button.dataset.event, { bubbles: true }));
    });
    const chosen = (/** @type {HTMLInputElement} */ input) => {
      const files = Array.from(input.files ?? []);
      input.value = "";
      const located = files.map((file) => ({ path: file.webkitRelativePath || file.name, file }));
      this.#take(located, files[0]?.webkitRelativePath.split("/")[0] ?? "").catch((error) => this.#shell.notice(error.message));
    };
    ui.folder.addEventListener("change", () => chosen(ui.folder));
    ui.files.addEventListener("change", () => chosen(ui.files));
    ui.labels.addEventListener("change", () => {
      const { classes, labelled } = this.#state;
      this.#dispatch({ type: "classes", classes: classesOf(ui.labels.value, classes, labelled) });
    });
    ui.template.addEventListener("change", () => {
      const template = ui.template.value.includes("{}") ? ui.template.value : this.#state.template;
      ui.template.value = template;
      this.#dispatch({ type: "template", template });
    });
  }

  /** @param {URLSearchParams} fields */
  open(fields) {
    const part = fields.get("part");
    if (part && parts.includes(part)) this.#dispatch({ type: "part", part: /** @type {Part} */ (part) });
    this.#offerModels().catch(() => {});
  }

  /** @param {Part} part */
  #open(part) {
    this.#dispatch({ type: "part", part });
    this.#shell.address(new URLSearchParams(part === "accuracy" ? {} : { part }));
  }

  /** Those that could be compared without asking for a download. */
  async #offerModels() {
    const [site, stored] = await Promise.all([this.#shell.library.models(), this.#shell.library.storedModels()]);
    const kept = stored.filter(({ complete, name }) => complete && !site.some((one) => one.name === name)).map(({ id, name }) => ({ model: `stored:${id}`, name }));
    const own = site.map(({ name }) => ({ model: name, name }));
    this.#ui.accuracy.models = [...own, ...kept];
  }

  /** @param {import("../../shell/view.js").Given} given */
  take(given) {
    const files = [...given.loose, ...given.folders.flatMap(({ files }) => files)];
    if (files.some(({ path }) => /\.(gguf|safetensors|zip)$/i.test(path))) return false;
    const run = given.folders.length === 0 && files.length === 1 && /\.json$/i.test(files[0].path) ? files[0].file : null;
    const work = run ? this.#openRun(run) : this.#take(files, given.folders[0]?.name ?? "");
    work.catch((error) => this.#shell.notice(error.message));
    return files.length > 0;
  }

  texts() {
    const { classes, template } = this.#state;
    return { labels: classes.map(labelOf).flat(), template };
  }

  /** @param {Located[]} located @param {string} source */
  async #take(located, source) {
    if (located.length === 0) return;
    const { items, classes, unlisted } = await find(located);
    if (items.length === 0) return this.#shell.notice(say.noPictures(source || located[0].path));
    this.#runner.clear();
    this.#dispatch({ type: "pictures", items, classes, source });
    if (this.#run) this.#useRunsWords(this.#run);
    if (unlisted > 0) this.#shell.notice(say.unlisted(unlisted));
  }

  /** @param {File} file */
  async #openRun(file) {
    const run = await fromRun(file);
    if (!run) return this.#shell.notice(text["run.noRun"]);
    this.#run = run;
    const systems = run.systems.map(({ system }) => ({ ...present, ...system, classifier: null }));
    this.#dispatch({ type: "systems", systems });
    this.#useRunsWords(run);
    this.#open("accuracy");
    this.#shell.notice(say.opened(run.pictures.length));
  }

  /** What was said for each class then. @param {import("./accuracy/run-file.js").Run} run */
  #useRunsWords(run) {
    const { classes, labelled } = this.#state;
    if (!labelled) return;
    const words = new Map(run.classes.map(({ name, words }) => [name, words]));
    this.#dispatch({ type: "classes", classes: classes.map(({ name }) => ({ name, words: words.get(name) ?? name })) });
  }

  /** @param {import("./state.js").Action} action */
  #dispatch(action) {
    this.#state = reduce(this.#state, action);
    this.#shell.redraw();
  }

  draw() {
    const ui = this.#ui;
    const { part: shown, items, classes, labelled, source, work, trouble, failed, template } = this.#state;
    const { model, pictures } = this.#shell.getState();
    ui.note.model = model.running?.name ?? model.choice?.name ?? null;
    for (const button of ui.parts) button.ariaPressed = String(button.dataset.part === shown);
    for (const panel of ui.panels) panel.hidden = panel.dataset.panel !== shown;
    setText(ui.facts, items.length > 0 ? say.facts(source, items.length, labelled ? classes.length : 0) : text["pictures.none"]);
    ui.clear.hidden = items.length === 0;
    const seen = pictures.filter(({ status }) => status === "done").length;
    ui.fromPage.hidden = seen === 0 || items.length > 0;
    setText(ui.fromPage, say.fromPage(seen));
    ui.failed.hidden = failed.length === 0;
    setText(part(ui.failed, "summary", HTMLElement), say.failed(failed.length));
    part(ui.failed, "ul", HTMLUListElement).replaceChildren(...failed.map(({ path, message }) => Object.assign(document.createElement("li"), { textContent: `${path}: ${message}` })));
    const lines = classes.map(({ words }) => words).join("\n");
    if (document.activeElement !== ui.labels && ui.labels.value !== lines) ui.labels.value = lines;
    setText(ui.labelsHint, text[labelled ? "said.labelled" : "said.free"]);
    if (document.activeElement !== ui.template && ui.template.value !== template) ui.template.value = template;
    ui.doing.work = work;
    ui.trouble.hidden = trouble === "";
    setText(ui.trouble, trouble);
    const ready = this.#shell.clip() !== null;
    const content = { ...this.#state, ready, loaded: model.running?.name ?? "" };
    const draw = { accuracy: () => (ui.accuracy.content = content), labels: () => (ui.checked.content = content), domain: () => (ui.domain.content = content), bias: () => (ui.bias.content = content) };
    draw[shown]();
  }

  /** The page's own pictures, as files. */
  async #takePage() {
    const done = this.#shell.getState().pictures.filter(({ status }) => status === "done");
    const files = await Promise.all(
      done.map(async ({ id, name }) => {
        const source = this.#shell.source(id);
        return source instanceof Blob ? new File([source], name, { type: source.type }) : null;
      }),
    );
    const located = files.flatMap((file, at) => (file ? [{ path: `${at + 1} ${file.name}`, file }] : []));
    this.#runner.clear();
    this.#dispatch({ type: "pictures", items: located.map(({ path, file }) => ({ path, file, truth: -1 })), classes: [], source: say.fromPageSource() });
  }

  /** @returns {import("../../shell/view.js").Handlers} */
  #table() {
    const measured = () => /** @type {import("./state.js").Measured} */ (this.#state.measured);
    return {
      "pick-folder": () => this.#ui.folder.click(),
      "pick-files": () => this.#ui.files.click(),
      "take-page": () => this.#takePage(),
      clear: () => {
        this.#runner.clear();
        this.#dispatch({ type: "pictures", items: [], classes: [], source: "" });
      },
      stop: () => this.#runner.stop(),
      "systems-change": ({ systems }) => this.#dispatch({ type: "systems", systems }),
      "system-add": () => this.#dispatch({ type: "systems", systems: [...this.#state.systems, { ...present, template: this.#state.template, words: "imagenet" }] }),
      measure: () => this.#runner.measure((results, items) => (this.#run ? say.repeated(compareRun(this.#run, results, items)) : "")),
      "result-show": ({ shown }) => this.#dispatch({ type: "shown", shown }),
      "run-open": () => this.#ui.run.click(),
      "run-file": ({ file }) => this.#openRun(file),
      "save-table": () => download("semblance-accuracy.csv", new Blob([toTable(measured())], { type: "text/csv" })),
      "save-predictions": () => download("semblance-answers.csv", new Blob([toPredictions(measured())], { type: "text/csv" })),
      "save-run": async () => download("semblance-run.json", await toRun(measured())),
      check: () => this.#runner.check(),
      "fix-apply": async ({ fix }) => {
        const fixed = await this.#shell.library.applyFix(this.#state.classes.map(({ words }) => words), fix);
        const words = fixed.map((label) => [label].flat().join(" | "));
        // Of pictures that have classes only the words can be others: each class keeps its line.
        const same = this.#state.labelled && words.length === this.#state.classes.length;
        if (this.#state.labelled && !same) return this.#shell.notice(text["checked.keepClasses"]);
        this.#dispatch({ type: "classes", classes: same ? this.#state.classes.map(({ name }, at) => ({ name, words: words[at] })) : words.map((words) => ({ name: words, words })) });
        await this.#runner.check();
      },
      "label-try": ({ label }) => this.#runner.tryLabel(label),
      domain: () => this.#runner.domain(),
      remember: () => this.#runner.remember(),
      "template-use": async ({ template }) => {
        this.#dispatch({ type: "template", template });
        await this.#runner.domain();
      },
      "probe-change": ({ probe }) => this.#dispatch({ type: "probe", probe }),
      bias: () => this.#runner.bias(false),
      "bias-neutral": () => this.#runner.bias(true),
      "save-bias": () => {
        const { bias } = this.#state;
        if (bias) download("semblance-bias.csv", new Blob([toCsv(bias)], { type: "text/csv" }));
      },
    };
  }
}

/** @param {HTMLElement} root */
function elementsOf(root) {
  const all = (/** @type {string} */ selector) => /** @type {HTMLElement[]} */ (Array.from(root.querySelectorAll(selector)));
  return {
    note: part(root, "model-note", ModelNote),
    parts: all(".parts button"),
    panels: all("[data-panel]"),
    facts: part(root, ".pictures .facts", HTMLElement),
    fromPage: part(root, ".from-page", HTMLButtonElement),
    clear: part(root, ".pictures .clear", HTMLButtonElement),
    failed: part(root, ".pictures .failed", HTMLDetailsElement),
    folder: part(root, "input.folder", HTMLInputElement),
    files: part(root, "input.files", HTMLInputElement),
    labels: part(root, "#measure-labels", HTMLTextAreaElement),
    labelsHint: part(root, "#measure-labels-hint", HTMLElement),
    template: part(root, "#measure-template", HTMLInputElement),
    doing: part(root, "work-line", WorkLine),
    trouble: part(root, ".trouble", HTMLElement),
    run: part(root, "input.run", HTMLInputElement),
    accuracy: part(root, "accuracy-panel", AccuracyPanel),
    checked: part(root, "labels-panel", LabelsPanel),
    domain: part(root, "domain-panel", DomainPanel),
    bias: part(root, "bias-panel", BiasPanel),
  };
}

/** @type {import("../../shell/view.js").ViewModule["mount"]} */
export const mount = (shell, root) => new Measure(shell, root);
