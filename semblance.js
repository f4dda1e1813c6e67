/**
 * Semblance, the public module: CLIP in the browser. The types and their meaning are in semblance.d.ts; the work is
 * done by a worker behind www/engine/client.js.
 */
import { checkModel, checkOptions, checkTemplate, checkTexts, isEmbedding } from "./www/engine/check.js";
import { allRequests, connect } from "./www/engine/client.js";
import { failure } from "./www/engine/errors.js";
import { keepStored } from "./www/engine/persist.js";
import { closeBitmaps } from "./www/engine/protocol.js";
import { isImageSource, toPicture } from "./www/engine/source.js";

/** @typedef {import("./semblance.js").Embedding} Embedding */
/** @typedef {import("./semblance.js").ImageInput} ImageInput */
/** @typedef {import("./semblance.js").ImageSource} ImageSource */
/** @typedef {import("./semblance.js").Info} Info */
/** @typedef {import("./semblance.js").LoadOptions} LoadOptions */
/** @typedef {import("./semblance.js").StepOptions} StepOptions */
/** @typedef {import("./semblance.js").TextOptions} TextOptions */
/** @typedef {import("./www/engine/protocol.js").Picture} Picture */
/** @typedef {ReturnType<typeof connect>} Client */

/** Pictures that go to the worker in one message: few, so that bitmaps of many elements don't pile up. */
const PICTURES_A_CALL = 16;

const IMAGE_TYPES = "a Blob, File, URL, string, ImageBitmap, ImageData, HTMLImageElement, HTMLCanvasElement or OffscreenCanvas";

export class Semblance {
  #client;
  #handle;
  #info;
  /** What the page, and not the worker, has to say in `info().notes`. */
  #notes;
  #freed = false;

  /** @param {Client} client @param {number} handle @param {Info} info @param {string[]} notes */
  constructor(client, handle, info, notes) {
    if (!info?.model) throw new TypeError("Use Semblance.load() to get a model");
    this.#client = client;
    this.#handle = handle;
    this.#info = info;
    this.#notes = notes;
  }

  /** @param {LoadOptions} [options] */
  static async load(options) {
    const { model, onProgress, signal } = checkOptions(options, "load");
    const client = connect();
    /** @type {Info | undefined} */
    let info;
    const { handle } = await client.call("load", { model: checkModel(model) }, { signal, onProgress, onInfo: (first) => (info = first) });
    const loaded = /** @type {Info} */ (info);
    const clip = new Semblance(client, handle, loaded, await keepStored(loaded.model));
    if (!signal?.aborted) return clip;
    clip.free();
    throw signal.reason;
  }

  static async models() {
    return connect().call("models", {});
  }

  /** @param {ImageSource} image @param {{ size?: number, signal?: AbortSignal }} [options] */
  static async thumbnail(image, options) {
    const { size = 256, signal } = checkOptions(options, "thumbnail");
    checkImage(image, IMAGE_TYPES);
    if (!Number.isInteger(size) || size < 1 || size > 4096) throw new TypeError("size must be a whole number from 1 to 4096");
    return connect().call("thumbnail", { picture: await toPicture(image, signal), size }, { signal });
  }

  static async requests() {
    return allRequests();
  }

  /** @param {ImageInput} image @param {string[]} labels @param {TextOptions} [options] */
  async classify(image, labels, options) {
    this.#checkHeld();
    const { signal, ...rest } = checkOptions(options, "classify");
    const args = { labels: checkTexts(labels, "labels"), template: checkTemplate(rest.template) };
    // An embedding is sent at once: requests keep the order in which they were made.
    const input = isEmbedding(image, this.#info.model.embedding) ? image.slice() : await toPicture(checkImage(image, `an embedding, ${IMAGE_TYPES}`), signal);
    return this.#call("classify", { ...args, image: input }, { signal });
  }

  /** @param {ImageSource[]} images @param {StepOptions & { onProgress?: (done: number, total: number) => void }} [options] */
  async embedImages(images, options) {
    this.#checkHeld();
    const { signal, onProgress } = checkOptions(options, "embedImages");
    const sources = checkImages(images).map((image) => checkImage(image, IMAGE_TYPES));
    /** @type {Embedding[]} */
    const vectors = [];
    while (vectors.length < sources.length) {
      const before = vectors.length;
      const pictures = await toPictures(sources.slice(before, before + PICTURES_A_CALL), signal);
      /** @param {{ done: number }} progress */
      const report = ({ done }) => onProgress?.(before + done, sources.length);
      vectors.push(...this.#rows(await this.#call("embedImages", { pictures }, { signal, onProgress: report })));
    }
    return vectors;
  }

  /** @param {string[]} texts @param {TextOptions} [options] */
  async embedTexts(texts, options) {
    const { signal, template } = checkOptions(options, "embedTexts");
    const args = { texts: checkTexts(texts, "texts"), template: checkTemplate(template) };
    return this.#rows(await this.#call("embedTexts", args, { signal }));
  }

  /** @param {ImageInput[]} images @param {string[]} texts @param {TextOptions} [options] */
  async similarity(images, texts, options) {
    const { signal, template } = checkOptions(options, "similarity");
    const args = { texts: checkTexts(texts, "texts"), template: checkTemplate(template) };
    const width = this.#info.model.embedding;
    const inputs = checkImages(images);
    const sources = inputs.filter((image) => !isEmbedding(image, width));
    const embedded = sources.length > 0 ? await this.embedImages(/** @type {ImageSource[]} */ (sources), { signal }) : [];
    const rows = new Float32Array(inputs.length * width);
    inputs.forEach((image, i) => rows.set(/** @type {Embedding} */ (isEmbedding(image, width) ? image : embedded.shift()), i * width));
    return this.#call("similarity", { ...args, images: rows }, { signal });
  }

  info() {
    return structuredClone({ ...this.#info, notes: [...this.#info.notes, ...this.#notes] });
  }

  free() {
    if (!this.#freed) this.#client.free(this.#handle);
    this.#freed = true;
  }

  /**
   * @template {"classify" | "embedImages" | "embedTexts" | "similarity"} V
   * @param {V} verb
   * @param {Omit<import("./www/engine/protocol.js").Calls[V]["args"], "handle">} args
   * @param {import("./www/engine/client.js").CallOptions} options
   * @returns {Promise<import("./www/engine/protocol.js").Calls[V]["ok"]>}
   */
  #call(verb, args, options) {
    // It may have been freed while the pictures were made ready.
    if (this.#freed) closeBitmaps(args);
    this.#checkHeld();
    const full = /** @type {import("./www/engine/protocol.js").Calls[V]["args"]} */ ({ ...args, handle: this.#handle });
    return this.#client.call(verb, full, { ...options, onInfo: (info) => (this.#info = info) });
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

/**
 * All or none: when one can't be read, what was made of the others is given back.
 *
 * @param {ImageSource[]} sources
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<Picture[]>}
 */
async function toPictures(sources, signal) {
  const settled = await Promise.allSettled(sources.map((source) => toPicture(source, signal)));
  const pictures = settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failed = settled.find((result) => result.status === "rejected");
  if (!failed) return pictures;
  closeBitmaps(pictures);
  throw failed.reason;
}
