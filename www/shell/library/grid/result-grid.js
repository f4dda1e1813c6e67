/**
 * Results, or a whole library, as squares: only those in sight are on the page, however many there are. Its markup is
 * `result-grid.html`. Property: `content` (GridContent). Method: `reach(index)`, to go to one. Arrow keys walk, Enter opens, Space selects.
 * Events: `result-open` ({ index }), `result-pick` ({ index, range }), `results-seen` ({ ids }): in sight now.
 */

import { emit, part } from "../../dom.js";
import { say } from "../words.js";
import { between, hasLine, heightOf, lineAt, placeOf, step } from "./layout.js";

/**
 * @typedef {object} GridContent
 * @property {Uint32Array} ids In their order.
 * @property {Float32Array | null} standsOut Null: nothing was searched for.
 * @property {number} standing How many stand before the line.
 * @property {Set<number>} selected
 * @property {ReadonlySet<number>} [veiled] Not to be seen before somebody points at them.
 */

/**
 * A square and its parts, with what it was last made to show: only what differs is touched.
 *
 * @typedef {object} Tile
 * @property {HTMLElement} root
 * @property {HTMLButtonElement} open
 * @property {HTMLButtonElement} pick
 * @property {HTMLImageElement} image
 * @property {SVGElement} broken
 * @property {HTMLElement} track
 * @property {string} shown
 * @property {string} name
 */

/** So much of the window's height is made ready above and below. */
const ahead = 0.5;
/** So often at most is told what is in sight: whatever flies past is not looked for. */
const toldEvery = 100;

/** @type {GridContent} */
const nothing = { ids: new Uint32Array(0), standsOut: null, standing: 0, selected: new Set() };

export class ResultGrid extends HTMLElement {
  #content = nothing;
  #line = part(this, ".line", HTMLElement);
  #probe = part(this, ".probe", HTMLElement);
  #template = part(this, "template", HTMLTemplateElement);
  /** @type {import("./layout.js").Layout} */
  #layout = { count: 0, columns: 1, size: 1, gap: 0, standing: 0, line: 0 };
  /** @type {Map<number, Tile>} */
  #tiles = new Map();
  /** The one that Tab comes to. */
  #active = 0;
  /** @type {number[]} */
  #seen = [];
  #telling = 0;
  #told = -Infinity;
  #asked = false;
  /** @type {(id: number) => string | null | undefined} */
  #urlOf = () => undefined;
  /** @type {Map<number, string>} */
  #names = new Map();

