/** One picture that is asked why: the panel in its card, the map over its photo, and the engine's answers. */

import { part } from "../../../shell/dom.js";
import { make } from "../make.js";
import { WhyPanel } from "./why-panel.js";
import { say, text } from "./words.js";

/** @typedef {import("../../../../semblance.js").Explanation} Explanation */
/** @typedef {import("./why-panel.js").Choice} Choice */

/** Pixels along the map's longer side: it has few cells, and is smooth between them. */
const mapSize = 256;
/** What is answered sooner needs no progress. */
const patience = 200;
/** Covering the strongest place matters from here on, in logits. */
const least = 0.1;

export class Question {
  #needs;
  #panel = new WhyPanel();
  #map = make("canvas", { role: "img" });
  /** @type {AbortController | null} */
  #running = null;
  /** @type {Map<string, Explanation>} */
  #known = new Map();
  /** What is shown. @type {Choice | null} */
  #shown = null;

  /**
   * @param {object} needs
   * @param {import("../../../shell/view.js").Shell} needs.shell
   * @param {import("../../../shell/pictures/state.js").Picture} needs.picture
   * @param {HTMLElement} needs.card
   * @param {() => Promise<import("../state.js").Asked>} needs.asked
   * @param {() => void} needs.onClose
   */
  constructor(needs) {
    this.#needs = needs;
    const panel = this.#panel;
    panel.addEventListener("why-choose", () => this.#explain(panel.choice));
    panel.addEventListener("why-cancel", () => this.#cancel());
    panel.addEventListener("why-close", () => this.close());
    panel.addEventListener("why-gone", () => this.close());
  }

  /** @param {string[]} labels @param {string} label the first to be asked about */
  async begin(labels, label) {
    const { card } = this.#needs;
    this.#panel.labels = labels;
    this.#map.hidden = true;
    part(card, ".photo img", HTMLImageElement).after(this.#map);
    part(card, ".photo", HTMLElement).after(this.#panel);
    this.#panel.choice = { label, method: "patches" };
    this.#panel.focus();
    await this.#explain(this.#panel.choice);
  }

  close() {
    const { card, onClose } = this.#needs;
    this.#running?.abort();
    this.#running = null;
    const focused = this.#panel.contains(document.activeElement);
    this.#panel.remove();
    this.#map.remove();
    if (focused) part(card, ".ask", HTMLButtonElement).focus();
    onClose();
  }

  /** Back to what was shown before. */
  #cancel() {
    this.#running?.abort();
    this.#running = null;
    if (!this.#shown) return this.close();
    this.#panel.choice = this.#shown;
    this.#explain(this.#shown);
  }

  /** @param {Choice} choice */
  async #explain(choice) {
    const { shell } = this.#needs;
    this.#running?.abort();
    const controller = (this.#running = new AbortController());
    this.#map.hidden = true;
    const waiting = setTimeout(() => this.#running === controller && (this.#panel.progress = 0), patience);
    try {
      const answer = await this.#ask(choice, controller.signal);
      if (this.#running !== controller) return;
      this.#running = null;
      this.#show(choice, answer);
      shell.used();
    } catch (error) {
      if (this.#running !== controller) return;
      this.#running = null;
      const { name, message } = /** @type {Error} */ (error);
      this.#panel.trouble = message;
      if (name === "EngineError") shell.lost(message);
    } finally {
      clearTimeout(waiting);
    }
  }

  /** @param {Choice} choice @param {AbortSignal} signal @returns {Promise<Explanation>} */
  async #ask({ label, method }, signal) {
    const key = JSON.stringify([label, method]);
    const known = this.#known.get(key);
    if (known) return known;
    const { shell, picture, asked } = this.#needs;
    const { labels, words, prompts } = await asked();
    const [clip, source] = [shell.clip(), shell.source(picture.id)];
    if (!clip || !source) throw new Error(text["why.noModel"]);
    const onProgress = (/** @type {number} */ progress) => {
      if (!signal.aborted && method === "occlusion") this.#panel.progress = progress;
    };
    const answer = await clip.explain(source, words[labels.indexOf(label)], { labels: words, template: prompts, method, signal, onProgress });
    this.#known.set(key, answer);
    return answer;
  }

  /** @param {Choice} choice @param {Explanation} answer */
  #show(choice, answer) {
    const { width, height } = this.#needs.picture;
    const size = Math.max(1, Math.round(mapSize * Math.min(1, width / height)));
    const image = answer.overlay({ width: size, colour: colourOf(this.#panel) });
    this.#map.width = image.width;
    this.#map.height = image.height;
    this.#map.getContext("2d")?.putImageData(image, 0, 0);
    this.#map.hidden = false;
    const said = summary(choice, answer);
    this.#map.setAttribute("aria-label", say.map(choice.label, said));
    this.#panel.said = said;
    this.#shown = choice;
  }
}

/** @param {Choice} choice @param {Explanation} answer */
function summary({ label, method }, { side, heat, seen }) {
  const most = Math.max(...heat);
  if (most <= 0) return say.nowhere(label);
  const at = heat.indexOf(most);
  const along = (/** @type {number} */ cell) => (cell + 0.5) / side;
  const place = say.place(seen.x + along(at % side) * seen.width, seen.y + along(Math.floor(at / side)) * seen.height);
  return method === "occlusion" && most >= least ? say.covered(place, Math.exp(most)) : say.strongest(place);
}

/** The page's colour for what lies on photos: a canvas reads it, however it is written. @param {HTMLElement} element @returns {[number, number, number]} */
function colourOf(element) {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  if (!context) throw new Error("The browser has no 2D canvas to draw the map on.");
  context.fillStyle = getComputedStyle(element).getPropertyValue("--accent-on-photo");
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
