/**
 * A result, large: what it is, how far it stands out, its neighbours, and where to go from here. Arrow keys walk.
 * Property: `content` (LargePicture or null). Events: `large-step` ({ by }), `large-close`, `large-more` ({ sign }),
 * `large-region`, `large-pick`, `large-neighbour` ({ id }), `large-original`.
 */

import { emit, part, setFacts, setText } from "../../../shell/dom.js";
import { say, text } from "../words.js";

/**
 * @typedef {object} LargePicture
 * @property {import("../../../../semblance.js").IndexedPicture} picture
 * @property {string | null} url
 * @property {boolean} original Its own file is shown, not the small picture that the library keeps.
 * @property {{ index: number, count: number } | null} place Among the results.
 * @property {{ cosine: number, standsOut: number, threshold: number } | null} score
 * @property {{ id: number, path: string, url: string | null }[]} neighbours Of its folder, itself among them.
 * @property {boolean} selected
 */

export class PictureDialog extends HTMLElement {
  #dialog = part(this, "dialog", HTMLDialogElement);
  #image = part(this, ".large", HTMLImageElement);
  #strip = part(this, ".neighbours ul", HTMLUListElement);

  connectedCallback() {
    part(this, "[value=close]", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("close", () => emit(this, "large-close"));
    this.#dialog.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (!button?.dataset.event) return;
      const { event, by, sign, id } = button.dataset;
      emit(this, event, { by: Number(by), sign: Number(sign), id: Number(id) });
    });
    this.#dialog.addEventListener("keydown", (event) => {
      const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
      if (by === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      emit(this, "large-step", { by });
    });
  }

  /** @param {LargePicture | null} content */
  set content(content) {
    if (!content) {
      if (this.#dialog.open) this.#dialog.close();
      return;
    }
    const { picture, url, original, place, score, neighbours, selected } = content;
    const file = picture.path.split("/").pop() ?? picture.path;
    setText(part(this, "h2", HTMLElement), file);
    this.#image.alt = file;
    if (url && this.#image.getAttribute("src") !== url) this.#image.src = url;
    this.#image.hidden = !url;
    // The room is the picture's before its file is here.
    this.#image.style.aspectRatio = picture.width ? `${picture.width} / ${picture.height}` : "auto";
    this.#image.style.setProperty("--ratio", picture.width ? String(picture.width / picture.height) : "1");
    part(this, ".small", HTMLElement).hidden = original;
    setText(part(this, ".place", HTMLElement), place ? say.place(place.index, place.count) : "");
    for (const [name, gone] of /** @type {[string, boolean][]} */ ([["before", !place || place.index === 0], ["after", !place || place.index === place.count - 1]])) {
      part(this, `#large-${name}`, HTMLButtonElement).disabled = gone;
    }
    setFacts(part(this, "dl", HTMLDListElement), [
      ...(score ? /** @type {[string, string][]} */ ([[text["large.standsOut"], say.standsOut(score.standsOut, score.threshold)], [text["large.cosine"], say.cosine(score.cosine)]]) : []),
      [text["large.path"], picture.path],
      [text["large.size"], say.size(picture.width, picture.height, picture.size)],
      ...(picture.taken ?? picture.modified ? /** @type {[string, string][]} */ ([[text[picture.taken === null ? "large.modified" : "large.taken"], say.day(picture.taken ?? picture.modified)]]) : []),
    ]);
    part(this, "#large-pick", HTMLButtonElement).setAttribute("aria-pressed", String(selected));
    if (!this.#dialog.open) {
      this.#dialog.showModal();
      part(this, "h2", HTMLElement).focus();
    }
    this.#showNeighbours(neighbours, picture.id);
  }

  /** @param {LargePicture["neighbours"]} neighbours @param {number} shown */
  #showNeighbours(neighbours, shown) {
    part(this, ".neighbours", HTMLElement).hidden = neighbours.length < 2;
    const key = neighbours.map(({ id, url }) => `${id} ${url}`).join() + shown;
    if (this.#strip.dataset.key === key) return;
    this.#strip.dataset.key = key;
    const focused = document.activeElement instanceof HTMLElement && this.#strip.contains(document.activeElement);
    const items = neighbours.map(({ id, path, url }) => {
      const item = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button", title: path });
      button.dataset.event = "large-neighbour";
      button.dataset.id = String(id);
      button.setAttribute("aria-label", path.split("/").pop() ?? path);
      if (id === shown) button.setAttribute("aria-current", "true");
      const image = Object.assign(document.createElement("img"), { alt: "", hidden: !url });
      if (url) image.src = url;
      button.append(image);
      item.append(button);
      return item;
    });
    this.#strip.replaceChildren(...items);
    const current = this.#strip.querySelector("[aria-current]");
    if (focused && current instanceof HTMLElement) current.focus();
    current?.scrollIntoView({ block: "nearest", inline: "center", behavior: "instant" });
  }
}

customElements.define("picture-dialog", PictureDialog);
