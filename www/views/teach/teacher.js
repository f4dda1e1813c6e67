/**
 * From classes to a classifier: taught anew a moment after something changed, the last one answering meanwhile; or opened from a
 * file. What it says of pictures, one at a time or all of the library's.
 */

import { twoBest } from "../../shell/ranking.js";
import { classOf, teachable } from "./state.js";

/** @typedef {import("../../../semblance.js").Classifier} Classifier */
/** @typedef {import("../../../semblance.js").LearningPoint} LearningPoint */
/** @typedef {import("../../../semblance.js").PictureIndex} PictureIndex */
/** @typedef {import("../../shell/view.js").Shell} Shell */
/** @typedef {import("./state.js").TeachState} TeachState */
/** @typedef {import("./state.js").Class} Class */

/** So long after the last change. */
const delay = 250;
/** Of the library's pictures in no class, so many are looked at, and so many named. */
const lookedAt = 2000;
const named = 12;
/** Pictures that are classified together. */
const group = 1000;

export class Teacher {
  #shell;
  #dispatch;
  #getState;
  #index;
  /** @type {Classifier | null} */
  #classifier = null;
  /** @type {AbortController | null} */
  #running = null;
  #timer = 0;

  /**
   * @param {object} needs
   * @param {Shell} needs.shell
   * @param {(action: import("./state.js").Action) => void} needs.dispatch
   * @param {() => TeachState} needs.getState
   * @param {() => PictureIndex | null} needs.index
   */
  constructor({ shell, dispatch, getState, index }) {
    this.#shell = shell;
    this.#dispatch = dispatch;
    this.#getState = getState;
    this.#index = index;
  }

  get classifier() {
    return this.#classifier;
  }