  connectedCallback() {
    const later = () => this.#later();
    window.addEventListener("scroll", later, { passive: true });
    new ResizeObserver(() => {
      this.#measure();
      this.#later();
    }).observe(this);
    this.addEventListener("click", (event) => this.#onClick(event));
    this.addEventListener("keydown", (event) => this.#onKey(event));
    this.addEventListener("focusin", ({ target }) => this.#goTo(this.#indexOf(target)));
  }

  /** Where a small picture's address comes from. @param {(id: number) => string | null | undefined} urlOf */
  set thumbnails(urlOf) {
    this.#urlOf = urlOf;
  }

  /** @param {GridContent} content */
  set content(content) {
    const before = this.#content;
    const same = Object.keys(content).every((key) => before[/** @type {keyof GridContent} */ (key)] === content[/** @type {keyof GridContent} */ (key)]);
    if (same) return;
    this.#content = content;
    this.#active = Math.min(this.#active, Math.max(0, content.ids.length - 1));
    this.#measure();
    this.#draw();
  }

  /** A small picture came. @param {number} id @param {string | null} url */
  loaded(id, url) {
    const tile = this.#tiles.get(id);
    if (tile) showPicture(tile, url);
  }

  /** What pictures are called. @param {{ id: number, path: string }[]} pictures */
  named(pictures) {
    for (const { id, path } of pictures) {
      this.#names.set(id, path);
      const tile = this.#tiles.get(id);
      if (tile) name(tile, path);
    }
  }

  forget() {
    this.#names.clear();
    for (const { root } of this.#tiles.values()) root.remove();
    this.#tiles.clear();
    this.#seen = [];
    this.#content = nothing;
  }

  /** Scroll to one and give it the focus. @param {number} index */
  reach(index) {
    if (index < 0 || index >= this.#content.ids.length) return;
    this.#active = index;
    const { y } = placeOf(this.#layout, index);
    const top = this.getBoundingClientRect().top + scrollY + y;
    const room = this.#layout.gap * 2;
    if (top - room < scrollY) scrollTo({ top: top - room, behavior: "instant" });
    else if (top + this.#layout.size + room > scrollY + innerHeight) scrollTo({ top: top + this.#layout.size + room - innerHeight, behavior: "instant" });
    this.#draw();
    this.#tiles.get(this.#content.ids[index])?.open.focus({ preventScroll: true });
  }

  #measure() {
    const { ids, standing } = this.#content;
    const width = this.clientWidth;
    const least = this.#probe.offsetWidth || 1;
    const gap = this.#probe.offsetHeight;
    const columns = Math.max(1, Math.floor((width + gap) / (least + gap)));
    const size = (width - (columns - 1) * gap) / columns;
    this.#layout = { count: ids.length, columns, size, gap, standing, line: this.#line.offsetHeight + gap };
    this.#line.classList.toggle("there", hasLine(this.#layout));
    this.#line.style.transform = `translateY(${lineAt(this.#layout)}px)`;
    this.style.height = `${heightOf(this.#layout)}px`;
    this.style.setProperty("--size", `${size}px`);
  }

  #later() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#draw();
    });
  }

  #draw() {
    const { ids, standsOut, standing, selected, veiled } = this.#content;
    if (!this.checkVisibility() || this.clientWidth === 0) return;
    const { top } = this.getBoundingClientRect();
    const [from, to] = between(this.#layout, -top - ahead * innerHeight, -top + (1 + ahead) * innerHeight);
    /** @type {Set<number>} */
    const shown = new Set(ids.subarray(from, to));
    const focused = document.activeElement instanceof HTMLElement && this.contains(document.activeElement);
    if (focused && ids.length > 0) shown.add(ids[this.#active]);
    /** @type {Tile[]} */
    const spare = [];
    for (const [id, tile] of this.#tiles) {
      if (shown.has(id)) continue;
      this.#tiles.delete(id);
      spare.push(tile);
    }
    const most = standsOut?.length ? standsOut[0] : 0;
    const place = (/** @type {number} */ index) => {
      const id = ids[index];
      const tile = this.#tiles.get(id) ?? this.#tile(id, spare);
      const { x, y } = placeOf(this.#layout, index);
      const behind = standsOut !== null && index >= standing;
      const value = standsOut && most > 0 ? Math.max(0, standsOut[index] / most) : 0;
      show(tile, { index, count: ids.length, x, y, behind, selected: selected.has(id), veiled: veiled?.has(id) ?? false, active: index === this.#active, value: standsOut && value });
    };
    for (let index = from; index < to; index += 1) place(index);
    if (focused && ids.length > 0 && (this.#active < from || this.#active >= to)) place(this.#active);
    for (const { root } of spare) root.remove();
    const seen = Array.from(shown);
    if (seen.length === this.#seen.length && seen.every((id, i) => id === this.#seen[i])) return;
    this.#seen = seen;
    this.#telling ||= window.setTimeout(() => this.#tell(), Math.max(0, this.#told + toldEvery - performance.now()));
  }

  #tell() {
    this.#telling = 0;
    this.#told = performance.now();
    emit(this, "results-seen", { ids: this.#seen });
  }

  /** @param {number} id @param {Tile[]} spare @returns {Tile} */
  #tile(id, spare) {
    const tile = spare.pop() ?? newTile(this.#template);
    this.#tiles.set(id, tile);
    if (!tile.root.isConnected) this.append(tile.root);
    tile.root.dataset.id = String(id);
    showPicture(tile, this.#urlOf(id));
    name(tile, this.#names.get(id) ?? "");
    return tile;
  }

  /** @param {EventTarget | null} target */
  #indexOf(target) {
    const tile = target instanceof Element ? target.closest(".tile") : null;
    return tile ? Number(/** @type {HTMLElement} */ (tile).dataset.index) : -1;
  }

  /** @param {number} index */
  #goTo(index) {
    if (index < 0 || index === this.#active) return;
    this.#active = index;
    this.#draw();
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const index = this.#indexOf(event.target);
    if (index < 0 || !(event.target instanceof Element)) return;
    if (event.target.closest(".pick") || event.ctrlKey || event.metaKey || event.shiftKey) emit(this, "result-pick", { index, range: event.shiftKey });
    else if (event.target.closest(".open")) emit(this, "result-open", { index });
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const index = this.#indexOf(event.target);
    if (index < 0 || event.altKey || event.metaKey || event.ctrlKey) return;
    const to = step(this.#layout, index, event.key, Math.floor(innerHeight / (this.#layout.size + this.#layout.gap)) - 1);
    if (to !== null) this.reach(to);
    else if (event.key === " " && event.target instanceof Element && event.target.matches(".open")) emit(this, "result-pick", { index, range: event.shiftKey });
    else return;
    event.preventDefault();
  }
}

/** @param {HTMLTemplateElement} template @returns {Tile} */
function newTile(template) {
  const root = part(document.importNode(template.content, true), ".tile", HTMLElement);
  const [open, pick] = [part(root, ".open", HTMLButtonElement), part(root, ".pick", HTMLButtonElement)];
  const [image, broken, track] = [part(root, "img", HTMLImageElement), part(root, ".broken", SVGElement), part(root, ".track", HTMLElement)];
  return { root, open, pick, image, broken, track, shown: "", name: "-" };
}

/** @param {Tile} tile @param {{ index: number, count: number, x: number, y: number, behind: boolean, selected: boolean, veiled: boolean, active: boolean, value: number | null }} now */
function show(tile, now) {
  const { index, count, x, y, behind, selected, veiled, active, value } = now;
  const shown = Object.values(now).join();
  if (tile.shown === shown) return;
  tile.shown = shown;
  const { root, open, pick, track } = tile;
  root.style.transform = `translate(${x}px, ${y}px)`;
  root.dataset.index = String(index);
  root.ariaPosInSet = String(index + 1);
  root.ariaSetSize = String(count);
  root.classList.toggle("behind", behind);
  root.classList.toggle("selected", selected);
  root.classList.toggle("veiled", veiled);
  pick.ariaPressed = String(selected);
  open.tabIndex = active ? 0 : -1;
  track.hidden = value === null;
  if (value !== null) track.style.setProperty("--value", String(value));
}

/** @param {Tile} tile @param {string | null | undefined} url Null: there is none. */
function showPicture({ root, image, broken }, url) {
  // Hidden it keeps its place: nothing is laid out anew.
  root.classList.toggle("waiting", !url);
  if (url && image.getAttribute("src") !== url) image.src = url;
  broken.toggleAttribute("hidden", url !== null);
}

/** @param {Tile} tile @param {string} path */
function name(tile, path) {
  if (tile.name === path) return;
  tile.name = path;
  const file = path.split("/").pop() ?? "";
  tile.open.ariaLabel = file || say.picture();
  tile.open.title = path;
  tile.pick.ariaLabel = say.select(file);
}

customElements.define("result-grid", ResultGrid);
