/**
 * The model in one line: what runs, how far a load is, what can be done.
 * Property: `model` (ModelState). Events: `model-load`, `model-retry`, `model-pause`, `model-resume`, `model-cancel`,
 * `model-open`.
 */

import { emit, keepingFocus, part, setProgress, setText } from "../dom.js";
import { say as shared } from "../words.js";
import { say, text } from "./words.js";

/** A smaller one is here before anybody has found the button for pausing it, or read the figures. */
const large = 50e6;

const buttons = /** @type {const} */ ({
  load: "model-load",
  retry: "model-retry",
  pause: "model-pause",
  resume: "model-resume",
  cancel: "model-cancel",
  change: "model-open",
});

export class ModelStatus extends HTMLElement {
  #name = part(this, ".name", HTMLElement);
  #how = part(this, ".how", HTMLElement);
  #progress = part(this, "#model-progress", HTMLElement);

  connectedCallback() {
    for (const [id, event] of Object.entries(buttons)) {
      part(this, `#model-${id}`, HTMLButtonElement).addEventListener("click", () => emit(this, event));
    }
  }

  /** @param {import("./state.js").ModelState} model */
  set model(model) {
    const { status, choice, running, progress } = model;
    const moving = status === "loading" || status === "paused";
    this.dataset.state = status;
    const how = describe(model);
    setText(this.#name, choice?.name ?? "");
    this.#name.title = choice?.name ?? "";
    setText(this.#how, how);
    const waiting = running && choice && running !== choice;
    this.title = status === "error" ? model.message : waiting ? say.answers(choice.name, running.name) : "";
    const shown = {
      load: status === "idle" && choice !== null,
      retry: status === "error",
      pause: status === "loading" && progress?.stage === "download" && (progress.total ?? 0) > large,
      resume: status === "paused",
      cancel: moving,
      change: !moving,
    };
    const show = () => {
      for (const [id, is] of Object.entries(shown)) part(this, `#model-${id}`, HTMLButtonElement).hidden = !is;
    };
    keepingFocus(this, show, () => this.querySelector("button:not([hidden])"));
    this.classList.toggle("large", moving && (progress?.total ?? choice?.bytes ?? 0) > large);
    this.#progress.hidden = !moving;
    const total = progress?.total ?? null;
    const known = progress && total ? progress.loaded / total : null;
    this.#progress.classList.toggle("unknown", known === null);
    this.#progress.style.setProperty("--stored", String(progress && total ? progress.stored / total : 0));
    setProgress(this.#progress, known, how);
  }
}

/** @param {import("./state.js").ModelState} model */
function describe({ status, choice, progress, here, message }) {
  const kept = here === null ? [] : [say.here(here, progress?.total ?? null)];
  if (status === "ready") return text["model.ready"];
  if (status === "error") return [message, ...kept].join(" ");
  if (status === "idle") return [message, choice?.bytes ? say.needs(choice.bytes) : ""].filter(Boolean).join(" · ");
  if (status === "paused") return [text["model.paused"], ...kept].join(" · ");
  if (!progress) return choice?.bytes ? say.needs(choice.bytes) : text["model.stage.engine"];
  const { stage, loaded, total, stored, perSecond, secondsLeft } = progress;
  const parts = loaded > 0 && stage !== "engine" ? [shared.loaded(loaded, total)] : [];
  if (stage !== "download" || !perSecond) return [text[`model.stage.${stage}`], ...parts].join(" · ");
  // With a speed and an end it needs no word that it is a download.
  parts.push(say.rate(perSecond));
  if (secondsLeft !== null && loaded !== total) parts.push(shared.left(secondsLeft * 1000));
  if (stored > 0) parts.push(say.wereHere(stored));
  return parts.join(" · ");
}

customElements.define("model-status", ModelStatus);
