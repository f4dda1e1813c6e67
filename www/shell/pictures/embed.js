/**
 * The image work: one embedding a picture, once a model, in the order the pictures came. Several are in the engine's
 * hands at a time, which computes some of them together and decodes the next meanwhile.
 */

/**
 * @typedef {import("../../../semblance.js").Semblance} Clip
 * @typedef {import("../../../semblance.js").ImageSource} ImageSource
 * @typedef {import("../../../semblance.js").Embedding} Embedding
 */

const inHandAtMost = 16;

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
  /** Pictures in the engine's hands, and how to take them back. @type {Map<number, AbortController>} */
  #inHand = new Map();

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
      this.#inHand.get(id)?.abort();
    }
  }

  /** @param {number} id */
  source(id) {
    return this.#sources.get(id);
  }

  /** Another model, or none any more: vectors start from nothing. @param {Clip | null} clip */
  use(clip) {
    this.stop();
    this.#inHand.clear();
    this.#embeddings.clear();
    this.#clip = clip;
  }

  stop() {
    for (const controller of this.#inHand.values()) controller.abort();
  }

  /** Take up what waits, as much as may be in hand. Called whenever something may have come in, or been done. */
  run() {
    const clip = this.#clip;
    if (!clip || this.#getState().run.stopped) return;
    while (this.#inHand.size < inHandAtMost) {
      const next = this.#getState().pictures.find(({ status }) => status === "waiting")?.id;
      if (next === undefined) return;
      this.#embed(clip, next);
    }
  }

  /** @param {Clip} clip @param {number} id */
  async #embed(clip, id) {
    const source = this.#sources.get(id);
    if (source === undefined) throw new Error(`Picture ${id} waits, but its source is gone.`);
    const controller = new AbortController();
    this.#inHand.set(id, controller);
    this.#dispatch({ type: "picture/working", id, at: performance.now() });
    try {
      const [embedding] = await clip.embedImages([source], { signal: controller.signal });
      if (this.#isHeld(clip, id)) this.#done(id, embedding);
    } catch (error) {
      if (this.#isHeld(clip, id)) this.#failed(id, /** @type {Error} */ (error));
    }
    if (this.#clip !== clip) return;
    this.#inHand.delete(id);
    this.run();
    const { pictures, run } = this.#getState();
    if (this.#inHand.size > 0) return;
    if (!run.stopped && pictures.every(({ status }) => status === "done" || status === "failed")) this.#dispatch({ type: "run/rest" });
    this.#onEmbedded();
  }

  /** Whether anybody still wants to know: with another model, or without the picture, nobody does. @param {Clip} clip @param {number} id */
  #isHeld(clip, id) {
    return this.#clip === clip && this.#sources.has(id);
  }

  /** @param {number} id @param {Embedding} embedding */
  #done(id, embedding) {
    this.#embeddings.set(id, embedding);
    this.#dispatch({ type: "picture/done", id, at: performance.now() });
    this.#onEmbedded();
  }

  /** @param {number} id @param {Error} error */
  #failed(id, { name, message }) {
    if (name === "AbortError") this.#dispatch({ type: "picture/waiting", id });
    else if (name === "EngineError") this.#onLost(message);
    else this.#dispatch({ type: "picture/failed", id, message, at: performance.now() });
  }
}
