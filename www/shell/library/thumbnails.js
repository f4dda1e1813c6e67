/** Small pictures for what is in sight: asked for a few at a time, the last asked for first of all, and kept for a while. */

const inHand = 8;
const kept = 600;

export class Thumbnails {
  #load;
  #onLoaded;
  /** By number, those used last at the end. @type {Map<number, string | null>} */
  #urls = new Map();
  /** @type {number[]} */
  #wanted = [];
  #busy = 0;
  /** Of another library nothing is wanted any more. */
  #turn = 0;

  /**
   * @param {(id: number) => Promise<Blob | null>} load
   * @param {(id: number, url: string | null) => void} onLoaded Null: there is none.
   */
  constructor(load, onLoaded) {
    this.#load = load;
    this.#onLoaded = onLoaded;
  }

  /** Undefined where it is not here yet. @param {number} id */
  get(id) {
    const url = this.#urls.get(id);
    if (url === undefined) return undefined;
    this.#urls.delete(id);
    this.#urls.set(id, url);
    return url;
  }

  /** What is in sight now; what was wanted before and isn't here yet is left. @param {number[]} ids */
  want(ids) {
    this.#wanted = ids.filter((id) => !this.#urls.has(id));
    while (this.#busy < inHand && this.#wanted.length > 0) this.#lane();
  }

  clear() {
    for (const url of this.#urls.values()) if (url) URL.revokeObjectURL(url);
    this.#urls.clear();
    this.#wanted = [];
    this.#turn += 1;
  }

  async #lane() {
    this.#busy += 1;
    for (let id = this.#wanted.shift(); id !== undefined; id = this.#wanted.shift()) {
      const turn = this.#turn;
      const small = await this.#load(id).catch(() => null);
      if (turn !== this.#turn || this.#urls.has(id)) continue;
      const url = small && URL.createObjectURL(small);
      this.#urls.set(id, url);
      this.#onLoaded(id, url);
      this.#drop();
    }
    this.#busy -= 1;
  }

  #drop() {
    for (const [id, url] of this.#urls) {
      if (this.#urls.size <= kept) return;
      if (url) URL.revokeObjectURL(url);
      this.#urls.delete(id);
    }
  }
}