  /** Something of the lesson has changed. */
  changed() {
    clearTimeout(this.#timer);
    this.#running?.abort();
    // A classifier from a file answers until it is put away.
    if (this.#getState().taught?.opened) return;
    this.#timer = window.setTimeout(() => this.#teach(), delay);
  }

  /** Put a classifier from a file away. */
  back() {
    this.#use(null);
    this.#dispatch({ type: "taught", taught: null });
    this.changed();
  }

  /** @param {Classifier | null} classifier */
  #use(classifier) {
    this.#classifier?.free();
    this.#classifier = classifier;
  }

  async #teach() {
    const [clip, index] = [this.#shell.clip(), this.#index()];
    const { lesson } = this.#getState();
    const classes = teachable(lesson);
    if (!clip || !index || classes.length < 2) {
      this.#use(null);
      return this.#dispatch({ type: "taught", taught: null });
    }
    const controller = (this.#running = new AbortController());
    const { signal } = controller;
    this.#dispatch({ type: "teaching", progress: 0 });
    const { method, template, words } = lesson.settings;
    try {
      const ids = [...classes.flatMap((one) => one.ids), ...lesson.background];
      const vectors = ids.length > 0 ? await index.vectors(ids) : new Float32Array(0);
      const width = clip.info().model.embedding;
      let at = 0;
      const take = (/** @type {number} */ count) => vectors.subarray(at * width, (at += count) * width);
      const lessons = classes.map(({ name, ids }) => ({ name, examples: take(ids.length) }));
      const background = take(lesson.background.length);
      const since = performance.now();
      const classifier = await this.#shell.library.teach(lessons, {
        model: clip,
        method,
        template,
        words,
        background,
        signal,
        onProgress: (progress) => {
          if (!signal.aborted) this.#dispatch({ type: "teaching", progress });
        },
      });
      if (signal.aborted) return classifier.free();
      this.#use(classifier);
      const { threshold } = classifier.info();
      this.#dispatch({ type: "taught", taught: { classes, report: classifier.report, ms: performance.now() - since, opened: "", threshold } });
      await this.#lookFurther();
    } catch (error) {
      const { name, message } = /** @type {Error} */ (error);
      if (signal.aborted || name === "AbortError") return;
      this.#dispatch({ type: "teach/failed", message });
      if (name === "EngineError" && this.#shell.clip() !== clip) this.#shell.lost(message);
    }
  }

  /** Which pictures in no class it is least sure of. */
  async #lookFurther() {
    const [index, classifier] = [this.#index(), this.#classifier];
    const { taught, lesson } = this.#getState();
    if (!index || !classifier || !taught?.report?.judged) return;
    const known = classOf(lesson);
    const free = Array.from(await index.ids()).filter((id) => !known.has(id));
    const every = Math.max(1, Math.ceil(free.length / lookedAt));
    const ids = free.filter((_, at) => at % every === 0);
    if (ids.length === 0) return;
    const { probabilities } = await classifier.classifyEmbeddings(await index.vectors(ids));
    const classes = taught.classes.length;
    const unsure = ids.map((id, row) => {
      const all = probabilities.subarray(row * classes, (row + 1) * classes);
      const [answer, second] = twoBest(all);
      return { id, answer, second, margin: all[answer] - all[second] };
    });
    unsure.sort((a, b) => a.margin - b.margin);
    if (this.#classifier === classifier) this.#dispatch({ type: "next", next: unsure.slice(0, named) });
  }

  async learn() {
    const classifier = this.#classifier;
    if (!classifier) return;
    const show = (/** @type {LearningPoint[]} */ points, /** @type {number | null} */ expected, /** @type {boolean} */ busy) => {
      if (this.#classifier === classifier) this.#dispatch({ type: "curve", curve: { points, expected, busy } });
    };
    show([], null, true);
    const { points, expected } = await classifier.learningCurve({ onPoints: (points) => show(points, null, true) });
    show(points, expected, false);
  }

  /** @param {number | null} threshold */
  async setThreshold(threshold) {
    this.#dispatch({ type: "threshold", threshold });
    await this.#classifier?.setThreshold(threshold);
  }

  /** @param {File} file */
  async open(file) {
    const clip = this.#shell.clip();
    const classifier = await this.#shell.library.loadClassifier(file, clip ? { model: clip } : {});
    clearTimeout(this.#timer);
    this.#running?.abort();
    this.#use(classifier);
    const classes = classifier.classes.map((name, at) => ({ key: String(at), name, ids: [] }));
    this.#dispatch({ type: "taught", taught: { classes, report: null, ms: 0, opened: file.name, threshold: classifier.info().threshold } });
  }

  /** @param {Blob | ImageBitmap} picture */
  async say(picture) {
    const [clip, classifier] = [this.#shell.clip(), this.#classifier];
    if (!clip || !classifier) return null;
    const vectors = await clip.embedImages([picture]);
    const [answer] = await classifier.classify(vectors);
    return answer;
  }

  /**
   * All pictures of the library.
   *
   * @param {(done: number, total: number) => void} onDone
   * @returns {Promise<{ ids: Uint32Array, answers: number[], probabilities: number[], known: number[] } | null>} `answers`: −1 is none
   */
  async sayAll(onDone) {
    const [index, classifier, { taught }] = [this.#index(), this.#classifier, this.#getState()];
    if (!index || !classifier || !taught) return null;
    const ids = await index.ids();
    const all = { ids, answers: /** @type {number[]} */ ([]), probabilities: /** @type {number[]} */ ([]), known: /** @type {number[]} */ ([]) };
    const classes = taught.classes.length;
    for (let at = 0; at < ids.length; at += group) {
      const { probabilities, known } = await classifier.classifyEmbeddings(await index.vectors(ids.subarray(at, at + group)));
      known.forEach((known, row) => {
        const [answer] = twoBest(probabilities.subarray(row * classes, (row + 1) * classes));
        all.answers.push(taught.threshold !== null && known < taught.threshold ? -1 : answer);
        all.probabilities.push(probabilities[row * classes + answer]);
        all.known.push(known);
      });
      onDone(all.answers.length, ids.length);
    }
    return all;
  }
}
