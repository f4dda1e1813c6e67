/**
 * What a picture shows, phrase by phrase. Property: `content`. Events: `describe-mode` ({ mode }), `phrase-remove` and `phrase-forbid`
 * ({ phrase }), `describe-copy`, `describe-restore`.
 */

import { clone, emit, part, setText } from "../../../shell/dom.js";
import { say, text } from "../words.js";

/** @typedef {import("../../../../semblance.js").Description} Description */
/** @typedef {import("../../../../semblance.js").DescribeMode} DescribeMode */
/**
 * @typedef {object} Content
 * @property {DescribeMode} mode
 * @property {Description | null} description
 * @property {number} removed phrases that were taken out of this picture's
 * @property {string} waiting why there is none yet, in words
 */

export class DescribedPhrases extends HTMLElement {
  /** @type {Description | null} */
  #shown = null;
  #wired = false;

  connectedCallback() {
    if (this.#wired) return;
    this.#wired = true;
    part(this, "ol", HTMLElement).addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      const phrase = button?.closest("li")?.dataset.phrase;
      if (button && phrase !== undefined) emit(this, button.classList.contains("forbid") ? "phrase-forbid" : "phrase-remove", { phrase });
    });
  }

  /** @param {Content} content */
  set content({ mode, description, removed, waiting }) {
    for (const button of this.querySelectorAll("[data-mode]")) button.ariaPressed = String(/** @type {HTMLElement} */ (button).dataset.mode === mode);
    const line = part(this, ".text", HTMLElement);
    setText(line, description ? say.described(mode, description.text) : waiting);
    line.classList.toggle("waiting", !description);
    part(this, '[data-event="describe-copy"]', HTMLElement).hidden = !description;
    part(this, '[data-event="describe-restore"]', HTMLElement).hidden = removed === 0;
    setText(part(this, ".why", HTMLElement), description ? say.gains(mode, description.cosine) : "");
    if (this.#shown === description) return;
    this.#shown = description;
    this.#list(description, mode);
  }

  /** @param {Description | null} description @param {DescribeMode} mode */
  #list(description, mode) {
    const list = part(this, "ol", HTMLElement);
    const phrases = description?.phrases ?? [];
    // Against the largest of them, without the first one's, which is the cosine itself.
    const most = Math.max(1e-6, ...phrases.slice(1).map(({ gain }) => Math.abs(gain)));
    const focused = list.contains(document.activeElement);
    list.replaceChildren(
      ...phrases.map(({ phrase, bank, gain }, at) => {
        const item = clone("t-phrase", HTMLLIElement);
        item.dataset.phrase = phrase;
        setText(part(item, ".word", HTMLElement), phrase);
        setText(part(item, ".bank", HTMLElement), text[`bank.${bank}`]);
        setText(part(item, ".value", HTMLElement), at === 0 ? say.first(gain) : say.gain(gain));
        part(item, ".track", HTMLElement).style.setProperty("--value", String(at === 0 ? 1 : Math.min(1, Math.abs(gain) / most)));
        part(item, ".remove", HTMLElement).setAttribute("aria-label", say.remove(phrase));
        part(item, ".forbid", HTMLElement).setAttribute("aria-label", say.forbid(phrase));
        part(item, ".remove", HTMLElement).hidden = mode === "negative";
        return item;
      }),
    );
    if (focused) part(this, "[data-mode][aria-pressed=true]", HTMLElement).focus();
  }
}

customElements.define("described-phrases", DescribedPhrases);
