/** A classifier of one's own. The types and their meaning are in semblance.d.ts. */
import { checkOptions, checkTemplate, checkTexts, isEmbedding } from "../api/check.js";
import { failure } from "../errors.js";
import { joined } from "../running/rows.js";
import { connectTeach } from "./client.js";

/** @typedef {import("../../../semblance.js").Semblance} Clip */
/** @typedef {import("../../../semblance.js").ImageInput} ImageInput */
/** @typedef {import("../../../semblance.js").ImageSource} ImageSource */
/** @typedef {import("../../../semblance.js").TeachClass} TeachClass */
/** @typedef {import("../../../semblance.js").TeachOptions} TeachOptions */
/** @typedef {import("../../../semblance.js").TeachReport} TeachReport */
/** @typedef {import("../../../semblance.js").Classification} Classification */
/** @typedef {import("../../../semblance.js").LearningPoint} LearningPoint */
/** @typedef {import("./protocol.js").Opened} Opened */
/** @typedef {import("./client.js").TeachClient} TeachClient */

const METHODS = ["auto", "zero-shot", "nearest-class-mean", "tip-adapter", "tip-adapter-f", "linear-probe"];
/** More than anybody tells apart; each takes a row of numbers. */
const CLASSES_AT_MOST = 10_000;

export class Classifier {
  #client;
  #opened;
  #clip;
  #freed = false;

  /** @param {TeachClient} client @param {Opened} opened @param {Clip | null} clip */
  constructor(client, opened, clip) {
    this.#client = client;
    this.#opened = opened;
    this.#clip = clip;
  }

