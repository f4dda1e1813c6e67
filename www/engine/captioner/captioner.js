/** Models that write texts about pictures: a script of its own, fetched with the first of them. The types are in semblance.d.ts. */
import { checkEngine, checkModel, checkOptions } from "../api/check.js";
import { closeBitmaps } from "../api/protocol.js";
import { failure } from "../errors.js";
import { isImageSource, toPicture } from "../pictures/source.js";
import { keepStored } from "../storage/persist.js";
import { connectCaptioner } from "./client.js";

/** @typedef {import("../../../semblance.js").CaptionerInfo} Info */
/** @typedef {import("../../../semblance.js").ImageSource} ImageSource */
/** @typedef {import("../../../semblance.js").CaptionerOptions} CaptionerOptions */
/** @typedef {import("../../../semblance.js").CaptionOptions} CaptionOptions */
/** @typedef {import("../../../semblance.js").Caption} Caption */
/** `taken`: bytes of memory that loaded models take; `note` hears what is asked of the network. @typedef {{ taken: number, note: (requests: import("../api/protocol.js").SeenRequest[]) => void }} Around */

const BEAMS_AT_MOST = 16;
const TOKENS_AT_MOST = 512;

export class Captioner {
  #client;
  #handle;
  #info;
  #notes;
  #freed = false;

  /** @param {ReturnType<typeof connectCaptioner>} client @param {number} handle @param {Info} info @param {string[]} notes */
  constructor(client, handle, info, notes) {
    this.#client = client;
    this.#handle = handle;
    this.#info = info;
    this.#notes = notes;
  }

  /** @param {ImageSource} image @param {CaptionOptions & { prompt?: string }} [options] */
  async caption(image, options) {
    const { prompt = "", ...rest } = checkOptions(options, "caption");
    if (typeof prompt !== "string") throw new TypeError("prompt must be a string");
    return this.#write("caption", image, { prompt }, rest);
  }

  /** @param {ImageSource} image @param {string} question @param {CaptionOptions} [options] */
  async answer(image, question, options) {
    if (typeof question !== "string") throw new TypeError("question must be a string");
    if (question.trim() === "") throw failure("TextError", "The question is blank.");
    return this.#write("answer", image, { question }, checkOptions(options, "answer"));
  }

  info() {
    return structuredClone({ ...this.#info, notes: [...this.#info.notes, ...this.#notes] });
  }

  /** What it had in memory goes with its worker. */
  free() {
    if (this.#freed) return;
    this.#freed = true;
    this.#client.end("This captioner was freed. Load it again.");
  }

  /**
   * @param {"caption" | "answer"} verb
   * @param {ImageSource} image
   * @param {{ prompt: string } | { question: string }} what
   * @param {CaptionOptions} options
   * @returns {Promise<Caption>}
   */
  async #write(verb, image, what, { beams = 1, maxTokens = 20, minTokens = 0, signal, onToken }) {
    if (!isImageSource(image)) throw new TypeError("An image must be a Blob, an image element, a canvas, a video frame or image data");
    if (!Number.isInteger(beams) || beams < 1 || beams > BEAMS_AT_MOST) throw new TypeError(`beams must be a whole number from 1 to ${BEAMS_AT_MOST}`);
    if (!Number.isInteger(maxTokens) || maxTokens < 1 || maxTokens > TOKENS_AT_MOST) throw new TypeError(`maxTokens must be a whole number from 1 to ${TOKENS_AT_MOST}`);
    if (!Number.isInteger(minTokens) || minTokens < 0 || minTokens > maxTokens) throw new TypeError("minTokens must be a whole number from 0 to maxTokens");
    if (onToken !== undefined && typeof onToken !== "function") throw new TypeError("onToken must be a function");
    if (this.#freed) throw failure("EngineError", "This captioner was freed. Load it again.");
    const picture = await toPicture(image, signal);
    const args = /** @type {any} */ ({ ...what, handle: this.#handle, picture, limits: { beams, maxTokens, minTokens } });
    try {
      const { caption, info } = await this.#client.call(verb, args, { signal, onProgress: (text) => onToken?.(text) });
      this.#info = info;
      return caption;
    } finally {
      closeBitmaps(args);
    }
  }
}

/**
 * @param {CaptionerOptions} options
 * @param {Around} around
 */
export async function loadCaptioner(options, { taken, note }) {
  const { model, hub, signal, onProgress, ...engine } = checkOptions(options, "loadCaptioner");
  if (model === undefined) throw new TypeError("loadCaptioner: model must be said, as a repository's id, an address or files");
  const { choice, dtype } = checkEngine(engine);
  const client = connectCaptioner(note);
  try {
    const { handle, info } = await client.call("load", { model: checkModel(model, hub), dtype, choice, taken }, { signal, onProgress });
    const captioner = new Captioner(client, handle, info, await keepStored(info.model));
    signal?.throwIfAborted();
    return captioner;
  } catch (thrown) {
    client.end("This captioner was not loaded.");
    throw thrown;
  }
}

/** What a load would take. @param {NonNullable<CaptionerOptions["model"]>} model @param {Omit<CaptionerOptions, "model" | "onProgress">} options @param {Around} around */
export async function describeCaptioner(model, options, { taken, note }) {
  const { hub, signal, ...engine } = checkOptions(options, "describeCaptioner");
  const { choice, dtype } = checkEngine(engine);
  const client = connectCaptioner(note);
  try {
    return await client.call("describe", { model: checkModel(model, hub), dtype, choice, taken }, { signal });
  } finally {
    client.end("It was asked what it would take.");
  }
}
