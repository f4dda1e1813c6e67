/**
 * Semblance, the public module: CLIP in the browser. The types and their meaning are in semblance.d.ts; the work is
 * done by a worker behind www/engine/api/client.js.
 */
import { checkEngine, checkFiles, checkId, checkLabels, checkModel, checkOptions, checkTemplates, isEmbedding } from "./www/engine/api/check.js";
import { allRequests, connect, connectAny, forgetTexts, noteWorkersRequests } from "./www/engine/api/client.js";
import { failure } from "./www/engine/errors.js";
import { keepStored } from "./www/engine/storage/persist.js";
import { closeBitmaps } from "./www/engine/api/protocol.js";
import { isImageSource, toPicture } from "./www/engine/pictures/source.js";
import { throttled } from "./www/engine/api/throttle.js";
import { importAt, mayHave } from "./www/site.js";

/** @typedef {import("./semblance.js").Embedding} Embedding */
/** @typedef {import("./semblance.js").ImageInput} ImageInput */
/** @typedef {import("./semblance.js").ImageSource} ImageSource */
/** @typedef {import("./semblance.js").Info} Info */
/** @typedef {import("./semblance.js").Label} Label */
/** @typedef {import("./semblance.js").LoadOptions} LoadOptions */
/** @typedef {import("./semblance.js").StepOptions} StepOptions */
/** @typedef {import("./semblance.js").TextOptions} TextOptions */
/** @typedef {ReturnType<typeof connect>} Client */

/**
 * Pictures that are at the worker at a time: a group in the tower and another that is decoded meanwhile. Few, so that
 * bitmaps of many elements don't pile up.
 */
const PICTURES_AT_A_TIME = 16;

/** Of the square that an index's small pictures fit into, in pixels. */
const THUMBNAIL_SIDE = 256;

const IMAGE_TYPES = "a Blob, File, URL, string, ImageBitmap, ImageData, HTMLImageElement, HTMLCanvasElement or OffscreenCanvas";

export class Semblance {
  /** Loaded and not freed. @type {Set<Semblance>} */
  static #held = new Set();

  #client;
  #handle;
  #info;
  /** What the page, and not the worker, has to say in `info().notes`. */
  #notes;
  #freed = false;

  /** @param {Client} client @param {number} handle @param {Info} info @param {string[]} notes */
  constructor(client, handle, info, notes) {
    if (!info?.model) throw new TypeError("Use Semblance.load() to get a model");
    Semblance.#held.add(this);
    this.#client = client;
    this.#handle = handle;
    this.#info = info;
    this.#notes = notes;
  }

  /** @param {LoadOptions} [options] */
  static async load(options) {
    const { model, hub, onProgress, signal, ...engine } = checkOptions(options, "load");
    const { choice, ...compute } = checkEngine(engine);
    const args = { ...compute, choice, model: checkModel(model, hub) };
    const client = connect(choice, compute.dtype);
    /** @type {Info | undefined} */
    let info;
    const { handle } = await client.call("load", args, { signal, onProgress, onInfo: (first) => (info = first) });
    const loaded = /** @type {Info} */ (info);
    const clip = new Semblance(client, handle, loaded, await keepStored(loaded.model));
    if (!signal?.aborted) return clip;
    clip.free();
    throw signal.reason;
  }

  static async models() {
    if (!mayHave("models/index.json")) return [];
    return connectAny().call("models", {});
  }

  /** @param {NonNullable<LoadOptions["model"]>} model @param {Pick<LoadOptions, "dtype" | "towers" | "hub" | "signal">} [options] */
  static async describe(model, options) {
    const { hub, signal, ...engine } = checkOptions(options, "describe");
    const { dtype, towers } = checkEngine(engine);
    const client = connectAny();
    return client.call("describe", { model: checkModel(model, hub), dtype, towers, choice: client.choice }, { signal });
  }

  static async storedModels() {
    return connectAny().call("storedModels", {});
  }

  /** @param {string} id @param {StepOptions & Progress} [options] */
  static async verifyModel(id, options) {
    return connectAny().call("verifyModel", { id: checkId(id) }, stepOptions(options, "verifyModel"));
  }

