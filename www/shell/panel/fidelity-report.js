/**
 * The running model beside the same one computed exactly. Property: `content` (FidelityContent).
 * Events: `fidelity-start`, `fidelity-cancel`.
 */

import { emit, keepingFocus, part, setFacts, setProgress, setText } from "../dom.js";
import { format } from "../format.js";
import { say as shared } from "../words.js";
import { say, text } from "./words.js";

/**
 * @typedef {import("./state.js").FidelityState} Fidelity
 *
 * @typedef {object} FidelityContent
 * @property {Fidelity} fidelity
 * @property {import("../../../semblance.js").Info | null} info
 * @property {boolean} possible There is a picture and a label to compare on.
 */

export class FidelityReport extends HTMLElement {
  #start = part(this, "#fidelity-start", HTMLButtonElement);
  #cancel = part(this, "#fidelity-cancel", HTMLButtonElement);
  #how = part(this, ".how", HTMLElement);
  #bar = part(this, ".progress", HTMLElement);
  #facts = part(this, "dl", HTMLElement);
  /** @type {Fidelity["result"] | undefined} */
  #shown;

  connectedCallback() {
    this.#start.addEventListener("click", () => emit(this, "fidelity-start"));
    this.#cancel.addEventListener("click", () => emit(this, "fidelity-cancel"));
  }

  /** @param {FidelityContent} content */
  set content({ fidelity: { progress, result, message }, info, possible }) {
    this.dataset.state = progress ? "working" : message ? "error" : result ? "done" : "idle";
    const how = progress ? describe(progress) : message || (result ? say.compared(result.pictures, result.left, result.labels) : hint(info, possible));
    setText(this.#how, how);
    this.#bar.hidden = !progress;
    if (progress) setProgress(this.#bar, progress.total ? progress.done / progress.total : null, how);
    this.#start.disabled = !possible;
    const show = () => {
      this.#start.hidden = progress !== null;
      this.#cancel.hidden = progress === null;
    };
    keepingFocus(this, show, () => (progress ? this.#cancel : this.#start));
    if (this.#shown === result) return;
    this.#shown = result;
    this.#facts.hidden = !result;
    setFacts(this.#facts, result ? facts(result) : []);
  }
}

/** What it takes, or what is missing. @param {FidelityContent["info"]} info @param {boolean} possible */
function hint(info, possible) {
  if (!info) return "";
  return possible ? say.fidelityMemory(4 * info.model.parameters) : text["fidelity.nothing"];
}

/** @param {NonNullable<Fidelity["progress"]>} progress */
function describe({ stage, done, total }) {
  if (stage === "pictures" && total) return say.fidelityPictures(done, total);
  return stage === "model" && done > 0 ? `${text["fidelity.model"]} · ${shared.loaded(done, total)}` : text[`fidelity.${stage}`];
}

/** @param {NonNullable<Fidelity["result"]>} result @returns {[string, string][]} */
function facts({ pictures, labels, images, texts, sameBest, moved, largest, picture, label }) {
  /** @type {[string, string][]} */
  const vectors = [
    [text["fidelity.images"], say.cosines(format.fidelity(images.mean), format.fidelity(images.worst))],
    [text["fidelity.labels"], say.cosines(format.fidelity(texts.mean), format.fidelity(texts.worst))],
  ];
  // One label is always the best, and its probability always 1.
  if (labels < 2) return vectors;
  return [
    ...vectors,
    [text["fidelity.best"], say.sameBest(sameBest, pictures)],
    [text["fidelity.order"], say.moved(moved, pictures * labels)],
    [text["fidelity.largest"], say.changed(format.percent(largest.exact), format.percent(largest.fast), picture, label)],
  ];
}

customElements.define("fidelity-report", FidelityReport);
