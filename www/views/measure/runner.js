/** From pictures and words to what is measured: each question's work, with its progress, stopped at the next step. */

import { readEach } from "./accuracy/systems.js";
import { neutralPictures } from "./bias/neutral.js";
import { effectsOf, tryLabel } from "./labels/effects.js";
import { labelOf } from "./state.js";
import { Vectors } from "./vectors.js";
import { say, text } from "./words.js";

/** @typedef {import("../../../semblance.js").Semblance} Clip */
/** @typedef {import("../../shell/view.js").Shell} Shell */
/** @typedef {import("./state.js").MeasureState} MeasureState */
/** @typedef {import("./state.js").Result} Result */
/** @typedef {import("./pictures.js").Item} Item */

/** Templates that are tried beside the present one. */
const templates = ["a photo of a {}", "a photo of {}", "{}", "a photo of the {}", "a close-up photo of a {}", "a blurry photo of a {}", "a low resolution photo of a {}", "a drawing of a {}", "a painting of a {}", "a sketch of a {}", "a rendering of a {}", "a black and white photo of a {}", "a satellite photo of a {}", "a photo of a small {}", "a scan of a {}", "a screenshot of a {}"];

export class Runner {
  #shell;
  #dispatch;
  #getState;
  #keptUsual;
  #vectors = new Vectors();
  /** @type {AbortController | null} */
  #running = null;

  /**
   * @param {object} needs
   * @param {Shell} needs.shell
   * @param {(action: import("./state.js").Action) => void} needs.dispatch
   * @param {() => MeasureState} needs.getState
   * @param {import("./domain/kept.js").KeptUsual} needs.keptUsual
   */
  constructor({ shell, dispatch, getState, keptUsual }) {
    this.#shell = shell;
    this.#dispatch = dispatch;
    this.#getState = getState;
    this.#keptUsual = keptUsual;
  }

  stop() {
    this.#running?.abort();
    this.#running = null;
    this.#dispatch({ type: "work", work: null });
  }

  /** Other pictures, or none. */
  clear() {
    this.stop();
    this.#vectors.clear();
  }

  /**
   * One piece of work at a time; a second one takes the place of the first.
   *
   * @param {(clip: Clip, signal: AbortSignal) => Promise<void>} work
   */
  async #work(work) {
    const clip = this.#shell.clip();
    if (!clip) return this.#dispatch({ type: "trouble", trouble: text["measure.noModel"] });
    this.#running?.abort();
    const controller = (this.#running = new AbortController());
    const { signal } = controller;
    try {
      await work(clip, signal);
      if (!signal.aborted) this.#dispatch({ type: "work", work: null });
    } catch (error) {
      const { name, message } = /** @type {Error} */ (error);
      if (signal.aborted || name === "AbortError") return;
      this.#dispatch({ type: "trouble", trouble: message });
      if (name === "EngineError" && this.#shell.clip() === clip) this.#shell.lost(message);
    } finally {
      if (this.#running === controller) this.#running = null;
      this.#shell.used();
    }
  }

  /** @param {string} what @param {AbortSignal} signal */
  #progress(what, signal) {
    return (/** @type {number} */ done, /** @type {number} */ total) => {
      if (!signal.aborted) this.#dispatch({ type: "work", work: { what, done, total } });
    };
  }

  /** @param {Clip} clip @param {AbortSignal} signal */
  async #seen(clip, signal) {
    const seen = await this.#vectors.of(clip, this.#getState().items, signal, this.#progress(text["work.pictures"], signal));
    if (!signal.aborted) this.#dispatch({ type: "failed", failed: this.#vectors.failed });
    if (seen.items.length === 0) throw new Error(text["measure.noneRead"]);
    return seen;
  }

  /**
   * All systems on all pictures.
   *
   * @param {(results: Result[], items: Item[]) => string} repeated what there is to say of a run that was done again
   */
  measure(repeated) {
    return this.#work(async (present, signal) => {
      const { systems, classes, items } = this.#getState();
      /** @type {Result[]} */
      const results = [];
      /** Those that every model could read: the first one decides, since pictures are read alike by all. @type {Item[]} */
      let read = items;
      for await (const { clip, system, name, answer } of readEach(systems, { present, shell: this.#shell, classes, signal, onLoad: (done, total) => this.#progress(text["work.model"], signal)(done / total, 1) })) {
        const seen = await this.#vectors.of(clip, read, signal, this.#progress(say.embedding(name), signal));
        read = seen.items;
        if (read.length === 0) throw new Error(text["measure.noneRead"]);
        const { hash, name: modelName } = clip.info().model;
        const truths = Uint32Array.from(read, ({ truth }) => truth);
        const logits = await answer(seen.vectors);
        this.#progress(text["work.counting"], signal)(results.length, systems.length);
        const evaluation = await this.#shell.library.evaluate(logits, truths);
        results.push({ system, name, evaluation, model: { name: modelName, hash } });
      }
      const compared = await this.#shell.library.compareEvaluations(results.map(({ evaluation }) => evaluation));
      signal.throwIfAborted();
      this.#dispatch({ type: "failed", failed: this.#vectors.failed });
      this.#dispatch({ type: "measured", measured: { results, compared, items: read, classes }, repeated: repeated(results, read) });
      this.#shell.announce(say.measured(results[0].name, results[0].evaluation.report.top1));
    });
  }

