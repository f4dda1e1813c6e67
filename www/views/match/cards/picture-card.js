/**
 * One picture: thumbnail and bars, the best label large; or what went wrong. Method: `show(CardContent)`.
 * Events: `picture-remove` ({ id }), `why-ask` ({ id, card }).
 */

import { emit, part, setText } from "../../../shell/dom.js";
import { say, text } from "../words.js";

/**
 * @typedef {object} CardContent
 * @property {import("../../../shell/pictures/state.js").Picture} picture
 * @property {import("./score-bars.js").Bars | null} scores
 * @property {boolean} modelReady
 * @property {boolean} stopped
 */

export class PictureCard extends HTMLElement {
  /** @type {number | undefined} */
  #id;
  #wired = false;

  connectedCallback() {
    if (this.#wired) return;
    this.#wired = true;
    part(this, ".remove", HTMLButtonElement).addEventListener("click", () => emit(this, "picture-remove", { id: this.#id }));
    part(this, ".ask", HTMLButtonElement).addEventListener("click", () => emit(this, "why-ask", { id: this.#id, card: this }));
  }

  /** @param {CardContent} content */
  show({ picture, scores, modelReady, stopped }) {
    this.#id = picture.id;
    this.dataset.status = picture.status;
    this.setAttribute("aria-label", picture.name);
    this.dataset.id = String(picture.id);
    const failed = picture.status === "failed";
    this.#photo(picture);
    part(this, ".ask", HTMLButtonElement).hidden = failed || !scores || !modelReady;
    setText(part(this, ".name", HTMLElement), picture.name);
    part(this, ".name", HTMLElement).title = picture.name;
    setText(part(this, ".size", HTMLElement), picture.width ? say.size(picture.width, picture.height) : "");
    const error = part(this, ".error", HTMLElement);
    error.hidden = !failed;
    setText(error, picture.error);
    const status = part(this, ".status", HTMLElement);
    status.hidden = scores !== null && !failed;
    setText(status, failed ? text["card.failed"] : waiting(picture.status, modelReady, stopped));
    const bars = part(this, "score-bars", HTMLElement);
    bars.hidden = failed;
    /** @type {HTMLElement & { scores: import("./score-bars.js").Bars | null }} */ (bars).scores = failed ? null : scores;
  }

  /** @param {import("../../../shell/pictures/state.js").Picture} picture */
  #photo({ thumbnail, name, status }) {
    const image = part(this, "img", HTMLImageElement);
    if (thumbnail && image.getAttribute("src") !== thumbnail) image.src = thumbnail;
    image.hidden = !thumbnail;
    part(this, ".broken", SVGElement).toggleAttribute("hidden", status !== "failed" || thumbnail !== null);
    part(this, ".remove", HTMLButtonElement).setAttribute("aria-label", say.removePicture(name));
    part(this, ".ask", HTMLButtonElement).setAttribute("aria-label", say.why(name));
  }
}

/** @param {import("../../../shell/pictures/state.js").PictureStatus} status @param {boolean} modelReady @param {boolean} stopped */
function waiting(status, modelReady, stopped) {
  if (status === "looking") return text["card.looking"];
  if (status === "working") return text["card.working"];
  if (status === "done") return "";
  if (!modelReady) return text["card.waitingModel"];
  return text[stopped ? "card.stopped" : "card.waiting"];
}

customElements.define("picture-card", PictureCard);
