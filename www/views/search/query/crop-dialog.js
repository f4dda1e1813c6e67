/**
 * A region of a picture: drawn with the pointer, or typed. Method: `open(picture, name)`.
 * Resolves with the region as a picture, the whole picture, or null where the dialog was closed.
 */

import { part } from "../../../shell/dom.js";

/** Of the picture, in percent. @typedef {{ left: number, top: number, width: number, height: number }} Region */

/** @type {Region} */
const whole = { left: 0, top: 0, width: 100, height: 100 };
/** Less than this is a slip of the hand. */
const smallest = 3;

export class CropDialog extends HTMLElement {
  #dialog = part(this, "dialog", HTMLDialogElement);
  #stage = part(this, ".stage", HTMLElement);
  #image = part(this, "img", HTMLImageElement);
  #frame = part(this, ".frame", HTMLElement);
  #fields = ["left", "top", "width", "height"].map((name) => part(this, `#crop-${name}`, HTMLInputElement));
  #region = whole;
  /** @type {(picture: Blob | "whole" | null) => void} */
  #answer = () => {};

  connectedCallback() {
    part(this, "[value=close]", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("close", () => this.#answer(null));
    part(this, "#crop-use", HTMLButtonElement).addEventListener("click", () => this.#use());
    part(this, "#crop-whole", HTMLButtonElement).addEventListener("click", () => this.#end("whole"));
    for (const field of this.#fields) field.addEventListener("input", () => this.#typed());
    this.#stage.addEventListener("pointerdown", (event) => this.#draw(event));
  }

  /** @param {Blob} picture @param {string} name @returns {Promise<Blob | "whole" | null>} */
  async open(picture, name) {
    const url = URL.createObjectURL(picture);
    this.#image.src = url;
    this.#image.alt = name;
    this.#show(whole);
    this.#dialog.showModal();
    part(this, "h2", HTMLElement).focus();
    try {
      return await new Promise((resolve) => void (this.#answer = resolve));
    } finally {
      URL.revokeObjectURL(url);
    }
  }

  /** @param {Region} region */
  #show(region) {
    this.#region = region;
    const { left, top, width, height } = region;
    Object.assign(this.#frame.style, { left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` });
    this.#fields.forEach((field, i) => {
      if (field !== document.activeElement) field.value = String(Math.round([left, top, width, height][i]));
    });
  }

  #typed() {
    const [left, top, width, height] = this.#fields.map(({ valueAsNumber }) => (Number.isFinite(valueAsNumber) ? valueAsNumber : 0));
    const start = (/** @type {number} */ n) => Math.min(Math.max(n, 0), 100 - smallest);
    const extent = (/** @type {number} */ n, /** @type {number} */ from) => Math.min(Math.max(n, smallest), 100 - start(from));
    this.#show({ left: start(left), top: start(top), width: extent(width, left), height: extent(height, top) });
  }

  /** @param {PointerEvent} event */
  #draw(event) {
    event.preventDefault();
    const box = this.#image.getBoundingClientRect();
    const at = (/** @type {PointerEvent} */ { clientX, clientY }) => [
      Math.min(Math.max(((clientX - box.left) / box.width) * 100, 0), 100),
      Math.min(Math.max(((clientY - box.top) / box.height) * 100, 0), 100),
    ];
    const [x, y] = at(event);
    const ending = new AbortController();
    this.#stage.setPointerCapture(event.pointerId);
    this.#stage.addEventListener("pointermove", (moved) => {
      const [u, v] = at(moved);
      this.#show({ left: Math.min(x, u), top: Math.min(y, v), width: Math.abs(u - x), height: Math.abs(v - y) });
    }, ending);
    const end = () => {
      ending.abort();
      if (this.#region.width < smallest || this.#region.height < smallest) this.#show(whole);
    };
    this.#stage.addEventListener("pointerup", end, ending);
    this.#stage.addEventListener("pointercancel", end, ending);
  }

  async #use() {
    const { left, top, width, height } = this.#region;
    if (width === 100 && height === 100) return this.#end("whole");
    const { naturalWidth, naturalHeight } = this.#image;
    const pixels = { x: (left / 100) * naturalWidth, y: (top / 100) * naturalHeight, w: (width / 100) * naturalWidth, h: (height / 100) * naturalHeight };
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(pixels.w)), Math.max(1, Math.round(pixels.h)));
    canvas.getContext("2d")?.drawImage(this.#image, pixels.x, pixels.y, pixels.w, pixels.h, 0, 0, canvas.width, canvas.height);
    this.#end(await canvas.convertToBlob({ type: "image/png" }));
  }

  /** @param {Blob | "whole"} picture */
  #end(picture) {
    this.#answer(picture);
    this.#answer = () => {};
    this.#dialog.close();
  }
}

customElements.define("crop-dialog", CropDialog);
