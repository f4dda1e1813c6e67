/** The image work: one embedding a picture, once a model, in the order the pictures came. */

/**
 * @typedef {import("../../semblance.js").Semblance} Clip
 * @typedef {import("../../semblance.js").ImageSource} ImageSource
 * @typedef {import("../../semblance.js").Embedding} Embedding
 */

export class Embedder {
  #getState;
  #dispatch;
  #onEmbedded;
  #onLost;
  /** @type {Clip | null} */
  #clip = null;
  /** @type {Map<number, ImageSource>} */
  #sources = new Map();
  /** @type {Map<number, Embedding>} */
  #embeddings = new Map();
  /** @type {AbortController | null} */
  #running = null;

  /**
   * @param {object} needs
   * @param {() => import("../state.js").State} needs.getState
   * @param {(action: import("../state.js").Action) => void} needs.dispatch
   * @param {() => void} needs.onEmbedded
   * @param {(message: string) => void} needs.onLost The engine broke off: this model answers no more.
   */
  constructor({ getState, dispatch, onEmbedded, onLost }) {
    this.#getState = getState;
    this.#dispatch = dispatch;
    this.#onEmbedded = onEmbedded;
    this.#onLost = onLost;
  }

  /** @param {number} id */
  embedding(id) {
    return this.#embeddings.get(id);
  }

  /** @param {number} id @param {ImageSource} source */
  add(id, source) {
    this.#sources.set(id, source);
  }

  /** @param {number[]} ids */
  remove(ids) {
    for (const id of ids) {
      this.#sources.delete(id);
      this.#embeddings.delete(id);
    }
  }

  /** Another model, or none any more: vectors start from nothing. @param {Clip | null} clip */
  use(clip) {
    this.#running?.abort();
    this.#running = null;
    this.#embeddings.clear();
    this.#clip = clip;
  }

  stop() {
    this.#running?.abort();
    this.#running = null;
  }

  /** Work until nothing waits. Called whenever something may have come in; a second call while one works does nothing. */
  async run() {
    const clip = this.#clip;
    if (this.#running || !clip || this.#getState().run.stopped) return;
    const controller = (this.#running = new AbortController());
    for (let next = this.#next(); next && !controller.signal.aborted; next = this.#next()) {
      await this.#embed(clip, next, controller.signal);
    }
    if (this.#running !== controller) return;
    this.#running = null;
    const { pictures, run } = this.#getState();
    if (!run.stopped && pictures.every(({ status }) => status === "done" || status === "failed")) this.#dispatch({ type: "run/rest" });
    this.#onEmbedded();
  }

  #next() {
    return this.#getState().pictures.find(({ status }) => status === "waiting")?.id;
  }

  /** @param {Clip} clip @param {number} id @param {AbortSignal} signal */
  async #embed(clip, id, signal) {
    const source = this.#sources.get(id);
    if (source === undefined) throw new Error(`Picture ${id} waits, but its source is gone.`);
    this.#dispatch({ type: "picture/working", id, at: performance.now() });
    try {
      const [embedding] = await clip.embedImages([source], { signal });
      if (this.#clip !== clip || !this.#sources.has(id)) return;
      this.#embeddings.set(id, embedding);
      this.#dispatch({ type: "picture/done", id, at: performance.now() });
      this.#onEmbedded();
    } catch (error) {
      if (this.#clip !== clip || !this.#sources.has(id)) return;
      const { name, message } = /** @type {Error} */ (error);
      if (name === "AbortError") {
        this.#dispatch({ type: "picture/waiting", id });
        this.run(); // where someone resumed before this was heard of
      } else if (name === "EngineError") this.#onLost(message);
      else this.#dispatch({ type: "picture/failed", id, message, at: performance.now() });
    }
  }
}
