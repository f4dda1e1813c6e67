/**
 * Facets and gaps: what is asked, and what was found. Property: `content`. Its `groups` and `products` are what the person wrote. Events:
 * `facet-open` ({ facet, label }), `gap-open` ({ id, product }).
 */

import { emit, part, setText } from "../../../shell/dom.js";
import { format } from "../../../shell/format.js";
import { say } from "../words.js";

export class ShopPanel extends HTMLElement {
  #groups = part(this, "#shop-groups", HTMLTextAreaElement);
  #products = part(this, "#shop-products", HTMLTextAreaElement);
  #need = part(this, ".need", HTMLElement);
  #facets = part(this, ".facets", HTMLElement);
  #fits = part(this, ".fits", HTMLUListElement);
  #missing = part(this, ".missing", HTMLElement);
  /** @type {unknown[]} */
  #shown = [];

  connectedCallback() {
    this.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button?.dataset.facet) emit(this, "facet-open", { facet: button.dataset.facet, label: button.dataset.label ?? null });
      else if (button?.dataset.product) emit(this, "gap-open", { id: Number(button.dataset.id), product: button.dataset.product });
    });
  }

  /** A line each: "colour: red, green, blue". */
  get groups() {
    return this.#groups.value.split("\n").flatMap((line) => {
      const [name, ...rest] = line.split(":");
      const labels = [...new Set(rest.join(":").split(",").map((label) => label.trim()).filter(Boolean))];
      return name.trim() && labels.length > 1 ? [{ name: name.trim(), labels, template: "a photo of a {} product" }] : [];
    });
  }

  get products() {
    return [...new Set(this.#products.value.split("\n").map((line) => line.trim()).filter(Boolean))];
  }

  /**
   * @param {{ ready: boolean, facets: import("../../../../semblance.js").Facets | null, fits: import("../../../../semblance.js").ProductFit[] | null,
   *   open: string, urlOf: (id: number) => string | null | undefined }} content
   */
  set content({ ready, facets, fits, open, urlOf }) {
    this.#need.hidden = ready;
    for (const button of this.querySelectorAll("button.primary")) /** @type {HTMLButtonElement} */ (button).disabled = !ready;
    for (const found of this.querySelectorAll("[data-found]")) /** @type {HTMLElement} */ (found).hidden = !(/** @type {HTMLElement} */ (found).dataset.found === "facets" ? facets : fits);
    if (this.#shown[0] !== facets || this.#shown[1] !== open) {
      this.#facets.replaceChildren(...(facets?.facets ?? []).map((facet) => this.#facet(facet, open)));
    }
    const urls = (fits ?? []).map(({ nearest }) => (nearest === null ? "" : (urlOf(nearest) ?? ""))).join();
    if (this.#shown[2] !== fits || this.#shown[3] !== urls) {
      this.#fits.replaceChildren(...(fits ?? []).map((fit) => this.#fit(fit, urlOf)));
      setText(this.#missing, fits ? say.gaps(fits.filter(({ shown }) => !shown).length, fits.length) : "");
    }
    this.#shown = [facets, open, fits, urls];
  }

  /** @param {import("../../../../semblance.js").Facets["facets"][number]} facet @param {string} open */
  #facet({ name, values, unsure }, open) {
    const section = document.createElement("section");
    const title = Object.assign(document.createElement("h3"), { textContent: name });
    const list = Object.assign(document.createElement("ul"), { className: "tags" });
    list.role = "list";
    const line = (/** @type {string | null} */ label, /** @type {string} */ words, /** @type {number} */ count) => {
      const button = Object.assign(document.createElement("button"), { type: "button", disabled: count === 0 });
      button.dataset.facet = name;
      if (label !== null) button.dataset.label = label;
      button.ariaPressed = String(JSON.stringify([name, label]) === open);
      button.append(words, " ", Object.assign(document.createElement("span"), { className: "number", textContent: format.count(count) }));
      const item = document.createElement("li");
      item.append(button);
      return item;
    };
    list.append(...values.map(({ label, ids }) => line(label, label, ids.length)), line(null, say.unsureShort(), unsure.length));
    section.append(title, list);
    return section;
  }

  /** @param {import("../../../../semblance.js").ProductFit} fit @param {(id: number) => string | null | undefined} urlOf */
  #fit({ product, shown, nearest }, urlOf) {
    const item = document.createElement("li");
    item.className = shown ? "" : "wrong";
    const button = Object.assign(document.createElement("button"), { type: "button", className: "small" });
    if (nearest !== null) {
      button.dataset.product = product;
      button.dataset.id = String(nearest);
      button.ariaLabel = say.nearest(product);
      const image = document.createElement("img");
      image.alt = "";
      const url = urlOf(nearest);
      if (url) image.src = url;
      button.append(image);
    }
    item.append(button, Object.assign(document.createElement("span"), { className: "word", textContent: product }), Object.assign(document.createElement("span"), { className: "number", textContent: say.isShown(shown) }));
    return item;
  }
}

customElements.define("shop-panel", ShopPanel);
