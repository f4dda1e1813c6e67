/**
 * A loaded model in the worker: its verbs, cut into steps. Pictures have a lane of their own (pipeline.js); texts and
 * scores go one request at a time, between two groups of pictures.
 */
import { WITH } from "../api/protocol.js";
import { failure } from "../errors.js";
import { weightsOf } from "./memory.js";
import { Pipeline } from "./pipeline.js";
import { shareOf } from "./products.js";
import { Pace, step, Turns } from "./steps.js";
import { beforeComputing, keepVectors, readVectors } from "../storage/vectors.js";
import { isTrap } from "./wasm.js";

/** @typedef {import("../fetching/load.js").Origin} Origin */
/** @typedef {import("../api/protocol.js").Info} Info */
/** @typedef {import("../api/protocol.js").Picture} Picture */
/** @typedef {import("../storage/vectors.js").TextVector} TextVector */
/** @typedef {import("./wasm.js").Engine} Engine */
/** @typedef {import("./wasm.js").Wasm} Wasm */

/** Texts that go through the text tower in a step: at first, and at most. */
const FIRST_TEXTS = 32;
const MOST_TEXTS = 256;
/** Texts that are seen to at a time: fewer than the engine keeps. */
const TEXTS_A_TURN = 1000;
/** What the browser's storage may take to answer, in milliseconds, where computing takes no longer. */
const STORAGE_MS = 50;

export class Model {
  #wasm;
  #engine;
  #origin;
  #keepTexts;
  /** Vectors of other weights, or computed otherwise, are others. Asked for once: after a trap the engine doesn't say. */
  #key;
  #width;
  #pictures;
  #pace = new Pace(FIRST_TEXTS, MOST_TEXTS);
  #turns = new Turns();
  /** @type {Error | null} */
  #freed = null;
  #scoring = 0;
  /** Who has it, each by a handle of its own. */
  #holders = 0;
  /** Bytes of its weights. */
  memory;

  /**
   * @param {Wasm} wasm
   * @param {Engine} engine
   * @param {Origin} origin
   * @param {boolean} keepTexts in the browser's storage
   */
  constructor(wasm, engine, origin, keepTexts) {
    this.#wasm = wasm;
    this.#engine = engine;
    this.#origin = origin;
    this.#keepTexts = keepTexts;
    const { compute, embedding, parameters } = engine.info();
    this.memory = weightsOf(parameters, compute);
    this.#key = [origin.hash, compute];
    this.#width = embedding;
    this.#pictures = new Pipeline(engine, wasm.readFacts);
  }

