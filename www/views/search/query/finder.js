/**
 * Keeping the ranking true to the query and the library: typing is waited out, what became stale is aborted, and while
 * the library grows the same is asked again.
 */

import { asks, words } from "../state.js";

const typingPause = 150;

/** @typedef {import("../../../../semblance.js").PictureIndex} PictureIndex */
/** @typedef {import("../state.js").Query} Query */

export class Finder {
  #getState;
  #dispatch;
  #index;
  #embed;
  #onLost;
  /** Of pictures in queries: each is looked at once. @type {WeakMap<Blob, Promise<Float32Array>>} */
  #vectors = new WeakMap();
  /** @type {AbortController | null} */
  #running = null;
  #again = false;
  #timer = 0;
  /** All pictures of the library, or of the filter, in the order of their paths. */
  /** @type {Uint32Array} */
  all = new Uint32Array(0);

  /**
   * @param {object} needs
   * @param {() => import("../state.js").SearchState} needs.getState
   * @param {(action: import("../state.js").Action) => void} needs.dispatch
   * @param {() => PictureIndex | null} needs.index
   * @param {(picture: Blob) => Promise<Float32Array>} needs.embed
   * @param {(message: string) => void} needs.onLost
   */
  constructor({ getState, dispatch, index, embed, onLost }) {
    this.#embed = embed;
    this.#getState = getState;
    this.#dispatch = dispatch;
    this.#index = index;
    this.#onLost = onLost;
  }

  /** Another model: its vectors are others. */
  modelChanged() {
    this.#vectors = new WeakMap();
  }

  /** Another query: what is being worked out is of no use any more. */
  queryChanged() {
    this.#running?.abort();
    this.#running = null;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.run(), typingPause);
  }

  /** The library has grown, or another one is open. */
  async run() {
    const index = this.#index();
    if (!index) {
      this.all = new Uint32Array(0);
      return this.#dispatch({ type: "ranking", ranking: null });
    }
    if (this.#running) {
      this.#again = true;
      return;
    }
    const controller = (this.#running = new AbortController());
    const { query } = this.#getState();
    try {
      const ranking = await this.#ask(index, query, controller.signal);
      if (this.#running === controller) this.#dispatch({ type: "ranking", ranking });
    } catch (error) {
      // One that was closed meanwhile is asked in vain.
      if (this.#running === controller && this.#index() === index) this.#failed(/** @type {Error} */ (error));
    }
    if (this.#running !== controller) return;
    this.#running = null;
    if (!this.#again && this.#index() === index) return;
    this.#again = false;
    this.run();
  }

  /** @param {PictureIndex} index @param {Query} query @param {AbortSignal} signal */
  async #ask(index, query, signal) {
    if (!asks(query)) {
      const all = await index.ids(query.where);
      if (!signal.aborted) this.all = all;
      return null;
    }
    const parts = await Promise.all(query.parts.map(async (part) => ({ ...part, image: part.image instanceof Blob ? await this.#vectorOf(part.image) : part.image })));
    signal.throwIfAborted();
    return index.rank({ ...toSearch({ ...query, parts }), k: Infinity, signal });
  }

  /** @param {Blob} picture */
  #vectorOf(picture) {
    const vector = this.#vectors.get(picture) ?? this.#embed(picture);
    this.#vectors.set(picture, vector);
    vector.catch(() => this.#vectors.delete(picture));
    return vector;
  }

  /** @param {Error} error */
  #failed({ name, message }) {
    if (name === "AbortError") return;
    if (name === "EngineError") this.#onLost(message);
    this.#dispatch({ type: "search/failed", message });
  }
}

/** A part whose picture has its vector. @typedef {Omit<import("../state.js").Part, "key" | "image"> & { image: Float32Array | { id: number } | null }} Ready */

/** A query as the library takes it. @param {Omit<Query, "parts"> & { parts: Ready[] }} query @returns {import("../../../../semblance.js").SearchQuery} */
function toSearch({ parts, typed, template, where }) {
  const { text, sign } = words(typed);
  /** @type {Ready[]} */
  const all = sign === 0 ? parts : [...parts, { name: text, sign, weight: 1, image: null, preview: "" }];
  const wanted = all.filter(({ sign }) => sign > 0);
  const texts = wanted.filter(({ image }) => image === null);
  const images = wanted.filter(({ image }) => image !== null);
  const minus = all.filter(({ sign }) => sign < 0);
  return {
    text: texts.map(({ name }) => name),
    image: images.map(({ image }) => /** @type {Float32Array | { id: number }} */ (image)),
    minus: minus.map(({ image, name }) => image ?? name),
    weights: [...texts, ...images, ...minus].map(({ weight }) => weight),
    where,
    template,
  };
}
