/** The model that runs beside the same one computed exactly, on the pictures and labels at hand. */

import { compare } from "./compare.js";

/**
 * @typedef {import("../../../semblance.js").Semblance} Clip
 * @typedef {import("../../../semblance.js").ImageSource} ImageSource
 * @typedef {import("./state.js").FidelityStage} FidelityStage
 */

/** The exact model is slow, and so many say enough. */
const picturesAtMost = 100;

export class Fidelity {
  #getState;
  #dispatch;
  #load;
  #source;
  #embedding;
  /** @type {AbortController | null} */
  #running = null;

  /**
   * @param {object} needs
   * @param {() => import("../state.js").State} needs.getState
   * @param {(action: import("../state.js").Action) => void} needs.dispatch
   * @param {import("../model/load.js").Load} needs.load
   * @param {(id: number) => ImageSource | undefined} needs.source
   * @param {(id: number) => Float32Array | undefined} needs.embedding
   */
  constructor({ getState, dispatch, load, source, embedding }) {
    this.#getState = getState;
    this.#dispatch = dispatch;
    this.#load = load;
    this.#source = source;
    this.#embedding = embedding;
  }

  /** @param {Clip} clip The model that runs. @param {import("../view.js").Texts} texts */
  async run(clip, { labels, template }) {
    const { model, pictures } = this.#getState();
    if (!model.running) return;
    const seen = pictures.flatMap(({ id, name, status }) => {
      const [source, vector] = [this.#source(id), this.#embedding(id)];
      return status === "done" && source && vector ? [{ name, source, vector }] : [];
    });
    const chosen = seen.slice(0, picturesAtMost);
    this.cancel();
    const controller = (this.#running = new AbortController());
    const { signal } = controller;
    /** @param {FidelityStage} stage @param {number} done @param {number | null} total */
    const report = (stage, done, total) => {
      if (!signal.aborted) this.#dispatch({ type: "fidelity/progress", progress: { stage, done, total } });
    };
    report("model", 0, null);
    /** @type {Clip | undefined} */
    let exact;
    try {
      exact = await this.#load({
        model: model.running.model,
        logitScale: model.running.logitScale,
        dtype: "f32",
        keepTexts: false,
        signal,
        onProgress: ({ loaded, total }) => report("model", loaded, total),
      });
      report("pictures", 0, chosen.length);
      const images = await exact.embedImages(chosen.map(({ source }) => source), { signal, onProgress: (done, total) => report("pictures", done, total) });
      report("texts", 0, labels.length);
      const texts = await exact.embedTexts(labels, { template, signal });
      const fast = { images: chosen.map(({ vector }) => vector), texts: await clip.embedTexts(labels, { template, signal }) };
      const comparison = compare({ images, texts }, fast, clip.info().model.logitScale);
      const { picture, label } = comparison.largest;
      this.#dispatch({ type: "fidelity/done", result: { ...comparison, left: seen.length - chosen.length, picture: chosen[picture].name, label: [labels[label]].flat().join(" | ") } });
    } catch (error) {
      if (!signal.aborted) this.#dispatch({ type: "fidelity/failed", message: /** @type {Error} */ (error).message });
    } finally {
      exact?.free();
    }
  }

  cancel() {
    this.#running?.abort();
    this.#running = null;
    this.#dispatch({ type: "fidelity/rest" });
  }
}
