/**
 * What a model takes, and whether it may be downloaded. Property: `question` (Question or null).
 * Events: `offer-accept`, `offer-again` (look once more), `offer-decline`.
 */

import { emit, keepingFocus, part, setFacts, setText } from "../dom.js";
import { say, text } from "./words.js";

/**
 * @typedef {import("./state.js").Question} Question
 * @typedef {import("../../../semblance.js").Offer} Offer
 */

export class ModelOffer extends HTMLElement {
  #lead = part(this, ".lead", HTMLElement);
  #facts = part(this, "dl", HTMLElement);
  #trouble = part(this, ".trouble", HTMLElement);
  #help = part(this, ".help", HTMLElement);
  #accept = part(this, "#offer-accept", HTMLButtonElement);
  #again = part(this, "#offer-again", HTMLButtonElement);
  /** @type {Question | null} */
  #question = null;

  connectedCallback() {
    for (const name of ["accept", "again", "decline"]) {
      part(this, `#offer-${name}`, HTMLButtonElement).addEventListener("click", () => emit(this, `offer-${name}`));
    }
  }

  /** @param {Question | null} question */
  set question(question) {
    if (question === this.#question || question?.kind !== "offer") return;
    this.#question = question;
    const { offer, message } = question;
    this.dataset.state = message ? "error" : !offer ? "looking" : offer.fits ? "fits" : "too-large";
    setText(this.#lead, message ? "" : offer ? (offer.title === question.choice.name ? "" : offer.title) : text["offer.looking"]);
    setFacts(this.#facts, message ? [] : facts(offer));
    setText(this.#trouble, message || (offer ? trouble(offer) : ""));
    setText(this.#help, offer && trouble(offer) ? text[offer.fits ? "offer.noRoom" : "offer.tooLarge"] : "");
    setText(this.#accept, !offer || offer.missing === 0 ? text["offer.load"] : isKept(offer) ? say.download(offer.missing) : say.downloadUnkept(offer.missing));
    this.#accept.disabled = !offer;
    const show = () => {
      this.#accept.hidden = message !== "" || offer?.fits === false;
      this.#again.hidden = message === "";
    };
    keepingFocus(this, show, () => part(this, "#offer-decline", HTMLButtonElement));
  }
}

/** @param {Offer} offer */
const isKept = ({ quota, keeps }) => quota.enough && keeps !== "memory";

/** Why it can't be loaded, or not kept. @param {Offer} offer */
function trouble({ name, fits, memory, memoryLimit, missing, quota }) {
  if (!fits) return say.tooLarge(name, memory, memoryLimit);
  return missing > 0 && !quota.enough ? say.noRoom(missing, quota.available) : "";
}

/** The same lines before they are known, so that nothing moves when they are. @param {Offer | null} offer @returns {[string, string][]} */
function facts(offer) {
  /** @param {(offer: Offer) => string} known @returns {string} */
  const value = (known) => (offer ? known(offer) : "…");
  return [
    [text["offer.download"], value(({ missing, bytes }) => (bytes === 0 ? text["offer.unknown"] : missing === 0 ? text["offer.nothing"] : say.toDownload(missing, bytes)))],
    [text["offer.memory"], value(({ memory, memoryLimit }) => (memory === null ? say.memoryUnknown(memoryLimit) : say.memory(memory, memoryLimit)))],
    [text["offer.parameters"], value(({ parameters, dtype }) => say.weights(parameters, dtype))],
    [text["offer.licence"], value(({ licence }) => licence || text["offer.unknown"])],
    [text["offer.from"], value(({ url, revision }) => say.from(url?.replace(/^https?:\/\//, "") ?? text["offer.file"], revision))],
    [text["offer.kept"], value(({ quota, keeps }) => text[`offer.kept.${keeps !== "memory" && !quota.enough ? "full" : keeps}`])],
    [text["offer.room"], value(({ quota }) => (quota.available === null ? text["offer.roomUnknown"] : say.room(quota.available)))],
  ];
}

customElements.define("model-offer", ModelOffer);
