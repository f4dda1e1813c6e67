/**
 * A map of pictures: points, and small pictures when near. Dragging moves, the wheel and two fingers zoom, with Shift or the lasso's button
 * a lasso selects; the keyboard has arrows, plus and minus, and Enter selects what is in sight. Properties: `content` ({ map, selected }),
 * `groups`: points are coloured by them; `thumbnails`, once. `wanted`: pictures in sight. Events: `map-lasso` ({ ids, add }), `map-seen`.
 */

import { emit, part, setText } from "../../../shell/dom.js";
import { say } from "../words.js";
import { inside, Zoom } from "./zoom.js";

/** @typedef {import("../../../../semblance.js").PictureMap} Map_ */

/** Points of no more than so many in sight are pictures. */
const picturesMost = 150;
/** Of a small picture's side, in CSS pixels, and of a point. */
const pictureSide = 56;
const pointMost = 7;
/** Colours repeat after so many groups: further ones nobody tells apart. */
const hues = 12;
const zoomStep = 1.3;
const moveStep = 60;

export class PictureMap extends HTMLElement {
  #canvas = part(this, "canvas", HTMLCanvasElement);
  #said = part(this, ".said", HTMLElement);
  #lassoing = part(this, ".lasso", HTMLButtonElement);
  #zoom = new Zoom();
  /** @type {Map_ | null} */
  #map = null;
  /** @type {Set<number>} */
  #selected = new Set();
  /** Of each point its group, from 1 on; 0: none. @type {Uint16Array} */
  #groupOf = new Uint16Array(0);
  /** Of each point its colour's place in the palette. @type {Uint8Array} */
  #colourOf = new Uint8Array(0);
  /** As pixels; the first is the selected ones', the second those' of no group. @type {Uint32Array | null} */
  #palette = null;
  /** As large as the canvas. @type {ImageData | null} */
  #pixels = null;
  /** @type {import("../../../shell/library/thumbnails.js").Thumbnails | null} */
  #thumbnails = null;
  /** @type {Map<string, HTMLImageElement>} */
  #images = new Map();
  /** @type {number[]} */
  #wanted = [];
  /** @type {[number, number][]} */
  #lasso = [];
  /** Fingers, by their number. @type {Map<number, [number, number]>} */
  #pointers = new Map();
  #asked = 0;
  #told = "";
  /** Frames in a second while it was last moved, for whoever measures. */
  frames = 0;

