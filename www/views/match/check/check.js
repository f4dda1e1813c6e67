/**
 * Answers that a person has checked, and probabilities that are calibrated by them (temperature scaling, Guo et al. 2017):
 * logits are divided by one number before the softmax, so that the model is as sure as it is right.
 */

import { part, setText } from "../../../shell/dom.js";
import { format } from "../../../shell/format.js";
import { text as shared } from "../../../shell/words.js";
import { icon, make } from "../make.js";
import { say, text } from "./words.js";

/** @typedef {import("../state.js").Everything} Everything */
/** @typedef {import("../state.js").Scores} Scores */
/** @typedef {{ label: string, right: boolean }} Mark */

/** Fewer say too little. */
const least = 3;

export class Checks {
  #shell;
  #everything;
  /** By picture. @type {Map<number, Mark>} */
  #marks = new Map();
  /** Pictures that were passed over this time. @type {Set<number>} */
  #skipped = new Set();
  /** @type {{ temperature: number, checked: number, right: number } | null} */
  #found = null;
  /** What was calibrated last, and what came of it. @type {{ scores: Scores, temperature: number, calibrated: Scores } | null} */
  #last = null;
  #turn = 0;
  #dialog = dialog();

  /** @param {import("../../../shell/view.js").Shell} shell @param {() => Everything} everything as the model says it */
  constructor(shell, everything) {
    this.#shell = shell;
    this.#everything = everything;
    document.body.append(this.#dialog);
    this.#dialog.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button) this.#onButton(button.value);
    });
  }

  open() {
    this.#skipped.clear();
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#show();
  }

  /** Another model answers: nothing that was checked holds. */
  reset() {
    this.#marks.clear();
    this.#found = null;
    this.#dialog.close();
  }

  /** Scores have changed. */
  async refit() {
    const turn = ++this.#turn;
    const { scores } = this.#everything();
    const marks = scores ? this.#marked(scores) : [];
    if (!scores || scores.labels.length < 2 || marks.length < least) {
      this.#found = null;
      return this.#shell.redraw();
    }
    const logits = new Float32Array(marks.length * scores.labels.length);
    marks.forEach(({ logits: row }, i) => logits.set(row, i * scores.labels.length));
    const temperature = await this.#shell.library.fitTemperature(logits, scores.labels.length, marks);
    if (turn !== this.#turn) return;
    this.#found = { temperature, checked: marks.length, right: marks.filter(({ right }) => right).length };
    this.#shell.redraw();
  }

  /** @param {Scores} scores */
  #marked(scores) {
    return Array.from(this.#marks).flatMap(([id, { label, right }]) => {
      const [row, at] = [scores.rows.get(id), scores.labels.indexOf(label)];
      return row && at >= 0 ? [{ logits: row.logits, class: at, right }] : [];
    });
  }

  /** What the page shows: scores that are calibrated, where enough was checked. @template {{ scores: Scores | null }} S @param {S} state @returns {S} */
  applied(state) {
    const { scores } = state;
    if (!this.#found || !scores) return state;
    const { temperature } = this.#found;
    if (this.#last?.scores !== scores || this.#last.temperature !== temperature) {
      const rows = new Map(Array.from(scores.rows, ([id, row]) => [id, { ...row, overTexts: softmax(row.logits, temperature) }]));
      // Grids compare rows by their logits.
      for (const row of rows.values()) row.logits = row.logits.slice();
      this.#last = { scores, temperature, calibrated: { ...scores, rows } };
    }
    return { ...state, scores: this.#last.calibrated };
  }

  get remark() {
    return this.#found ? say.calibrated(this.#found.checked, this.#found.right, this.#found.temperature) : "";
  }

  /** The next picture that was not checked, the least sure first: what is said of those says most. */
  get #next() {
    const { pictures, scores } = this.applied(this.#everything());
    const open = pictures.flatMap((picture) => {
      const row = scores?.rows.get(picture.id);
      if (!scores || !row || this.#marks.has(picture.id) || this.#skipped.has(picture.id)) return [];
      const at = row.overTexts.indexOf(Math.max(...row.overTexts));
      return [{ picture, label: scores.labels[at], probability: row.overTexts[at] }];
    });
    return open.sort((a, b) => a.probability - b.probability)[0] ?? null;
  }

  #show() {
    const next = this.#next;
    const image = part(this.#dialog, "img", HTMLImageElement);
    image.hidden = !next;
    if (next?.picture.thumbnail) image.src = next.picture.thumbnail;
    image.alt = next?.picture.name ?? "";
    setText(part(this.#dialog, ".answer", HTMLElement), next ? say.answer(next.label, format.percent(next.probability)) : say.none());
    for (const value of ["right", "wrong", "skip"]) part(this.#dialog, `[value=${value}]`, HTMLButtonElement).disabled = !next;
    part(this.#dialog, "[value=forget]", HTMLButtonElement).hidden = this.#marks.size === 0;
    setText(part(this.#dialog, "[role=status]", HTMLElement), say.progress(this.#marks.size, least));
    if (!next) part(this.#dialog, "[value=close]", HTMLButtonElement).focus();
  }

  /** @param {string} value */
  async #onButton(value) {
    if (value === "close") return this.#dialog.close();
    const next = this.#next;
    if (value === "forget") this.#marks.clear();
    else if (next && value === "skip") this.#skipped.add(next.picture.id);
    else if (next) this.#marks.set(next.picture.id, { label: next.label, right: value === "right" });
    await this.refit().catch((error) => this.#shell.notice(error.message));
    this.#show();
  }
}

/** @param {Float32Array} logits @param {number} temperature */
function softmax(logits, temperature) {
  const most = Math.max(...logits);
  const parts = logits.map((logit) => Math.exp((logit - most) / temperature));
  const whole = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => part / whole);
}

/** Made here, since few ever open it. */
function dialog() {
  const button = (/** @type {string} */ value, /** @type {string} */ label, className = "") => make("button", { type: "button", value, class: className }, label);
  const title = make("h2", { id: "check-title", tabindex: "-1" }, text["check.title"]);
  const close = make("button", { type: "button", value: "close", class: "icon-only", "aria-label": shared["dialog.close"] }, icon("close"));
  return make(
    "dialog",
    { "aria-labelledby": "check-title", class: "check" },
    make("header", {}, title, close),
    make("img", { alt: "" }),
    make("p", { class: "answer", "aria-live": "polite" }),
    make("footer", {}, button("right", text["check.right"], "primary"), button("wrong", text["check.wrong"]), button("skip", text["check.skip"], "quiet"), button("forget", text["check.forget"], "quiet")),
    make("p", { class: "hint", role: "status" }),
    make("p", { class: "hint" }, text["check.hint"]),
  );
}