  get classes() {
    return [...this.#opened.about.classes];
  }

  info() {
    const { setting, examples, accuracy, threshold, model, prompts } = this.#opened.about;
    return structuredClone({ setting, examples, accuracy, threshold, model, prompts, embedding: this.#opened.dim });
  }

  /** @returns {TeachReport | null} */
  get report() {
    return this.#opened.report;
  }

  /** @param {ImageInput[]} images @param {{ signal?: AbortSignal }} [options] @returns {Promise<Classification[]>} */
  async classify(images, options) {
    const { signal } = checkOptions(options, "classify");
    if (!Array.isArray(images)) throw new TypeError("images must be an array");
    if (images.length === 0) return [];
    const { dim } = this.#opened;
    const { probabilities, known } = await this.classifyEmbeddings(await embedded(images, dim, this.#clip, this.#opened.about.model, signal));
    const { classes, threshold } = this.#opened.about;
    return Array.from(known, (known, row) => {
      const scores = classes.map((label, i) => ({ label, probability: probabilities[row * classes.length + i] }));
      scores.sort((a, b) => b.probability - a.probability);
      return { label: this.#refuses(known) ? null : scores[0].label, scores, known, threshold };
    });
  }

  /** @param {Float32Array} vectors */
  async classifyEmbeddings(vectors) {
    if (!(vectors instanceof Float32Array) || vectors.length % this.#opened.dim !== 0) throw new TypeError(`vectors must be a Float32Array with rows of ${this.#opened.dim}`);
    return this.#client.call("classify", { handle: this.#held(), vectors: vectors.slice() });
  }

  /** @param {number | null} threshold */
  async setThreshold(threshold) {
    if (threshold !== null && !Number.isFinite(threshold)) throw new TypeError("the threshold must be a number, or null");
    this.#opened.about = await this.#client.call("threshold", { handle: this.#held(), threshold });
  }

  /** @param {{ signal?: AbortSignal, onPoints?: (points: LearningPoint[]) => void }} [options] */
  async learningCurve({ signal, onPoints } = {}) {
    return this.#client.call("learn", { handle: this.#held() }, { signal, onProgress: onPoints });
  }

  async export() {
    const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (await this.#client.call("bytes", { handle: this.#held() }));
    return new Blob([bytes], { type: "application/octet-stream" });
  }

  free() {
    if (this.#freed) return;
    this.#freed = true;
    this.#client.call("free", { handle: this.#opened.handle }).catch(() => {});
  }

  /** @param {number} known */
  #refuses(known) {
    const { threshold } = this.#opened.about;
    return threshold !== null && known < threshold;
  }

  #held() {
    if (this.#freed) throw failure("EngineError", "This classifier was freed. Teach it or open it again.");
    return this.#opened.handle;
  }
}

/**
 * @param {TeachClass[]} classes
 * @param {TeachOptions} options
 * @returns {Promise<Classifier>}
 */
export async function teach(classes, options) {
  const { model, method = "auto", template, words = true, captions = [], background = [], signal, onProgress } = checkOptions(options, "teach");
  if (!METHODS.includes(method)) throw new TypeError(`method must be one of ${METHODS.map((method) => `"${method}"`).join(", ")}`);
  if (!Array.isArray(classes) || classes.length > CLASSES_AT_MOST) throw new TypeError(`classes must be an array of at most ${CLASSES_AT_MOST}`);
  const names = classes.map(({ name }) => nameOf(name));
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw failure("TextError", `There are two classes “${twice}”. Give each a name of its own.`);
  const { hash, embedding: dim, logitScale } = model.info().model;
  const client = connectTeach();
  const prompts = words ? classes.map(({ name, prompt }) => (prompt === undefined ? checkTemplate(template).replaceAll("{}", name) : nameOf(prompt))) : [];
  const rows = [];
  for (const { examples } of classes) rows.push(await rowsOf(examples, dim, model, hash, signal));
  const [texts, rivals, others] = [
    words ? await model.embedTexts(prompts, { template: "{}", signal }) : [],
    words && captions.length > 0 ? await model.embedTexts(checkTexts(captions, "captions"), { template: "{}", signal }) : [],
    await rowsOf(background, dim, model, hash, signal),
  ];
  const lesson = {
    vectors: joined(rows),
    dim,
    labels: Uint32Array.from(rows.flatMap((row, label) => Array.from({ length: row.length / dim }, () => label))),
    names,
    prompts,
    words: joined(texts),
    logitScale,
    method: method === "auto" ? "" : method,
    captions: joined(rivals),
    background: others.slice(),
    model: hash,
  };
  return new Classifier(client, await client.call("teach", lesson, { signal, onProgress }), model);
}

/**
 * @param {Blob} file
 * @param {{ model?: Clip }} options
 * @returns {Promise<Classifier>}
 */
export async function loadClassifier(file, { model }) {
  if (!(file instanceof Blob)) throw new TypeError("loadClassifier: the file must be a Blob or a File");
  const client = connectTeach();
  const opened = await client.call("open", { file });
  if (model && model.info().model.hash !== opened.about.model) {
    client.call("free", { handle: opened.handle }).catch(() => {});
    throw failure("ModelError", "This classifier was taught with another model, and its vectors mean nothing to it. Load that model.");
  }
  return new Classifier(client, opened, model ?? null);
}

/**
 * @param {Float32Array} logits
 * @param {number} classes
 * @param {{ class: number, right: boolean }[]} marks one a row
 */
export function temperatureOf(logits, classes, marks) {
  const marked = Uint32Array.from(marks, (mark) => mark.class);
  const right = Uint8Array.from(marks, (mark) => Number(mark.right));
  return connectTeach().call("temperature", { logits: logits.slice(), classes, marked, right });
}

/** @param {unknown} name @returns {string} */
function nameOf(name) {
  if (typeof name !== "string") throw new TypeError("a class's name and prompt must be strings");
  if (name.trim() === "") throw failure("TextError", "A class has no name: give it one.");
  return name;
}

/**
 * @param {ImageInput[] | Float32Array} examples
 * @param {number} dim
 * @param {Clip} model
 * @param {string} hash
 * @param {AbortSignal} [signal]
 */
async function rowsOf(examples, dim, model, hash, signal) {
  if (!(examples instanceof Float32Array)) return embedded(examples ?? [], dim, model, hash, signal);
  if (examples.length % dim !== 0) throw new TypeError(`a class's vectors must be rows of ${dim} numbers`);
  return examples;
}

/**
 * @param {ImageInput[]} images
 * @param {number} dim
 * @param {Clip | null} clip
 * @param {string} hash of the model that the vectors must be of
 * @param {AbortSignal} [signal]
 */
async function embedded(images, dim, clip, hash, signal) {
  if (!Array.isArray(images)) throw new TypeError("examples must be an array of pictures or a Float32Array");
  const sources = images.filter((image) => !isEmbedding(image, dim));
  if (sources.length > 0 && !clip) throw failure("EngineError", "This classifier was opened without a model: it takes embeddings only.");
  if (sources.length > 0 && clip?.info().model.hash !== hash) throw failure("ModelError", "This classifier was taught with another model. Load that model.");
  const vectors = sources.length > 0 && clip ? await clip.embedImages(/** @type {ImageSource[]} */ (sources), { signal }) : [];
  return joined(images.map((image) => /** @type {Float32Array} */ (isEmbedding(image, dim) ? image : vectors.shift())));
}