  /** @param {string} id @param {{ unfinished?: boolean }} [options] */
  static async deleteModel(id, options) {
    const { unfinished = false } = checkOptions(options, "deleteModel");
    if (typeof unfinished !== "boolean") throw new TypeError("unfinished must be true or false");
    return connectAny().call("deleteModel", { id: checkId(id), unfinished });
  }

  /** @param {string} id */
  static async exportModel(id) {
    return connectAny().call("exportModel", { id: checkId(id) });
  }

  /** @param {Blob | readonly Blob[]} files @param {StepOptions & Progress} [options] */
  static async importModel(files, options) {
    const client = connectAny();
    return client.call("importModel", { files: checkFiles(files), choice: client.choice }, stepOptions(options, "importModel"));
  }

  /** @param {ImageSource} image @param {{ size?: number, signal?: AbortSignal }} [options] */
  static async thumbnail(image, options) {
    const { size = 256, signal } = checkOptions(options, "thumbnail");
    checkImage(image, IMAGE_TYPES);
    if (!Number.isInteger(size) || size < 1 || size > 4096) throw new TypeError("size must be a whole number from 1 to 4096");
    const picture = await toPicture(image, signal);
    const client = connectAny();
    return client.call("thumbnail", { picture, size, choice: client.choice }, { signal });
  }

  static async requests() {
    return allRequests();
  }

  /** @param {string} name @param {import("./semblance.js").IndexOptions} [options] */
  static async openIndex(name, options) {
    const { model, exact, ...rest } = checkOptions(options, "openIndex");
    if (exact !== undefined && typeof exact !== "boolean") throw new TypeError("exact must be true or false");
    const [unknown] = Object.keys(rest);
    if (unknown !== undefined) throw new TypeError(`openIndex has no option "${unknown}"`);
    const { PictureIndex } = await index();
    return PictureIndex.open(name, { model, exact }, Semblance.#indexer(model));
  }

  /**
   * What an index has pictures embedded with.
   *
   * @param {unknown} model
   * @returns {import("./www/engine/index/adding.js").EmbedFile | undefined}
   */
  static #indexer(model) {
    if (model === undefined) return undefined;
    if (!(model instanceof Semblance)) throw new TypeError("model must be a model that Semblance.load() gave");
    return (file, signal) => model.#call("indexImage", { picture: file, side: THUMBNAIL_SIDE }, { signal });
  }

  static async indexes() {
    return (await index()).indexes();
  }

  /** @param {File} file @param {import("./semblance.js").ImportOptions} [options] */
  static async importIndex(file, options) {
    const { model, name, exact } = checkOptions(options, "importIndex");
    const { PictureIndex, importIndex } = await index();
    const embed = Semblance.#indexer(model);
    return PictureIndex.open(await importIndex(file, { name, exact }), { model }, embed);
  }

  /** @param {File} archive */
  static async openZip(archive) {
    return (await index()).openZip(archive);
  }

  /** @param {string} name */
  static async deleteIndex(name) {
    await (await index()).deleteIndex(name);
  }

  /** @param {import("./semblance.js").TeachClass[]} classes @param {import("./semblance.js").TeachOptions} options */
  static async teach(classes, options) {
    if (!(options?.model instanceof Semblance)) throw new TypeError("model must be a model that Semblance.load() gave");
    return (await teaching()).teach(classes, options);
  }

  /** @param {Blob} file @param {{ model?: Semblance }} [options] */
  static async loadClassifier(file, options) {
    const { model } = checkOptions(options, "loadClassifier");
    if (model !== undefined && !(model instanceof Semblance)) throw new TypeError("model must be a model that Semblance.load() gave");
    return (await teaching()).loadClassifier(file, { model });
  }

  /** @param {Float32Array} logits @param {number} classes @param {{ class: number, right: boolean }[]} marks */
  static async fitTemperature(logits, classes, marks) {
    return (await teaching()).temperatureOf(logits, classes, marks);
  }

  /** @param {Float32Array} logits @param {ArrayLike<number>} truths @param {{ seed?: number }} [options] */
  static async evaluate(logits, truths, options) {
    return (await measuring()).evaluate(logits, truths, options);
  }

  /** @param {Pick<import("./semblance.js").Evaluation, "ranks">[]} evaluations @param {{ against?: "best" | "first", seed?: number }} [options] */
  static async compareEvaluations(evaluations, options) {
    return (await measuring()).compare(evaluations, options);
  }

