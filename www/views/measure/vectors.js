/** The pictures' vectors by each model, once. One that can't be read is left out, and said. */

/** @typedef {import("../../../semblance.js").Semblance} Clip */
/** @typedef {import("./pictures.js").Item} Item */

/** As many as the engine has in hand, so that none waits for the page. */
const atATime = 16;

export class Vectors {
  /** By hash and what is computed in. @type {Map<string, Map<Item, Float32Array>>} */
  #known = new Map();
  /** @type {Map<Item, string>} */
  #failed = new Map();

  get failed() {
    return Array.from(this.#failed, ([{ path }, message]) => ({ path, message }));
  }

  /** Other pictures. */
  clear() {
    this.#known.clear();
    this.#failed.clear();
  }

  /**
   * Of those that can be read, the pictures and their vectors.
   *
   * @param {Clip} clip
   * @param {Item[]} items
   * @param {AbortSignal} signal
   * @param {(done: number, total: number) => void} onDone
   */
  async of(clip, items, signal, onDone) {
    const { hash, compute } = clip.info().model;
    const key = `${hash} ${compute}`;
    const known = this.#known.get(key) ?? new Map();
    this.#known.set(key, known);
    const left = items.filter((item) => !known.has(item) && !this.#failed.has(item));
    let done = items.length - left.length;
    const work = async () => {
      for (let item = left.shift(); item; item = left.shift()) {
        signal.throwIfAborted();
        try {
          const [vector] = await clip.embedImages([item.file], { signal });
          known.set(item, vector);
        } catch (error) {
          const { name, message } = /** @type {Error} */ (error);
          if (name !== "PictureError") throw error;
          this.#failed.set(item, message);
        }
        onDone((done += 1), items.length);
      }
    };
    await Promise.all(Array.from({ length: atATime }, work));
    const read = items.filter((item) => known.has(item));
    return { items: read, vectors: read.map((item) => /** @type {Float32Array} */ (known.get(item))) };
  }
}
