/** A loaded model in the worker: its verbs, cut into steps, one request at a time. */
import { decode } from "./decode.js";
import { failure } from "./errors.js";
import { step, Turns } from "./steps.js";

/** @typedef {import("./load.js").Origin} Origin */
/** @typedef {import("./protocol.js").Info} Info */
/** @typedef {import("./protocol.js").Picture} Picture */
/** @typedef {import("./wasm.js").Engine} Engine */
/** @typedef {import("./wasm.js").Wasm} Wasm */

/** Texts that go through the text tower between two looks at the message queue. */
const TEXTS_A_STEP = 32;

export class Model {
  #wasm;
  #engine;
  #origin;
  #turns = new Turns();
  #freed = false;
  /** @type {Info["timings"]} */
  #timings = null;

  /**
   * @param {Wasm} wasm
   * @param {Engine} engine
   * @param {Origin} origin
   */
  constructor(wasm, engine, origin) {
    this.#wasm = wasm;
    this.#engine = engine;
    this.#origin = origin;
  }

  /** @param {{ image: Picture | Float32Array, labels: string[], template: string }} args @param {AbortSignal} signal */
  classify({ image, labels, template }, signal) {
    return this.#turn(signal, async () => {
      const vector = image instanceof Float32Array ? image : await this.#embed(image, signal);
      await this.#embedPrompts(template, labels, signal);
      return this.#timeScoring(1, () => this.#engine.classify(vector, labels, template));
    });
  }

  /**
   * @param {{ pictures: Picture[] }} args
   * @param {AbortSignal} signal
   * @param {(progress: { done: number, total: number }) => void} onProgress
   * @returns {Promise<Float32Array>} one row a picture
   */
  embedImages({ pictures }, signal, onProgress) {
    return this.#turn(signal, async () => {
      const width = this.#engine.info().embedding;
      const rows = new Float32Array(pictures.length * width);
      for (const [i, picture] of pictures.entries()) {
        rows.set(await this.#embed(picture, signal), i * width);
        onProgress({ done: i + 1, total: pictures.length });
      }
      return rows;
    });
  }

  /**
   * @param {{ texts: string[], template: string }} args
   * @param {AbortSignal} signal
   * @returns {Promise<Float32Array>} one row a text
   */
  embedTexts({ texts, template }, signal) {
    return this.#turn(signal, () => this.#embedPrompts(template, texts, signal));
  }

  /** @param {{ images: Float32Array, texts: string[], template: string }} args @param {AbortSignal} signal */
  similarity({ images, texts, template }, signal) {
    return this.#turn(signal, async () => {
      await this.#embedPrompts(template, texts, signal);
      const rows = images.length / this.#engine.info().embedding;
      return this.#timeScoring(rows, () => this.#engine.similarity(images, texts, template));
    });
  }

  /** @returns {Info} */
  info() {
    const { cachedTexts, ...measures } = this.#engine.info();
    const { notes, ...origin } = this.#origin;
    return {
      model: { ...origin, ...measures },
      build: this.#wasm.build,
      threads: this.#wasm.threads,
      memory: this.#wasm.memory.buffer.byteLength,
      timings: this.#timings,
      cachedTexts,
      notes,
    };
  }

  /** What is running stops at its next step; then the memory is given back. */
  free() {
    this.#freed = true;
    return this.#turns.take(() => this.#engine.free());
  }

  /**
   * @template T
   * @param {AbortSignal} signal
   * @param {() => T | Promise<T>} work
   */
  #turn(signal, work) {
    return this.#turns.take(async () => {
      await this.#step(signal);
      return work();
    });
  }

  /** @param {AbortSignal} signal */
  async #step(signal) {
    await step(signal);
    if (this.#freed) throw failure("EngineError", "This model was freed while it worked.");
  }

  /**
   * @param {Picture} picture
   * @param {AbortSignal} signal
   * @returns {Promise<Float32Array>} a unit vector
   */
  async #embed(picture, signal) {
    const start = performance.now();
    const { data, width, height } = await decode(picture, this.#wasm.image_size);
    const decoded = performance.now();
    await this.#step(signal);
    const resumed = performance.now();
    const pixels = this.#engine.preprocess(data, width, height);
    const preprocessed = performance.now();
    const vector = this.#engine.embed_images([pixels]);
    this.#timings = {
      decode: decoded - start,
      preprocess: preprocessed - resumed,
      imageTower: performance.now() - preprocessed,
      scoring: 0,
    };
    await this.#step(signal);
    return vector;
  }

  /**
   * The prompts' vectors, which the engine keeps, so that scoring finds them there.
   *
   * @param {string} template
   * @param {string[]} texts
   * @param {AbortSignal} signal
   */
  async #embedPrompts(template, texts, signal) {
    const prompts = this.#engine.fill(template, texts);
    const width = this.#engine.info().embedding;
    const rows = new Float32Array(prompts.length * width);
    for (let at = 0; at < prompts.length; at += TEXTS_A_STEP) {
      rows.set(this.#engine.embed_texts(prompts.slice(at, at + TEXTS_A_STEP)), at * width);
      await this.#step(signal);
    }
    return rows;
  }

  /**
   * @template T
   * @param {number} pictures
   * @param {() => T} score
   */
  #timeScoring(pictures, score) {
    const start = performance.now();
    const result = score();
    if (this.#timings) this.#timings = { ...this.#timings, scoring: (performance.now() - start) / pictures };
    return result;
  }
}