  /** @param {Label[]} labels @param {import("./semblance.js").CheckLabelsOptions} [options] */
  static async checkLabels(labels, options) {
    return (await measuring()).checkLabels(labels, options);
  }

  /** @param {Label[]} labels @param {import("./semblance.js").LabelFix} fix */
  static async applyFix(labels, fix) {
    return (await measuring()).applyFix(labels, fix);
  }

  static async imagenetTemplates() {
    return (await measuring()).imagenetTemplates();
  }

  /** @param {Semblance} [model] */
  static async vocabulary(model) {
    if (model !== undefined && !(model instanceof Semblance)) throw new TypeError("model must be a model that Semblance.load() gave");
    return (await organising()).vocabulary(model);
  }

  /** @param {string[][]} tags */
  static async sidecars(tags) {
    return (await organising()).sidecars(tags);
  }

  static async ruleAdvice() {
    return (await organising()).ruleAdvice();
  }

  /** @param {import("./semblance.js").RuleMark[]} marks @param {number} threshold */
  static async ruleReport(marks, threshold) {
    return (await organising()).ruleReport(marks, threshold);
  }

  /** @param {Blob} video @param {import("./semblance.js").FrameOptions} [options] */
  static async frames(video, options) {
    return (await organising()).frames(video, options);
  }

  /** @param {Semblance} [model] */
  static async phrases(model) {
    if (model !== undefined && !(model instanceof Semblance)) throw new TypeError("model must be a model that Semblance.load() gave");
    return (await describing()).phrases(model);
  }

  /** @param {string} question @param {Pick<import("./semblance.js").AskOptions, "answers" | "template"> & { model?: Semblance }} [options] */
  static async readQuestion(question, options) {
    if (options?.model !== undefined && !(options.model instanceof Semblance)) throw new TypeError("model must be a model that Semblance.load() gave");
    return (await describing()).readQuestion(question, options);
  }

