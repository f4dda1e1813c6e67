/**
 * The cards. Property: `content` (GridContent). Cards are made as the page scrolls to them, so that thousands of pictures
 * cost no more than those in sight. Card content that did not change is not touched.
 */

import { clone, part } from "../../../shell/dom.js";

/**
 * @typedef {import("../../../shell/pictures/state.js").Picture} Picture
 * @typedef {{ show(content: object): void } & HTMLElement} Card
 *
 * @typedef {object} GridContent
 * @property {Picture[]} pictures
 * @property {import("../state.js").Scores | null} scores
 * @property {number} limit
 * @property {boolean} numbers
 * @property {boolean} modelReady
 * @property {boolean} stopped
 * @property {number} bars How many bars a card will hold: their room is kept while they are not there.
 */

const batch = 32;

export class PictureGrid extends HTMLElement {
  #shown = batch;
  /** @type {GridContent | null} */
  #content = null;
  /** @type {Map<number, { card: Card, key: unknown[] }>} */
  #cards = new Map();
  #more = clone("t-more", HTMLButtonElement);
  #observer = new IntersectionObserver((seen) => {
    if (seen.some(({ isIntersecting }) => isIntersecting)) this.#grow();
  });

  connectedCallback() {
    this.#more.addEventListener("click", () => this.#grow());
    this.after(this.#more);
    this.#more.hidden = true;
    this.#observer.observe(this.#more);
  }

  /** @param {GridContent} content */
  set content(content) {
    this.#content = content;
    const { pictures, bars } = content;
    this.style.setProperty("--bars", String(bars));
    const visible = pictures.slice(0, this.#shown);
    const keep = new Set(visible.map(({ id }) => id));
    for (const [id, { card }] of this.#cards) {
      if (keep.has(id)) continue;
      this.#giveFocusAway(card);
      card.remove();
      this.#cards.delete(id);
    }
    for (const picture of visible) this.#update(picture, content);
    this.#more.hidden = this.hidden || visible.length === pictures.length;
  }

  #grow() {
    if (!this.#content || this.hidden) return;
    this.#shown = Math.min(this.#shown, this.#content.pictures.length) + batch;
    this.content = this.#content;
    // An observer tells of changes only; a batch that does not fill the window needs to be asked again.
    this.#observer.unobserve(this.#more);
    this.#observer.observe(this.#more);
  }

  /** @param {Picture} picture @param {GridContent} content */
  #update(picture, { scores, limit, numbers, modelReady, stopped }) {
    let entry = this.#cards.get(picture.id);
    if (!entry) {
      entry = { card: /** @type {Card} */ (/** @type {unknown} */ (clone("t-card", HTMLElement))), key: [] };
      this.#cards.set(picture.id, entry);
      this.append(entry.card);
    }
    const row = scores?.rows.get(picture.id);
    const key = [picture, row?.logits, scores?.labels, limit, numbers, modelReady, stopped];
    if (entry.key.length && key.every((value, i) => value === entry.key[i])) return;
    entry.key = key;
    const bars = scores && row ? { labels: scores.labels, cut: scores.cut, row, limit, numbers } : null;
    entry.card.show({ picture, scores: bars, modelReady, stopped });
  }

  /** Whoever removes a card with the keyboard goes on from the next one. @param {HTMLElement} card */
  #giveFocusAway(card) {
    if (!card.contains(document.activeElement)) return;
    const next = card.nextElementSibling ?? card.previousElementSibling;
    if (next) part(next, ".remove", HTMLButtonElement).focus();
    else document.getElementById("choose-files")?.focus();
  }
}

customElements.define("picture-grid", PictureGrid);
