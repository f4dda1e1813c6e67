/**
 * Keeping the scores true to labels, template and pictures, with as little work as can be:
 * new pictures are scored alone; another label or template scores all vectors again (the engine keeps the texts');
 * a call that became stale is aborted; typing is waited out.
 */

/**
 * @typedef {import("../../../semblance.js").Semblance} Clip
 * @typedef {import("../../../semblance.js").Similarity} Similarity
 * @typedef {import("./state.js").Row} Row
 * @typedef {import("./state.js").Scores} Scores
 */

import { unfinished } from "../../shell/pictures/state.js";
import { wordsOf } from "./state.js";

const typingPause = 120;

export class Scorer {
  #getState;
  #dispatch;
  #embedding;
  #prompts;
  #onScored;
  #onLost;
  /** @type {Clip | null} */
  #clip = null;
  /** @type {AbortController | null} */
  #running = null;
  #again = false;
  #timer = 0;

  /**
   * @param {object} needs
   * @param {() => import("./state.js").Everything} needs.getState
   * @param {(action: import("./state.js").Action) => void} needs.dispatch
   * @param {(id: number) => Float32Array | undefined} needs.embedding
   * @param {(template: string) => Promise<string | string[]>} needs.prompts What the engine takes for the state's template.
   * @param {() => void} needs.onScored
   * @param {(message: string) => void} needs.onLost The engine broke off: this model answers no more.
   */
  constructor({ getState, dispatch, embedding, prompts, onScored, onLost }) {
    this.#getState = getState;
    this.#dispatch = dispatch;
    this.#embedding = embedding;
    this.#prompts = prompts;
    this.#onScored = onScored;
    this.#onLost = onLost;
  }

  /** @param {Clip | null} clip Null where there is none any more. */
  use(clip) {
    this.#running?.abort();
    this.#running = null;
    this.#clip = clip;
  }

  /** Labels or template changed: what is being worked out is of no use any more. */
  textsChanged() {
    this.#running?.abort();
    this.#running = null;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.run(), typingPause);
  }

  /** Score whatever is not scored yet. */
  async run() {
    const clip = this.#clip;
    if (!clip) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    const task = this.#plan();
    if (!task) return;
    const controller = (this.#running = new AbortController());
    try {
      const { labels, template, ids, vectors } = task;
      const options = { template: await this.#prompts(template), signal: controller.signal };
      const result = await clip.similarity(vectors, labels.map(wordsOf), options);
      if (this.#running !== controller) return;
      this.#dispatch({ type: "scores", scores: merged(task, ids, result, this.#getState()) });
    } catch (error) {
      if (this.#running !== controller) return;
      this.#running = null;
      const { name, message } = /** @type {Error} */ (error);
      if (name === "EngineError") this.#onLost(message);
      else this.#dispatch({ type: "scores/failed", message });
      return;
    }
    this.#running = null;
    this.#onScored();
    if (this.#again || !this.#getState().scores?.complete) {
      this.#again = false;
      this.run();
    }
  }

  /** What there is to score; undefined when nothing is. */
  #plan() {
    const { labels, template, pictures, scores, run } = this.#getState();
    const ready = pictures.filter(({ id, status }) => status === "done" && this.#embedding(id));
    if (labels.length === 0 || ready.length === 0) {
      if (scores) this.#dispatch({ type: "scores", scores: null });
      return undefined;
    }
    const kept = scores && scores.template === template && same(scores.labels, labels) ? scores : null;
    const missing = kept ? ready.filter(({ id }) => !kept.rows.has(id)) : ready;
    const queued = !run.stopped && pictures.some(({ status }) => unfinished.includes(status));
    const chosen = queued && kept ? missing : kept?.complete && missing.length === 0 ? [] : ready;
    if (chosen.length === 0) return undefined;
    const ids = chosen.map(({ id }) => id);
    const vectors = ids.map((id) => /** @type {Float32Array} */ (this.#embedding(id)));
    return { labels, template, ids, vectors, kept: chosen === ready ? null : kept };
  }
}

/** @param {string[]} a @param {string[]} b */
const same = (a, b) => a.length === b.length && a.every((label, i) => label === b[i]);

/**
 * The new rows beside those that still hold.
 * @param {{ labels: string[], template: string, kept: Scores | null }} task
 * @param {number[]} ids @param {Similarity} result @param {import("./state.js").Everything} now
 * @returns {Scores}
 */
function merged({ labels, template, kept }, ids, result, now) {
  const { cols, cosine, logits, overTexts, overImages, cut } = result;
  const here = new Set(now.pictures.map(({ id }) => id));
  const fresh = ids.every((id) => here.has(id));
  /** @type {Map<number, Row>} */
  const rows = new Map(kept?.rows);
  ids.forEach((id, i) => {
    if (!here.has(id)) return;
    const row = (/** @type {Float32Array} */ all) => all.slice(i * cols, (i + 1) * cols);
    rows.set(id, { cosine: row(cosine), logits: row(logits), overTexts: row(overTexts), overImages: kept ? null : row(overImages) });
  });
  return { labels, template, cut, rows, complete: !kept && fresh };
}
