/** The first look at a picture, which needs no model: is it a picture, how large, and a thumbnail to show. */

import { fetchPicture } from "./address.js";

/**
 * @typedef {import("../../../semblance.js").ImageSource} ImageSource
 * @typedef {import("../../../semblance.js").Thumbnail} Thumbnail
 * @typedef {{ id: number, source: Blob | string }} Unseen A string is the address of a picture.
 */

const lanes = 2;
const thumbnailSize = 480;
const quality = 0.85;

export class Looker {
  #thumbnail;
  #dispatch;
  #onOpened;
  #onSeen;
  /** @type {Unseen[]} */
  #queue = [];
  #busy = 0;
  /** @type {Map<number, string>} */
  #urls = new Map();
  /** @type {Set<number>} */
  #open = new Set();

  /**
   * @param {object} needs
   * @param {(source: ImageSource, options: { size: number }) => Promise<Thumbnail>} needs.thumbnail
   * @param {(action: import("../state.js").Action) => void} needs.dispatch
   * @param {(id: number, picture: ImageSource) => void} needs.onOpened What the model is to look at: the very picture seen.
   * @param {() => void} needs.onSeen
   */
  constructor({ thumbnail, dispatch, onOpened, onSeen }) {
    this.#thumbnail = thumbnail;
    this.#dispatch = dispatch;
    this.#onOpened = onOpened;
    this.#onSeen = onSeen;
  }

  /** @param {Unseen[]} pictures */
  add(pictures) {
    this.#queue.push(...pictures);
    for (const { id } of pictures) this.#open.add(id);
    while (this.#busy < lanes && this.#queue.length > 0) this.#lane();
  }

  /** @param {number[]} ids */
  remove(ids) {
    for (const id of ids) {
      this.#open.delete(id);
      const url = this.#urls.get(id);
      if (url) URL.revokeObjectURL(url);
      this.#urls.delete(id);
    }
    this.#queue = this.#queue.filter(({ id }) => this.#open.has(id));
  }

  async #lane() {
    this.#busy += 1;
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) await this.#look(next);
    this.#busy -= 1;
  }

  /** Asked again where the engine broke off over something else: it starts anew with the next call.
   * @param {ImageSource} picture */
  #seen(picture) {
    const options = { size: thumbnailSize };
    return this.#thumbnail(picture, options).catch((error) => {
      if (error.name !== "EngineError") throw error;
      return this.#thumbnail(picture, options);
    });
  }

  /** @param {Unseen} unseen */
  async #look({ id, source }) {
    try {
      const picture = typeof source === "string" ? await fetchPicture(source) : source;
      const { width, height, bitmap } = await this.#seen(picture);
      const url = URL.createObjectURL(await compress(bitmap));
      if (!this.#open.has(id)) return URL.revokeObjectURL(url);
      this.#urls.set(id, url);
      this.#onOpened(id, picture);
      this.#dispatch({ type: "picture/seen", id, thumbnail: url, width, height });
    } catch (error) {
      if (!this.#open.has(id)) return;
      this.#dispatch({ type: "picture/failed", id, message: /** @type {Error} */ (error).message, at: performance.now() });
    }
    this.#onSeen();
  }
}

/** A bitmap holds every pixel for as long as it lives; thousands of cards need the few kilobytes of a JPEG instead.
 * A JPEG has no transparency: what shows through is white, as the model sees it.
 * @param {ImageBitmap} bitmap */
async function compress(bitmap) {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("The browser has no 2D canvas to draw the thumbnail on.");
  context.fillStyle = "white";
  context.fillRect(0, 0, bitmap.width, bitmap.height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob({ type: "image/jpeg", quality });
}
