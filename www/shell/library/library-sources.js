/**
 * The ways into a library: a folder, pictures or a zip, the samples.
 * Events: `library-folder`, `library-files` ({ files, folder }), `library-samples`.
 * Method: `pickFolder()`, where the browser has no better question.
 */

import { emit, part } from "../dom.js";

export class LibrarySources extends HTMLElement {
  #folder = part(this, "[type=file][webkitdirectory]", HTMLInputElement);
  #files = part(this, "[type=file]:not([webkitdirectory])", HTMLInputElement);

  connectedCallback() {
    part(this, ".folder", HTMLButtonElement).addEventListener("click", () => emit(this, "library-folder"));
    part(this, ".files", HTMLButtonElement).addEventListener("click", () => this.#files.click());
    // Only where there is nothing yet.
    this.querySelector(".samples")?.addEventListener("click", () => emit(this, "library-samples"));
    for (const field of [this.#folder, this.#files]) {
      field.addEventListener("change", () => {
        const files = Array.from(field.files ?? []);
        field.value = ""; // the same file again must count
        if (files.length) emit(this, "library-files", { files, folder: field === this.#folder });
      });
    }
  }

  focus() {
    part(this, ".folder", HTMLButtonElement).focus();
  }

  pickFolder() {
    this.#folder.click();
  }
}

customElements.define("library-sources", LibrarySources);
