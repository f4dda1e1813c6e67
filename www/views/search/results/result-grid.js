/**
 * Results, or a whole library, as squares: only those in sight are on the page, however many there are. Property:
 * `content` (GridContent). Method: `reach(index)`, to go to one. Arrow keys walk, Enter opens, Space selects.
 * Events: `result-open` ({ index }), `result-pick` ({ index, range }), `results-seen` ({ ids }): in sight now.
 */

import { clone, emit, part } from "../../../shell/dom.js";
import { say } from "../words.js";
import { between, hasLine, heightOf, lineAt, placeOf, step } from "./layout.js";

/**
 * @typedef {object} GridContent
 * @property {Uint32Array} ids In their order.
 * @property {Float32Array | null} standsOut Null: nothing was searched for.
 * @property {number} standing How many stand before the line.
 * @property {Set<number>} selected
 */

/** So much of the window's height is made ready above and below. */
const ahead = 0.75;

/** @type {GridContent} */
const nothing = { ids: new Uint32Array(0), standsOut: null, standing: 0, selected: new Set() };

export class ResultGrid extends HTMLElement {
  #content = nothing;
  #line = part(this, ".line", HTMLElement);
  #probe = part(this, ".probe", HTMLElement);
  /** @type {import("./layout.js").Layout} */
  #layout = { count: 0, columns: 1, size: 1, gap: 0, standing: 0, line: 0 };
  /** @type {Map<number, HTMLElement>} */
  #tiles = new Map();
  /** The one that Tab comes to. */
  #active = 0;
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
    for (const tile of this.#tiles.values()) tile.remove();
    this.#tiles.clear();
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
    const tile = this.#tiles.get(this.#content.ids[index]);
    if (tile) part(tile, ".open", HTMLButtonElement).focus({ preventScroll: true });
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
    const { ids, standsOut, standing, selected } = this.#content;
    if (!this.checkVisibility() || this.clientWidth === 0) return;
    const { top } = this.getBoundingClientRect();
    const [from, to] = between(this.#layout, -top - ahead * innerHeight, -top + (1 + ahead) * innerHeight);
    /** @type {Set<number>} */
    const shown = new Set(ids.subarray(from, to));
    const focused = document.activeElement instanceof HTMLElement && this.contains(document.activeElement);
    if (focused && ids.length > 0) shown.add(ids[this.#active]);
    /** @type {HTMLElement[]} */
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
      tile.style.transform = `translate(${x}px, ${y}px)`;
      if (tile.dataset.index !== String(index)) {
        tile.dataset.index = String(index);
        tile.setAttribute("aria-posinset", String(index + 1));
      }
      tile.setAttribute("aria-setsize", String(ids.length));
      tile.classList.toggle("behind", standsOut !== null && index >= standing);
      tile.classList.toggle("selected", selected.has(id));
      part(tile, ".pick", HTMLButtonElement).setAttribute("aria-pressed", String(selected.has(id)));
      part(tile, ".open", HTMLButtonElement).tabIndex = index === this.#active ? 0 : -1;
      const track = part(tile, ".track", HTMLElement);
      track.hidden = standsOut === null;
      if (standsOut) track.style.setProperty("--value", String(most > 0 ? Math.max(0, standsOut[index] / most) : 0));
    };
    for (let index = from; index < to; index += 1) place(index);
    if (focused && ids.length > 0 && (this.#active < from || this.#active >= to)) place(this.#active);
    for (const tile of spare) tile.remove();
    emit(this, "results-seen", { ids: Array.from(shown) });
  }

  /** @param {number} id @param {HTMLElement[]} spare */
  #tile(id, spare) {
    const tile = spare.pop() ?? clone("t-tile", HTMLElement);
    this.#tiles.set(id, tile);
    if (!tile.isConnected) this.append(tile);
    tile.dataset.id = String(id);
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
    const before = this.#tiles.get(this.#content.ids[this.#active]);
    if (before) part(before, ".open", HTMLButtonElement).tabIndex = -1;
    this.#active = index;
    const now = this.#tiles.get(this.#content.ids[index]);
    if (now) part(now, ".open", HTMLButtonElement).tabIndex = 0;
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

/** @param {HTMLElement} tile @param {string | null | undefined} url Null: there is none. */
function showPicture(tile, url) {
  const image = part(tile, "img", HTMLImageElement);
  image.hidden = !url;
  if (url && image.getAttribute("src") !== url) image.src = url;
  part(tile, ".broken", SVGElement).toggleAttribute("hidden", url !== null);
}

/** @param {HTMLElement} tile @param {string} path */
function name(tile, path) {
  const file = path.split("/").pop() ?? "";
  const open = part(tile, ".open", HTMLButtonElement);
  open.setAttribute("aria-label", file || say.picture());
  open.title = path;
  part(tile, ".pick", HTMLButtonElement).setAttribute("aria-label", say.select(file));
}

customElements.define("result-grid", ResultGrid);
