/**
 * The model in one line: what runs, how far a load is, what can be done.
 * Property: `model` (ModelState). Events: `model-load`, `model-retry`, `model-cancel`, `model-open`.
 */

import { emit, keepingFocus, part, setProgress, setText } from "../dom.js";
import { format, say, text } from "../strings.js";

export class ModelStatus extends HTMLElement {
  #name = part(this, ".name", HTMLElement);
  #how = part(this, ".how", HTMLElement);
  #progress = part(this, "#model-progress", HTMLElement);

  connectedCallback() {
    for (const [id, event] of [["load", "model-load"], ["retry", "model-retry"], ["cancel", "model-cancel"], ["change", "model-open"]]) {
      part(this, `#model-${id}`, HTMLButtonElement).addEventListener("click", () => emit(this, event));
    }
  }

  /** @param {import("../state.js").ModelState} model */
  set model(model) {
    const { status, choice } = model;
    this.dataset.state = status;
    setText(this.#name, choice?.name ?? "");
    setText(this.#how, describe(model));
    this.title = status === "error" ? model.message : "";
    const shown = {
      load: status === "idle" && choice !== null,
      retry: status === "error",
      cancel: status === "loading",
      change: status !== "loading",
    };
    const show = () => {
      for (const [id, is] of Object.entries(shown)) part(this, `#model-${id}`, HTMLButtonElement).hidden = !is;
    };
    keepingFocus(this, show, () => this.querySelector("button:not([hidden])"));
    this.#progress.hidden = status !== "loading";
    const { progress } = model;
    const known = progress?.total ? progress.loaded / progress.total : null;
    this.#progress.classList.toggle("unknown", known === null);
    setProgress(this.#progress, known, describe(model));
  }
}

/** @param {import("../state.js").ModelState} model */
function describe({ status, choice, progress, since, now, message }) {
  if (status === "ready") return text["model.ready"];
  if (status === "error") return message;
  if (status === "idle") return [message, choice?.bytes ? say.needs(choice.bytes) : ""].filter(Boolean).join(" · ");
  if (!progress) return choice?.bytes ? say.needs(choice.bytes) : text["model.stage.engine"];
  const { stage, loaded, total } = progress;
  const parts = [text[`model.stage.${stage}`]];
  if (loaded > 0 && stage !== "engine") parts.push(say.loaded(loaded, total));
  const elapsed = now - since;
  if (total && loaded > 0 && loaded < total && elapsed > 1000) parts.push(say.left((elapsed * (total - loaded)) / loaded));
  else if (elapsed > 1000) parts.push(format.duration(elapsed));
  return parts.join(" · ");
}

customElements.define("model-status", ModelStatus);
