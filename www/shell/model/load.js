/**
 * Loading a model: one at a time, after a question where it is large, with true progress; the old one answers until the
 * new one is ready. Pausing ends the load and keeps what has come: the next load goes on from there.
 */

import { text } from "./words.js";
import { askAbove } from "./choices.js";

/**
 * @typedef {import("../../../semblance.js").Semblance} Clip
 * @typedef {import("./state.js").ModelChoice} ModelChoice
 * @typedef {(options: import("../../../semblance.js").LoadOptions) => Promise<Clip>} Load
 * @typedef {Pick<typeof import("../../../semblance.js").Semblance, "load" | "describe" | "storedModels" | "deleteModel">} Library
 */

/** A size that nobody says may be any. @param {import("../../../semblance.js").Offer} offer */
const isLarge = ({ bytes, missing }) => missing > askAbove || bytes === 0;

export class Loader {
  #library;
  #dispatch;
  #onStart;
  #onQuestion;
  #onReady;
  /** @type {AbortController | null} */
  #asking = null;
  /** @type {AbortController | null} */
  #running = null;
  /** The load in hand, until the engine has let go of it. @type {Promise<void>} */
  #settled = Promise.resolve();

  /**
   * @param {object} needs
   * @param {Library} needs.library
   * @param {(action: import("../state.js").Action) => void} needs.dispatch
   * @param {() => void} needs.onStart
   * @param {() => void} needs.onQuestion It waits for an answer.
   * @param {(clip: Clip, choice: ModelChoice) => Promise<void>} needs.onReady
   */
  constructor({ library, dispatch, onStart, onQuestion, onReady }) {
    this.#library = library;
    this.#dispatch = dispatch;
    this.#onStart = onStart;
    this.#onQuestion = onQuestion;
    this.#onReady = onReady;
  }

  /** Find out what it takes; then load it, or ask. @param {ModelChoice} choice */
  async choose(choice) {
    this.#asking?.abort();
    const { signal } = (this.#asking = new AbortController());
    this.#dispatch({ type: "model/ask", choice });
    // What comes from elsewhere may take a while to tell.
    if (typeof choice.model === "string") this.#onQuestion();
    try {
      const offer = await this.#library.describe(choice.model, { signal });
      if (signal.aborted) return;
      const known = { ...choice, id: offer.id || undefined, bytes: offer.missing || null };
      if (offer.fits && !isLarge(offer)) return await this.start(known);
      this.#dispatch({ type: "model/offer", choice: known, offer });
    } catch (error) {
      if (signal.aborted) return;
      this.#dispatch({ type: "model/offer-failed", message: /** @type {Error} */ (error).message });
    }
    this.#onQuestion();
  }

  /** The question is withdrawn. */
  decline() {
    this.#asking?.abort();
    this.#dispatch({ type: "model/declined" });
  }

  /** Done when the model is ready, or its load failed, was given up, or gave way to another. @param {ModelChoice} choice */
  start(choice) {
    this.#asking?.abort();
    this.#running?.abort();
    const controller = (this.#running = new AbortController());
    this.#dispatch({ type: "model/load", choice });
    this.#onStart();
    return (this.#settled = this.#run(choice, controller));
  }

  /** @param {ModelChoice} choice @param {AbortController} controller */
  async #run(choice, controller) {
    const current = () => this.#running === controller;
    try {
      const clip = await this.#library.load({
        model: choice.model,
        logitScale: choice.logitScale,
        signal: controller.signal,
        onProgress: (progress) => {
          if (current()) this.#dispatch({ type: "model/progress", progress });
        },
      });
      if (current()) await this.#onReady(clip, choice);
      else clip.free();
    } catch (error) {
      if (!current()) return;
      this.#running = null;
      this.#failed(choice, /** @type {Error} */ (error));
    }
  }

  /** @param {ModelChoice} choice @param {Error} error */
  #failed(choice, { name, message }) {
    if (name === "LogitScaleMissing") {
      this.#dispatch({ type: "model/ask-scale", choice, message: text["model.noScale"] });
      this.#onQuestion();
    } else {
      this.#dispatch({ type: "model/failed", message });
      this.#count(choice);
    }
  }

  /** @param {ModelChoice} choice */
  async pause(choice) {
    this.#dispatch({ type: "model/paused" });
    await this.#giveUp();
    await this.#count(choice);
  }

  /** Back to the model that runs, if one does. What has come stays in storage. @param {string} message What the page says then. */
  async stop(message) {
    this.#dispatch({ type: "model/cancelled", message });
    await this.#giveUp();
  }

  /** Remove what came of a download that was not finished; a model that was of use before stays.
   * @param {ModelChoice} choice @returns {Promise<boolean>} Whether there was something to remove. */
  async discard(choice) {
    const stored = await this.#stored(choice);
    return stored !== undefined && this.#library.deleteModel(stored.id, { unfinished: true });
  }

  async #giveUp() {
    this.#running?.abort();
    this.#running = null;
    await this.#settled;
  }

  /** Say how much of it stayed. @param {ModelChoice} choice */
  async #count(choice) {
    const stored = await this.#stored(choice).catch(() => undefined);
    if (stored && !stored.complete && !this.#running) this.#dispatch({ type: "model/here", bytes: stored.present });
  }

  /** @param {ModelChoice} choice */
  async #stored({ id }) {
    return id === undefined ? undefined : (await this.#library.storedModels()).find((stored) => stored.id === id);
  }
}