  check() {
    return this.#work(async (clip, signal) => {
      const { classes, template, items } = this.#getState();
      this.#dispatch({ type: "work", work: { what: text["work.labels"], done: 0, total: 1 } });
      const images = items.length > 0 ? (await this.#seen(clip, signal)).vectors : [];
      const findings = await this.#shell.library.checkLabels(classes.map(labelOf), { model: clip, template, images, signal });
      signal.throwIfAborted();
      this.#dispatch({ type: "findings", findings });
      if (images.length > 0 && classes.length > 1) this.#dispatch({ type: "effects", effects: { effects: await this.#effects(clip, images, signal), tried: null, pictures: images.length } });
      this.#shell.announce(say.findings(findings.length));
    });
  }

  /** @param {Clip} clip @param {Float32Array[]} images @param {AbortSignal} signal */
  async #effects(clip, images, signal) {
    const { classes, template } = this.#getState();
    const { cosine, cols } = await clip.similarity(images, classes.map(labelOf), { template, signal });
    return effectsOf(cosine, classes.map(({ words }) => words), cols);
  }

  /** What a label that is not there yet would change. @param {string} label */
  tryLabel(label) {
    return this.#work(async (clip, signal) => {
      const { classes, template, effects } = this.#getState();
      const { vectors } = await this.#seen(clip, signal);
      const labels = [...classes.map(labelOf), labelOf({ name: label, words: label })];
      const { cosine, cols } = await clip.similarity(vectors, labels, { template, signal });
      signal.throwIfAborted();
      if (effects) this.#dispatch({ type: "effects", effects: { ...effects, tried: tryLabel(cosine, classes.map(({ words }) => words), cols, label) } });
    });
  }

  domain() {
    return this.#work(async (clip, signal) => {
      const { classes, template } = this.#getState();
      const { vectors } = await this.#seen(clip, signal);
      const labels = classes.map(labelOf);
      const usual = await this.#keptUsual.of(clip.info().model.hash);
      try {
        const domain = await clip.domain(vectors, labels, { template, signal, ...(usual ? { usual } : {}) });
        this.#dispatch({ type: "domain", domain, noReference: false });
        this.#shell.announce(say.verdict(domain));
      } catch (error) {
        if (/** @type {Error} */ (error).name !== "ModelError") throw error;
        this.#dispatch({ type: "domain", domain: null, noReference: true });
      }
      const tried = [template, ...templates.filter((other) => other !== template)];
      const fits = await clip.compareTemplates(vectors, labels, tried, { signal, onProgress: this.#progress(text["work.templates"], signal) });
      signal.throwIfAborted();
      this.#dispatch({ type: "templates", templates: { templates: tried, fits } });
    });
  }

  /** These pictures are what the loaded model knows. */
  remember() {
    return this.#work(async (clip, signal) => {
      const { classes, template } = this.#getState();
      const { vectors } = await this.#seen(clip, signal);
      const usual = await clip.usual(vectors, classes.map(labelOf), { template, signal });
      await this.#keptUsual.keep(clip.info().model.hash, usual);
      this.#shell.notice(say.remembered(vectors.length));
    });
  }

  /** @param {boolean} neutral on pictures that show nothing, instead of the person's own */
  bias(neutral) {
    return this.#work(async (clip, signal) => {
      const { probe } = this.#getState();
      this.#dispatch({ type: "work", work: { what: text["work.bias"], done: 0, total: 1 } });
      const vectors = neutral ? await clip.embedImages(neutralPictures(), { signal }) : (await this.#seen(clip, signal)).vectors;
      const bias = await clip.bias(vectors, probe, { signal });
      signal.throwIfAborted();
      this.#dispatch({ type: "bias", bias: { probe, bias, neutral } });
      this.#shell.announce(say.biasSummary(bias, probe));
    });
  }
}
