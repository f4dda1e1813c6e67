/**
 * The ways in: files, folder, camera, address, samples. Property: `compact` (pictures are there; only the buttons show),
 * `samplesOpen`. Events: `files-chosen` ({ files, folder }), `camera-open`, `url-open`, `samples-toggle`.
 */

import { emit, part } from "../dom.js";

export class PictureSources extends HTMLElement {
  #samples = part(this, "#toggle-samples", HTMLButtonElement);

  connectedCallback() {
    this.#picker("#choose-files", "#file-input", false);
    this.#picker("#choose-folder", "#folder-input", true);
    part(this, "#open-camera", HTMLButtonElement).addEventListener("click", () => emit(this, "camera-open"));
    part(this, "#open-url", HTMLButtonElement).addEventListener("click", () => emit(this, "url-open"));
    this.#samples.addEventListener("click", () => emit(this, "samples-toggle"));
  }

  focus() {
    part(this, "#choose-files", HTMLButtonElement).focus();
  }

  /** @param {boolean} compact */
  set compact(compact) {
    this.classList.toggle("compact", compact);
    this.#samples.hidden = !compact;
  }

  /** @param {boolean} open */
  set samplesOpen(open) {
    this.#samples.setAttribute("aria-expanded", String(open));
  }

  /** @param {string} button @param {string} input @param {boolean} folder */
  #picker(button, input, folder) {
    const field = part(this, input, HTMLInputElement);
    part(this, button, HTMLButtonElement).addEventListener("click", () => field.click());
    field.addEventListener("change", () => {
      const files = Array.from(field.files ?? []);
      field.value = ""; // the same file again must count
      if (files.length) emit(this, "files-chosen", { files, folder });
    });
  }
}

customElements.define("picture-sources", PictureSources);