  /** @param {{ image: Picture | Float32Array, labels: string[], templates: string[] }} args @param {AbortSignal} signal */
  async classify({ image, labels, templates }, signal) {
    const begun = beforeComputing();
    const vector = image instanceof Float32Array ? image : (await this.#pictures.run(image, signal)).vector;
    return this.#turn(signal, async () => {
      await this.#know(this.#engine.fill(templates, labels), begun, signal);
      return this.#timeScoring(1, () => this.#engine.classify(vector, labels, templates));
    });
  }

  /** @param {{ picture: Picture }} args @param {AbortSignal} signal */
  async embedImages({ picture }, signal) {
    return (await this.#pictures.run(picture, signal)).vector;
  }

  /** @param {{ picture: Picture, side: number }} args @param {AbortSignal} signal */
  indexImage({ picture, side }, signal) {
    return this.#pictures.run(picture, signal, side);
  }

  /**
   * @param {{ texts: string[], templates: string[] }} args
   * @param {AbortSignal} signal
   * @returns {Promise<Float32Array>} one row a text
   */
  embedTexts({ texts, templates }, signal) {
    const begun = beforeComputing();
    return this.#turn(signal, async () => {
      const prompts = this.#engine.fill(templates, texts);
      const rows = new Float32Array(prompts.length * this.#width);
      for (let at = 0; at < prompts.length; at += TEXTS_A_TURN) {
        const some = prompts.slice(at, at + TEXTS_A_TURN);
        await this.#know(some, begun, signal);
        rows.set(this.#engine.embed_texts(some).vectors, at * this.#width);
      }
      return rows;
    });
  }

  /** @param {{ images: Float32Array, texts: string[], templates: string[] }} args @param {AbortSignal} signal */
  similarity({ images, texts, templates }, signal) {
    const begun = beforeComputing();
    return this.#turn(signal, async () => {
      await this.#know(this.#engine.fill(templates, texts), begun, signal);
      const rows = images.length / this.#width;
      return this.#timeScoring(rows, () => this.#engine.similarity(images, texts, templates));
    });
  }

  /**
   * Between two steps whatever else was asked has its turn.
   *
   * @param {{ picture: Picture, labels: string[], label: number, templates: string[], method: string }} args
   * @param {(done: number) => void} onProgress from 0 to 1
   * @param {AbortSignal} signal
   * @returns {Promise<import("../api/protocol.js").Heat>}
   */
  async explain({ picture, labels, label, templates, method }, onProgress, signal) {
    const begun = beforeComputing();
    const { seen, width, height } = await this.#pictures.see(picture, signal);
    const explaining = await this.#turn(signal, async () => {
      const texts = this.#engine.fill(templates, labels);
      await this.#know(texts, begun, signal);
      return this.#engine.explain(seen, texts, label, method);
    });
    try {
      while (await this.#turn(signal, () => this.#engine.explain_more(explaining))) onProgress(explaining.progress());
      const heat = /** @type {{ side: number, cells: Float32Array }} */ (explaining.heat());
      return { ...heat, seen: Array.from(this.#engine.seen(width, height)), width, height };
    } finally {
      if (!this.#freed) explaining.free();
    }
  }

  forgetTexts() {
    this.#engine.forget_texts();
  }

  /** @returns {Info} */
  info() {
    const { cachedTexts, products, ...measures } = this.#engine.info();
    const { notes, ...origin } = this.#origin;
    const { timings } = this.#pictures;
    return {
      model: { ...origin, ...measures },
      build: this.#wasm.build,
      threads: this.#wasm.threads,
      memory: this.#wasm.memory.buffer.byteLength,
      timings: timings && { ...timings, scoring: this.#scoring },
      products: products && shareOf(products, this.#wasm.threads),
      cachedTexts,
      notes: [...this.#wasm.notes, ...notes],
    };
  }

  hold() {
    this.#holders += 1;
  }

  /** By the last one who has it: what is running stops at its next step; then the memory is given back. */
  async free() {
    this.#holders -= 1;
    if (this.#holders > 0) return;
    this.#freed = failure("EngineError", "This model was freed while it worked.");
    await Promise.all([this.#pictures.stop(this.#freed), this.#turns.take(() => {})]);
    this.#engine.free();
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
    if (this.#freed) throw this.#freed;
  }

  /**
   * See to it that the engine has these prompts' vectors, so that scoring finds them there: those it doesn't keep come
   * from the browser's storage, and the rest is computed.
   *
   * @param {string[]} prompts
   * @param {number} begun when the request for them came, as `beforeComputing` counts
   * @param {AbortSignal} signal
   */
  async #know(prompts, begun, signal) {
    const missing = this.#engine.uncached(prompts);
    const unknown = this.#keepTexts && missing.length > 0 ? await this.#recall(missing, signal) : missing;
    /** @type {Map<string, TextVector>} */
    const made = new Map();
    try {
      for (let at = 0; at < unknown.length; ) {
        const { some, prompts } = upTo(unknown.slice(at, at + this.#pace.count), this.#pace.count);
        const start = performance.now();
        const { vectors, cut } = this.#engine.embed_texts(some);
        this.#pace.took(prompts, performance.now() - start);
        some.forEach((text, i) => made.set(text, { vector: vectors.slice(i * this.#width, (i + 1) * this.#width), cut: cut[i] === 1 }));
        at += some.length;
        await this.#step(signal);
      }
    } finally {
      // Nobody waits for it.
      if (this.#keepTexts && made.size > 0) keepVectors(this.#key, made, begun);
    }
  }

  /**
   * @param {string[]} texts
   * @param {AbortSignal} signal
   * @returns {Promise<string[]>} those that storage doesn't have
   */
  async #recall(texts, signal) {
    const found = await readVectors(this.#key, texts, this.#width, Math.max(STORAGE_MS, this.#pace.estimate(texts.length)));
    await this.#step(signal);
    const known = [...found.keys()];
    const vectors = new Float32Array(known.length * this.#width);
    known.forEach((text, i) => vectors.set(/** @type {TextVector} */ (found.get(text)).vector, i * this.#width));
    try {
      if (known.length > 0) this.#engine.put_texts(known, vectors, Uint8Array.from(found.values(), ({ cut }) => Number(cut)));
    } catch (thrown) {
      if (isTrap(thrown)) throw thrown;
      // What the engine refuses is computed anew, and kept in its place.
      return texts;
    }
    return texts.filter((text) => !found.has(text));
  }

  /**
   * @template T
   * @param {number} pictures
   * @param {() => T} score
   */
  #timeScoring(pictures, score) {
    const start = performance.now();
    const result = score();
    this.#scoring = (performance.now() - start) / pictures;
    return result;
  }
}

/**
 * As many of the texts, at least one, as have so many prompts together: an ensemble has several in one text.
 *
 * @param {string[]} texts
 * @param {number} most
 */
function upTo(texts, most) {
  let [count, prompts] = [0, 0];
  while (count < texts.length && (count === 0 || prompts < most)) prompts += texts[count++].split(WITH).length;
  return { some: texts.slice(0, count), prompts };
}
