/** A model that writes, from the choice to the text: loaded when the person says so, freed when they do, checked by CLIP. */

import { CaptionerPanel } from "./captioner-panel.js";
import { part } from "../../../shell/dom.js";

/** @typedef {import("../../../../semblance.js").Captioner} Captioner */
/** @typedef {import("./captioner-panel.js").Content} Content */

/** What a cosine is multiplied by (Hessel et al. 2021, “CLIPScore”, arXiv:2104.08718, section 3). */
const weight = 2.5;

export class Writing {
  #shell;
  #panel;
  #picture;
  /** @type {Captioner | null} */
  #captioner = null;
  /** What runs: one at a time. @type {AbortController | null} */
  #running = null;
  /** Of which picture there is something written. */
  #of = 0;
  /** @type {Omit<Content, "info" | "beside" | "ready">} */
  #state = { model: "", offer: null, loading: null, soFar: "", writing: false, written: null, trouble: "" };

  /**
   * @param {import("../../../shell/view.js").Shell} shell
   * @param {HTMLElement} root
   * @param {() => number | null} picture the chosen one
   */
  constructor(shell, root, picture) {
    this.#shell = shell;
    this.#panel = part(root, "captioner-panel", CaptionerPanel);
    this.#picture = picture;
  }

  draw() {
    const clip = this.#shell.clip();
    const id = this.#picture();
    const written = id === this.#of ? this.#state.written : null;
    this.#panel.content = { ...this.#state, written, info: this.#captioner?.info() ?? null, beside: clip?.info().memory ?? 0, ready: id !== null };
  }

  /** @param {Partial<Content>} change */
  #change(change) {
    this.#state = { ...this.#state, ...change };
    this.#shell.redraw();
  }

  /** @template T @param {(signal: AbortSignal) => Promise<T>} work @returns {Promise<T | null>} null where it was stopped or failed, which is said */
  async #run(work) {
    this.#running?.abort();
    const controller = (this.#running = new AbortController());
    this.#change({ trouble: "" });
    try {
      return await work(controller.signal);
    } catch (error) {
      const { name, message } = /** @type {Error} */ (error);
      if (name === "AbortError" || controller.signal.aborted) return null;
      // One whose worker stopped answers no more.
      if (name === "EngineError" && this.#captioner) this.#free();
      this.#change({ trouble: message });
      return null;
    } finally {
      if (this.#running === controller) {
        this.#running = null;
        this.#change({ loading: null, writing: false });
      }
      this.#shell.used();
    }
  }

  /** What it would take. @param {string} model */
  async #ask(model) {
    if (!model) return;
    this.#change({ model, offer: null });
    const offer = await this.#run((signal) => this.#shell.library.describeCaptioner(model, { signal }));
    if (offer) this.#change({ offer });
  }

  async #load() {
    const { model, offer } = this.#state;
    this.#change({ loading: { stage: "download", loaded: (offer?.bytes ?? 0) - (offer?.missing ?? 0), total: offer?.bytes ?? null, stored: 0, downloaded: 0, perSecond: null, secondsLeft: null } });
    const captioner = await this.#run((signal) => this.#shell.library.loadCaptioner({ model, signal, onProgress: (loading) => this.#running && this.#change({ loading }) }));
    if (captioner) {
      this.#captioner = captioner;
      this.#change({ offer: null, written: null });
    } else if (!this.#state.trouble) {
      // It was paused: what has come stays, and is not asked for again.
      await this.#ask(model);
    }
  }

  #free() {
    this.#running?.abort();
    this.#captioner?.free();
    this.#captioner = null;
    this.#change({ written: null, offer: null });
  }

  /** @param {{ prompt: string, question: string, beams: number }} asked */
  async #write({ prompt, question, beams }) {
    const captioner = this.#captioner;
    const id = this.#picture();
    const source = id === null ? undefined : this.#shell.source(id);
    if (!captioner || id === null || !source) return;
    this.#of = id;
    this.#change({ soFar: "", writing: true, written: null });
    const options = { beams, onToken: (/** @type {string} */ soFar) => this.#change({ soFar }) };
    const answers = captioner.info().model.ability === "answers";
    const caption = await this.#run((signal) => (answers ? captioner.answer(source, question, { ...options, signal }) : captioner.caption(source, { ...options, prompt, signal })));
    if (!caption) return;
    const texts = caption.beams.map(({ text }) => text);
    const scores = answers ? null : await this.#clipScores(id, texts);
    this.#change({ written: caption.beams.map(({ text, logProbability }, at) => ({ text, probability: Math.exp(logProbability), clipScore: scores?.[at] ?? null })) });
  }

  /** How well each text matches the picture, by the CLIP that is loaded. @param {number} id @param {string[]} texts */
  async #clipScores(id, texts) {
    const vector = this.#shell.vector(id);
    const clip = this.#shell.clip();
    if (!clip || !vector || texts.some((text) => text.trim() === "")) return null;
    try {
      const { cosine } = await clip.similarity([vector], texts);
      return Array.from(cosine, (cosine) => weight * Math.max(0, cosine));
    } catch {
      // A caption is a caption without it.
      return null;
    }
  }

  /** @returns {import("../../../shell/view.js").Handlers} */
  get handlers() {
    return {
      "captioner-ask": ({ model }) => this.#ask(model),
      "captioner-load": () => this.#load(),
      "captioner-pause": () => this.#running?.abort(),
      "captioner-free": () => this.#free(),
      "caption-write": (asked) => this.#write(asked),
      "caption-stop": () => this.#running?.abort(),
    };
  }
}
