/**
 * Sample pictures. Properties: `samples`, `open`. Event: `samples-add` ({ samples }).
 */

import { clone, emit, part, setText } from "../dom.js";

/** @typedef {import("./samples.js").Sample} Sample */

export class SampleStrip extends HTMLElement {
  #list = part(this, "ul", HTMLUListElement);
  /** @type {Sample[] | null} Null until the site said which it has; empty frames keep their room till then. */
  #samples = null;

  connectedCallback() {
    part(this, "#samples-all", HTMLButtonElement).addEventListener("click", () => emit(this, "samples-add", { samples: this.#samples ?? [] }));
  }

  /** @param {Sample[]} samples */
  set samples(samples) {
    this.#samples = samples;
    this.#list.replaceChildren(
      ...samples.map((sample) => {
        const item = clone("t-sample", HTMLLIElement);
        const image = part(item, "img", HTMLImageElement);
        image.src = sample.small.url;
        image.style.objectPosition = `${100 * sample.small.place}% 50%`;
        image.alt = sample.alt;
        setText(part(item, "span", HTMLElement), sample.title);
        part(item, "button", HTMLButtonElement).addEventListener("click", () => emit(this, "samples-add", { samples: [sample] }));
        return item;
      }),
    );
  }

  /** @param {boolean} open */
  set open(open) {
    this.hidden = !open || this.#samples?.length === 0;
  }
}

customElements.define("sample-strip", SampleStrip);
