/** Loading a model: one at a time, with true progress, and the old one answers until the new one is ready. */

/**
 * @typedef {import("../../semblance.js").Semblance} Clip
 * @typedef {import("../state.js").ModelChoice} ModelChoice
 * @typedef {(options: import("../../semblance.js").LoadOptions) => Promise<Clip>} Load
 */

/** Bigger models are fetched only when someone asks. */
const unaskedBytes = 32e6;

/** @param {import("../../semblance.js").ModelEntry} entry @returns {ModelChoice} */
export const choiceOf = (entry) => ({ name: entry.name, model: entry.name, bytes: entry.stored ? null : entry.bytes });

/** Whether a model of this site may load without being asked for: it is small, or already here.
 * @param {import("../../semblance.js").ModelEntry} entry */
export const loadsUnasked = (entry) => entry.stored || entry.bytes <= unaskedBytes;

export class Loader {
  #load;
  #dispatch;
  #onReady;
  /** @type {AbortController | null} */
  #running = null;

  /**
   * @param {object} needs
   * @param {Load} needs.load
   * @param {(action: import("../state.js").Action) => void} needs.dispatch
   * @param {(clip: Clip, choice: ModelChoice) => Promise<void>} needs.onReady
   */
  constructor({ load, dispatch, onReady }) {
    this.#load = load;
    this.#dispatch = dispatch;
    this.#onReady = onReady;
  }

  /** Done when the model is ready, or its load failed, was cancelled, or gave way to another. @param {ModelChoice} choice */
  async start(choice) {
    this.#running?.abort();
    const controller = (this.#running = new AbortController());
    const current = () => this.#running === controller;
    this.#dispatch({ type: "model/load", choice, at: performance.now() });
    try {
      const clip = await this.#load({
        model: choice.model,
        signal: controller.signal,
        onProgress: (progress) => {
          if (current()) this.#dispatch({ type: "model/progress", progress, at: performance.now() });
        },
      });
      if (current()) await this.#onReady(clip, choice);
      else clip.free();
    } catch (error) {
      if (!current()) return;
      this.#running = null;
      this.#dispatch({ type: "model/failed", message: /** @type {Error} */ (error).message });
    }
  }

  /** @param {string} message What the page says then. */
  cancel(message) {
    this.#running?.abort();
    this.#running = null;
    this.#dispatch({ type: "model/cancelled", message });
  }
}
