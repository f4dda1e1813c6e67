/**
 * How far the work over pictures is: a view places it where it wants it. Property: `state` (the shell's).
 * Events: `work-stop`, `work-resume`, `pictures-clear`.
 */

import { emit, keepingFocus, part, setProgress, setText } from "../dom.js";
import { say as shared } from "../words.js";
import { count, unfinished } from "./state.js";
import { say } from "./words.js";

/**
 * @typedef {object} Work
 * @property {number} pictures All on the page.
 * @property {number} failed
 * @property {number} done In this run.
 * @property {number} left In this run.
 * @property {number} elapsed Milliseconds of this run.
 * @property {boolean} stopped
 * @property {boolean} model One is there to work with.
 */

/** Below this a speed is a guess. */
const steady = 3;

export class WorkProgress extends HTMLElement {
  #summary = part(this, ".summary", HTMLElement);
  #bar = part(this, ".progress", HTMLElement);
  #stop = part(this, ".stop", HTMLButtonElement);
  #resume = part(this, ".resume", HTMLButtonElement);

  connectedCallback() {
    part(this, ".clear", HTMLButtonElement).addEventListener("click", () => emit(this, "pictures-clear"));
    this.#stop.addEventListener("click", () => emit(this, "work-stop"));
    this.#resume.addEventListener("click", () => emit(this, "work-resume"));
  }

  /** @param {import("../state.js").State} state */
  set state({ pictures, run, model: { running } }) {
    const left = count({ pictures }, ...unfinished);
    const failed = count({ pictures }, "failed");
    this.#show({ pictures: pictures.length, failed, done: run.done, left, elapsed: run.now - run.since, stopped: run.stopped, model: running !== null });
  }

  /** @param {Work} work */
  #show(work) {
    const { done, left, stopped, model } = work;
    const busy = left > 0 && model && !stopped;
    this.dataset.state = left === 0 ? "idle" : stopped ? "stopped" : model ? "working" : "waiting";
    const summary = describe(work);
    setText(this.#summary, summary);
    this.#bar.classList.toggle("resting", !busy);
    setProgress(this.#bar, left === 0 ? 1 : done / (done + left), summary);
    const show = () => {
      this.#stop.hidden = !busy;
      this.#resume.hidden = !(left > 0 && stopped);
    };
    keepingFocus(this, show, () => (busy ? this.#stop : this.#resume.hidden ? this : this.#resume));
  }
}

/** @param {Work} work */
function describe({ pictures, failed, done, left, elapsed, stopped, model }) {
  const problems = failed ? [shared.failed(failed)] : [];
  if (left === 0) return [shared.pictures(pictures), ...problems].join(" · ");
  if (stopped) return [say.stopped(left), ...problems].join(" · ");
  if (!model) return [say.waitForModel(left), ...problems].join(" · ");
  const pace = done >= steady && elapsed > 0 ? [say.speed((done * 1000) / elapsed), shared.left((left * elapsed) / done)] : [];
  return [say.done(done, done + left), ...pace, ...problems].join(" · ");
}

customElements.define("work-progress", WorkProgress);