  /** @param {import("./semblance.js").CaptionerOptions} options */
  static async loadCaptioner(options) {
    return (await captioning()).loadCaptioner(options, Semblance.#around);
  }

  /** @param {NonNullable<LoadOptions["model"]>} model @param {Omit<import("./semblance.js").CaptionerOptions, "model" | "onProgress">} [options] */
  static async describeCaptioner(model, options) {
    return (await captioning()).describeCaptioner(model, options ?? {}, Semblance.#around);
  }

  /** What another worker with a model is to know: bytes of memory that the engines here have, and who hears of its requests. */
  static get #around() {
    const engines = new Map(Array.from(Semblance.#held, (clip) => [clip.#client, clip.#info.memory]));
    return { taken: [...engines.values()].reduce((sum, memory) => sum + memory, 0), note: noteWorkersRequests };
  }

  static async forgetTexts() {
    await forgetTexts();
    for (const clip of Semblance.#held) clip.#info = { ...clip.#info, cachedTexts: 0 };
  }

  /** @param {ImageInput} image @param {Label[]} labels @param {TextOptions} [options] */
  async classify(image, labels, options) {
    this.#checkHeld();
    const { signal, ...rest } = checkOptions(options, "classify");
    const args = { labels: checkLabels(labels, "labels"), templates: checkTemplates(rest.template) };
    // An embedding is sent at once: requests keep the order in which they were made.
    const input = isEmbedding(image, this.#info.model.embedding) ? image.slice() : await toPicture(checkImage(image, `an embedding, ${IMAGE_TYPES}`), signal);
    return this.#call("classify", { ...args, image: input }, { signal });
  }

  /** @param {ImageSource[]} images @param {StepOptions & { onProgress?: (done: number, total: number) => void }} [options] */
  async embedImages(images, options) {
    this.#checkHeld();
    const { signal, onProgress } = checkOptions(options, "embedImages");
    const sources = checkImages(images).map((image) => checkImage(image, IMAGE_TYPES));
    const progress = throttled((/** @type {number} */ done) => onProgress?.(done, sources.length));
    const giveUp = new AbortController();
    const abort = () => giveUp.abort(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    /** @type {Embedding[]} */
    const vectors = [];
    /** @type {Promise<Embedding>[]} */
    const atWork = [];
    try {
      signal?.throwIfAborted();
      for (let begun = 0; vectors.length < sources.length; ) {
        if (begun < sources.length && atWork.length < PICTURES_AT_A_TIME) {
          const vector = this.#embedImage(sources[begun++], giveUp.signal);
          // Heard of when its turn comes.
          vector.catch(() => {});
          atWork.push(vector);
        } else {
          vectors.push(await /** @type {Promise<Embedding>} */ (atWork.shift()));
          progress.report(vectors.length);
        }
      }
      progress.flush();
      return vectors;
    } finally {
      progress.stop();
      signal?.removeEventListener("abort", abort);
      // Ends what was begun for pictures after one that can't be read.
      giveUp.abort();
    }
  }

  /** @param {Label[]} texts @param {TextOptions} [options] */
  async embedTexts(texts, options) {
    const { signal, template } = checkOptions(options, "embedTexts");
    const args = { texts: checkLabels(texts, "texts"), templates: checkTemplates(template) };
    return this.#rows(await this.#call("embedTexts", args, { signal }));
  }

  /** @param {ImageInput[]} images @param {Label[]} texts @param {TextOptions} [options] */
  async similarity(images, texts, options) {
    const { signal, template } = checkOptions(options, "similarity");
    const args = { texts: checkLabels(texts, "texts"), templates: checkTemplates(template) };
    const width = this.#info.model.embedding;
    const inputs = checkImages(images);
    const sources = inputs.filter((image) => !isEmbedding(image, width));
    const embedded = sources.length > 0 ? await this.embedImages(/** @type {ImageSource[]} */ (sources), { signal }) : [];
    const rows = new Float32Array(inputs.length * width);
    inputs.forEach((image, i) => rows.set(/** @type {Embedding} */ (isEmbedding(image, width) ? image : embedded.shift()), i * width));
    return this.#call("similarity", { ...args, images: rows }, { signal });
  }

  /** @param {ImageSource} image @param {Label} label @param {import("./semblance.js").ExplainOptions} [options] */
  async explain(image, label, options) {
    this.#checkHeld();
    const { explain } = await measuring();
    const picture = (/** @type {AbortSignal | undefined} */ signal) => toPicture(checkImage(image, IMAGE_TYPES), signal);
    return explain(picture, label, options, (args, more) => this.#call("explain", args, more));
  }

  /** @param {ImageInput[] | Float32Array} images @param {ArrayLike<number>} truths @param {Label[]} labels @param {import("./semblance.js").EvaluateOptions} [options] */
  async evaluate(images, truths, labels, options) {
    return (await measuring()).evaluateClip(this, images, truths, labels, options);
  }

  /** @param {ImageInput[] | Float32Array} images @param {Label[]} labels @param {import("./semblance.js").MeasureOptions & { usual?: import("./semblance.js").Usual }} [options] */
  async domain(images, labels, options) {
    return (await measuring()).domain(this, images, labels, options);
  }

  /** @param {ImageInput[] | Float32Array} images @param {Label[]} labels @param {import("./semblance.js").MeasureOptions} [options] */
  async usual(images, labels, options) {
    return (await measuring()).usual(this, images, labels, options);
  }

  /** @param {ImageInput[] | Float32Array} images @param {Label[]} labels @param {(string | string[])[]} templates @param {import("./semblance.js").MeasureOptions} [options] */
  async compareTemplates(images, labels, templates, options) {
    return (await measuring()).compareTemplates(this, images, labels, templates, options);
  }

  /** @param {ImageInput[] | Float32Array} images @param {import("./semblance.js").BiasProbe} probe @param {import("./semblance.js").MeasureOptions} [options] */
  async bias(images, probe, options) {
    return (await measuring()).bias(this, images, probe, options);
  }

  /**
   * @param {ImageInput | ImageInput[]} images
   * @param {import("./semblance.js").Rule[]} rules
   * @param {import("./semblance.js").ModerateOptions} [options]
   * @returns {Promise<any>} a list for each of several pictures
   */
  async moderate(images, rules, options) {
    return (await organising()).moderate(this, images, rules, options);
  }

  /** @param {ImageInput} image @param {import("./semblance.js").DescribeOptions} [options] */
  async describe(image, options) {
    this.#checkHeld();
    return (await describing()).describe(this, this.#embedder(image), options);
  }

  /** @param {ImageInput} image @param {string} question @param {import("./semblance.js").AskOptions} [options] */
  async ask(image, question, options) {
    this.#checkHeld();
    return (await describing()).ask(this, this.#embedder(image), question, options);
  }

  info() {
    return structuredClone({ ...this.#info, notes: [...this.#info.notes, ...this.#notes] });
  }

  free() {
    if (!this.#freed) this.#client.free(this.#handle);
    this.#freed = true;
    Semblance.#held.delete(this);
  }

  /**
   * @template {"classify" | "embedImages" | "indexImage" | "embedTexts" | "similarity" | "explain"} V
   * @param {V} verb
   * @param {Omit<import("./www/engine/api/protocol.js").Calls[V]["args"], "handle">} args
   * @param {import("./www/engine/api/client.js").CallOptions} options
   * @returns {Promise<import("./www/engine/api/protocol.js").Calls[V]["ok"]>}
   */
  #call(verb, args, options) {
    // It may have been freed while the pictures were made ready.
    if (this.#freed) closeBitmaps(args);
    this.#checkHeld();
    const full = /** @type {import("./www/engine/api/protocol.js").Calls[V]["args"]} */ ({ ...args, handle: this.#handle });
    return this.#client.call(verb, full, { ...options, onInfo: (info) => (this.#info = info) });
  }

  /** @param {ImageSource} source @param {AbortSignal} signal */
  async #embedImage(source, signal) {
    return this.#call("embedImages", { picture: await toPicture(source, signal) }, { signal });
  }

  /** A picture's vector, when it is needed. @param {ImageInput} image */
  #embedder(image) {
    const known = isEmbedding(image, this.#info.model.embedding) ? image.slice() : null;
    const source = known ?? checkImage(image, `an embedding, ${IMAGE_TYPES}`);
    return async (/** @type {AbortSignal | undefined} */ signal) => known ?? (await this.embedImages([/** @type {ImageSource} */ (source)], { signal }))[0];
  }

  /** Before any picture is opened for a model that is gone. */
  #checkHeld() {
    if (this.#freed) throw failure("EngineError", "This model was freed. Load it again.");
  }

  /** A vector of its own for each row. @param {Float32Array} matrix */
  #rows(matrix) {
    const width = this.#info.model.embedding;
    return Array.from({ length: matrix.length / width }, (_, i) => matrix.slice(i * width, (i + 1) * width));
  }
}

/** What libraries of pictures need: a script of its own, fetched with the first of them. @returns {Promise<typeof import("./www/engine/index/index.js")>} */
const index = () => importAt("www/engine/index/index.js");

/** What teaching needs, the same way. @returns {Promise<typeof import("./www/engine/teach/teach.js")>} */
const teaching = () => importAt("www/engine/teach/teach.js");

/** What measuring and explaining need, the same way. @returns {Promise<typeof import("./www/engine/measure/measure.js")>} */
const measuring = () => importAt("www/engine/measure/measure.js");

/** What brings order into libraries, the same way. @returns {Promise<typeof import("./www/engine/organise/organise.js")>} */
const organising = () => importAt("www/engine/organise/organise.js");

/** Models that write texts, the same way. @returns {Promise<typeof import("./www/engine/captioner/captioner.js")>} */
const captioning = () => importAt("www/engine/captioner/captioner.js");

/** What describes and answers, the same way. @returns {Promise<typeof import("./www/engine/describe/describe.js")>} */
const describing = () => importAt("www/engine/describe/describe.js");

/** @typedef {{ onProgress?: (done: number, total: number) => void }} Progress */

/** @param {StepOptions & Progress | undefined} options @param {string} verb @returns {import("./www/engine/api/client.js").CallOptions} */
function stepOptions(options, verb) {
  const { signal, onProgress } = checkOptions(options, verb);
  return { signal, onProgress: ({ done, total }) => onProgress?.(done, total) };
}

/**
 * @param {unknown} image
 * @param {string} types what it may be
 */
function checkImage(image, types) {
  if (!isImageSource(image)) throw new TypeError(`An image must be ${types}`);
  return image;
}

/**
 * @template T
 * @param {T[]} images
 * @returns {T[]} a copy
 */
function checkImages(images) {
  if (!Array.isArray(images)) throw new TypeError("images must be an array");
  return [...images];
}
