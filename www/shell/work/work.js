/** One piece of work at a time, with its progress, stopped at its next step. */

export class Work {
  #dispatch;
  #onLost;
  /** @type {AbortController | null} */
  #running = null;

  /**
   * @param {(action: { type: "work", work: import("./work-line.js").Doing | null } | { type: "trouble", trouble: string }) => void} dispatch
   * @param {(message: string) => void} onLost an engine answers no more
   */
  constructor(dispatch, onLost) {
    this.#dispatch = dispatch;
    this.#onLost = onLost;
  }

  /**
   * A second one takes the place of the first.
   *
   * @template T
   * @param {string} what in words
   * @param {(way: { signal: AbortSignal, onProgress: (done: number, total: number) => void }) => Promise<T>} work
   * @returns {Promise<T | null>} null where it was stopped or failed, which is said
   */
  async run(what, work) {
    this.#running?.abort();
    const controller = (this.#running = new AbortController());
    const { signal } = controller;
    this.#dispatch({ type: "trouble", trouble: "" });
    this.#dispatch({ type: "work", work: { what, done: 0, total: 0 } });
    try {
      return await work({ signal, onProgress: (done, total) => signal.aborted || this.#dispatch({ type: "work", work: { what, done, total } }) });
    } catch (error) {
      const { name, message } = /** @type {Error} */ (error);
      if (signal.aborted || name === "AbortError") return null;
      if (name === "EngineError") this.#onLost(message);
      this.#dispatch({ type: "trouble", trouble: message });
      return null;
    } finally {
      if (this.#running === controller) this.stop();
    }
  }

  stop() {
    this.#running?.abort();
    this.#running = null;
    this.#dispatch({ type: "work", work: null });
  }
}
