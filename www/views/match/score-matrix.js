/**
 * Pictures × labels, a real table. Property: `content`. Event: `measure-change` ({ measure }).
 */

import { clone, emit, part, setText } from "../../shell/dom.js";
import { format } from "../../shell/format.js";
import { text } from "./words.js";

/**
 * @typedef {import("./state.js").Measure} Measure
 * @typedef {import("./state.js").Row} Row
 *
 * @typedef {object} MatrixContent
 * @property {import("../../shell/pictures/state.js").Picture[]} pictures
 * @property {import("./state.js").Scores | null} scores
 * @property {Measure} measure
 */

/** Cells made at a time. */
const batch = 1000;

export class ScoreMatrix extends HTMLElement {
  #head = part(this, "thead tr", HTMLTableRowElement);
  #body = part(this, "tbody", HTMLTableSectionElement);
  #frame = part(this, ".frame", HTMLElement);
  #scroll = part(this, ".scroll", HTMLElement);
  #more = clone("t-more", HTMLButtonElement);
  #batches = 1;
  /** @type {MatrixContent | null} */
  #content = null;
  #observer = new IntersectionObserver((seen) => {
    if (seen.some(({ isIntersecting }) => isIntersecting)) this.#grow();
  });

  connectedCallback() {
    for (const button of this.querySelectorAll("[data-measure]")) {
      button.addEventListener("click", () => emit(this, "measure-change", { measure: /** @type {HTMLElement} */ (button).dataset.measure }));
    }
    this.#more.addEventListener("click", () => this.#grow());
    this.append(this.#more);
    this.#observer.observe(this.#more);
    const sized = new ResizeObserver(() => this.#showEdges());
    for (const element of [this.#scroll, part(this, "table", HTMLElement)]) sized.observe(element);
    this.#scroll.addEventListener("scroll", () => this.#showEdges(), { passive: true });
  }

  /** A shadow lies where the table goes on. */
  #showEdges() {
    const { scrollLeft, scrollWidth, clientWidth, scrollTop, scrollHeight, clientHeight } = this.#scroll;
    this.#frame.classList.toggle("more-right", scrollWidth - clientWidth - scrollLeft > 1);
    this.#frame.classList.toggle("more-below", scrollHeight - clientHeight - scrollTop > 1);
  }

  /** @param {MatrixContent} content */
  set content(content) {
    const { scores, measure, pictures } = content;
    const before = this.#content;
    if (before?.scores === scores && before?.measure === measure && before?.pictures === pictures) return;
    this.#content = content;
    for (const button of this.querySelectorAll("[data-measure]")) {
      button.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (button).dataset.measure === measure));
    }
    setText(part(this, "#matrix-why", HTMLElement), text[`matrix.${measure}Why`]);
    this.#render(content);
  }

  #grow() {
    if (!this.#content || this.hidden) return;
    this.#batches += 1;
    this.#render(this.#content);
  }

  /** @param {MatrixContent} content */
  #render({ pictures, scores, measure }) {
    const labels = scores?.labels ?? [];
    this.#head.replaceChildren(heading(text["matrix.picture"], "corner"), ...labels.map((label) => heading(label, "label")));
    const scored = pictures.flatMap((picture) => {
      const row = scores?.rows.get(picture.id);
      return row ? [{ picture, row }] : [];
    });
    const [low, high] = range(scored.map(({ row }) => row), measure);
    const shown = this.#batches * Math.ceil(batch / (labels.length + 1));
    const rows = scored.slice(0, shown).map(({ picture, row }, i) => {
      const line = this.#body.rows[i] ?? clone("t-row", HTMLTableRowElement);
      const image = part(line, "img", HTMLImageElement);
      if (image.getAttribute("src") !== picture.thumbnail) image.src = picture.thumbnail ?? "";
      setText(part(line, "th span", HTMLElement), picture.name);
      part(line, "th span", HTMLElement).title = picture.name;
      while (line.cells.length > labels.length + 1) line.deleteCell(-1);
      while (line.cells.length < labels.length + 1) line.insertCell();
      const numbers = row[measure];
      labels.forEach((_, j) => fill(line.cells[j + 1], numbers ? numbers[j] : null, measure, low, high));
      return line;
    });
    this.#body.replaceChildren(...rows);
    this.#more.hidden = scored.length <= rows.length;
  }
}

/** @param {string} label @param {string} kind */
function heading(label, kind) {
  const cell = document.createElement("th");
  cell.scope = "col";
  cell.className = kind;
  cell.textContent = label;
  cell.title = label;
  return cell;
}

/** Probabilities are shaded from 0 to 1; cosines, which sit close together, from the lowest to the highest.
 * @param {Row[]} rows @param {Measure} measure @returns {[number, number]} */
function range(rows, measure) {
  if (measure !== "cosine") return [0, 1];
  let [low, high] = [Infinity, -Infinity];
  for (const { cosine } of rows) {
    for (const value of cosine) [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  return high > low ? [low, high] : [high - 1, high];
}

/** @param {HTMLTableCellElement} cell @param {number | null} value @param {Measure} measure @param {number} low @param {number} high */
function fill(cell, value, measure, low, high) {
  const heat = value === null ? 0 : (value - low) / (high - low);
  cell.style.setProperty("--heat", heat.toFixed(3));
  setText(cell, value === null ? text["matrix.pending"] : measure === "cosine" ? format.cosine(value) : format.percent(value));
  if (value !== null) cell.dataset.value = String(value);
}

customElements.define("score-matrix", ScoreMatrix);