  connectedCallback() {
    new ResizeObserver(() => this.#later()).observe(this.#canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#palette = null;
      this.#later();
    });
    const canvas = this.#canvas;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => this.#up(/** @type {PointerEvent} */ (event)));
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.#zoom.by(Math.exp(-event.deltaY / 400), ...this.#at(event));
      this.#later();
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => this.#onKey(event));
    this.#lassoing.addEventListener("click", () => (this.#lassoing.ariaPressed = String(this.#lassoing.ariaPressed !== "true")));
    part(this, ".in", HTMLButtonElement).addEventListener("click", () => this.#step(zoomStep));
    part(this, ".out", HTMLButtonElement).addEventListener("click", () => this.#step(1 / zoomStep));
    part(this, ".whole", HTMLButtonElement).addEventListener("click", () => {
      this.#zoom.reset();
      this.#later();
    });
  }

  /** @param {import("../../../shell/library/thumbnails.js").Thumbnails} thumbnails */
  set thumbnails(thumbnails) {
    this.#thumbnails = thumbnails;
  }

  get wanted() {
    return this.hidden ? [] : this.#wanted;
  }

  /** @param {{ map: Map_, selected: Set<number> }} content */
  set content({ map, selected }) {
    const same = map === this.#map && selected === this.#selected;
    if (map.ids !== this.#map?.ids) this.#groupOf = new Uint16Array(map.ids.length);
    this.#map = map;
    this.#selected = selected;
    if (!same) this.#colour();
    // Small pictures may have come.
    if (!same || this.#wanted.length > 0) this.#later();
  }

  /** @param {import("../../../../semblance.js").PictureGroup[]} groups */
  set groups(groups) {
    if (!this.#map || groups.length === 0) return;
    const placeOf = new Map(Array.from(this.#map.ids, (id, at) => [id, at]));
    const groupOf = (this.#groupOf = new Uint16Array(this.#map.ids.length));
    groups.forEach(({ ids }, group) => ids.forEach((id) => {
      const at = placeOf.get(id);
      if (at !== undefined) groupOf[at] = group + 1;
    }));
    this.#colour();
    this.#later();
  }

  /** Once for a change, and not for each frame. */
  #colour() {
    const ids = this.#map?.ids ?? new Uint32Array(0);
    this.#colourOf = Uint8Array.from(ids, (id, at) => (this.#selected.has(id) ? 0 : this.#groupOf[at] === 0 ? 1 : 2 + ((this.#groupOf[at] - 1) % hues)));
  }

  #later() {
    this.#asked ||= requestAnimationFrame(() => {
      this.#asked = 0;
      this.#draw();
    });
  }

  /** @param {{ clientX: number, clientY: number }} event @returns {[number, number]} in CSS pixels from the canvas's corner */
  #at({ clientX, clientY }) {
    const { left, top } = this.#canvas.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }

  #draw() {
    const map = this.#map;
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (!map || width === 0) return;
    const dense = devicePixelRatio;
    const [columns, rows] = [Math.round(width * dense), Math.round(height * dense)];
    if (this.#canvas.width !== columns || this.#canvas.height !== rows) Object.assign(this.#canvas, { width: columns, height: rows });
    this.#zoom.room(width, height);
    const context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));
    const style = getComputedStyle(this);
    const [accent, edge] = [style.accentColor, style.borderTopColor];
    const { scale, x: left, y: top } = this.#zoom;
    const seen = this.#points(context, map, dense);
    context.setTransform(dense, 0, 0, dense, 0, 0);
    const near = seen.length <= picturesMost && (scale > this.#zoom.least * 1.5 || map.ids.length <= picturesMost);
    this.#wanted = near ? seen.map((i) => map.ids[i]) : [];
    if (near) for (const i of seen) this.#picture(context, map.ids[i], left + map.x[i] * scale, top + map.y[i] * scale, this.#selected.has(map.ids[i]) ? accent : edge);
    if (this.#lasso.length > 1) {
      context.beginPath();
      for (const [x, y] of this.#lasso) context.lineTo(x, y);
      context.closePath();
      Object.assign(context, { strokeStyle: accent, lineWidth: 2 });
      context.stroke();
    }
    this.frames += 1;
    const told = this.#wanted.join();
    if (told !== this.#told) {
      this.#told = told;
      emit(this, "map-seen");
    }
    setText(this.#said, say.inSight(seen.length, map.ids.length));
  }

  /**
   * As squares of pixels, written one by one: paths of so many squares take ten times as long.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Map_} map
   * @param {number} dense pixels of the canvas in one of CSS
   * @returns {number[]} places of those in sight
   */
  #points(context, { ids, x, y }, dense) {
    const { width, height } = this.#canvas;
    if (this.#pixels?.width !== width || this.#pixels.height !== height) this.#pixels = context.createImageData(width, height);
    const palette = (this.#palette ??= paletteOf(getComputedStyle(this)));
    const pixels = new Uint32Array(this.#pixels.data.buffer).fill(0);
    const { scale, x: left, y: top } = this.#zoom;
    // Many are small, and grow as one comes nearer.
    const wanted = (1 + 100 / Math.sqrt(ids.length)) * Math.sqrt(scale / this.#zoom.least);
    const size = Math.round(Math.min(pointMost, Math.max(2, wanted)) * dense);
    const [zoom, fromX, fromY] = [scale * dense, left * dense - size / 2, top * dense - size / 2];
    const seen = [];
    for (let i = 0; i < ids.length; i += 1) {
      const [px, py] = [Math.round(fromX + x[i] * zoom), Math.round(fromY + y[i] * zoom)];
      if (px < 0 || py < 0 || px + size > width || py + size > height) continue;
      seen.push(i);
      const colour = palette[this.#colourOf[i]];
      for (let row = py * width + px, end = row + size * width; row < end; row += width) pixels.fill(colour, row, row + size);
    }
    context.putImageData(this.#pixels, 0, 0);
    return seen;
  }

  /** @param {CanvasRenderingContext2D} context @param {number} id @param {number} x @param {number} y @param {string} edge */
  #picture(context, id, x, y, edge) {
    const url = this.#thumbnails?.get(id);
    if (!url) return;
    let image = this.#images.get(url);
    if (!image) {
      if (this.#images.size > 4 * picturesMost) this.#images.clear();
      image = Object.assign(new Image(), { src: url });
      image.decode().then(() => this.#later(), () => {});
      this.#images.set(url, image);
    }
    if (!image.complete || image.naturalWidth === 0) return;
    const scale = pictureSide / Math.max(image.naturalWidth, image.naturalHeight);
    const [w, h] = [image.naturalWidth * scale, image.naturalHeight * scale];
    context.drawImage(image, x - w / 2, y - h / 2, w, h);
    Object.assign(context, { strokeStyle: edge, lineWidth: 2 });
    context.strokeRect(x - w / 2, y - h / 2, w, h);
  }

  /** @param {PointerEvent} event */
  #down(event) {
    this.#canvas.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, this.#at(event));
    this.#lasso = this.#pointers.size === 1 && (event.shiftKey || this.#lassoing.ariaPressed === "true") ? [this.#at(event)] : [];
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now = this.#at(event);
    this.#pointers.set(event.pointerId, now);
    if (this.#lasso.length > 0) this.#lasso.push(now);
    else if (this.#pointers.size === 1) this.#zoom.move(now[0] - before[0], now[1] - before[1]);
    else {
      const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1] ?? now;
      const distance = (/** @type {[number, number]} */ from) => Math.hypot(from[0] - other[0], from[1] - other[1]);
      this.#zoom.by(distance(now) / Math.max(1, distance(before)), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    }
    this.#later();
  }

  /** @param {PointerEvent} event */
  #up(event) {
    this.#pointers.delete(event.pointerId);
    const lasso = this.#lasso;
    this.#lasso = [];
    this.#later();
    if (lasso.length < 3 || event.type === "pointercancel") return;
    this.#choose((x, y) => inside(x, y, lasso), event.ctrlKey || event.metaKey);
  }

  /** @param {(x: number, y: number) => boolean} takes @param {boolean} add */
  #choose(takes, add) {
    const map = this.#map;
    if (!map) return;
    const { scale, x: left, y: top } = this.#zoom;
    const ids = Array.from(map.ids).filter((_, i) => takes(left + map.x[i] * scale, top + map.y[i] * scale));
    emit(this, "map-lasso", { ids, add });
  }

  /** @param {number} by */
  #step(by) {
    this.#zoom.by(by, this.#canvas.clientWidth / 2, this.#canvas.clientHeight / 2);
    this.#later();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const moves = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [moveStep, 0], ArrowRight: [-moveStep, 0], ArrowUp: [0, moveStep], ArrowDown: [0, -moveStep] });
    if (event.key in moves) this.#zoom.move(...moves[event.key]);
    else if (event.key === "+" || event.key === "=") this.#step(zoomStep);
    else if (event.key === "-") this.#step(1 / zoomStep);
    else if (event.key === "0") this.#zoom.reset();
    else if (event.key === "Enter") {
      const { clientWidth, clientHeight } = this.#canvas;
      this.#choose((x, y) => x >= 0 && y >= 0 && x <= clientWidth && y <= clientHeight, event.shiftKey);
    } else return;
    event.preventDefault();
    this.#later();
  }
}

/** Colours as the pixels of this machine have them. @param {CSSStyleDeclaration} style */
function paletteOf(style) {
  const colours = [style.accentColor, style.color, ...Array.from({ length: hues }, (_, i) => `hsl(${(i * 360) / hues} 55% 55%)`)];
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(colours.length, 1).getContext("2d"));
  colours.forEach((colour, i) => {
    context.fillStyle = colour;
    context.fillRect(i, 0, 1, 1);
  });
  return new Uint32Array(context.getImageData(0, 0, colours.length, 1).data.buffer);
}

customElements.define("picture-map", PictureMap);
