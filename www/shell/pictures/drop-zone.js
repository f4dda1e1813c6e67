/**
 * The whole page takes drops and pastes; this shows where a drop would go.
 * Events: `transfer` ({ transfer: DataTransfer }), to be read at once.
 */

import { emit } from "../dom.js";

/** @param {DataTransfer | null} transfer */
const carriesPicture = (transfer) => transfer !== null && ["Files", "text/uri-list"].some((type) => transfer.types.includes(type));

export class DropZone extends HTMLElement {
  /** Enters less leaves: each element under the pointer sends its own. */
  #depth = 0;

  connectedCallback() {
    window.addEventListener("dragenter", (event) => {
      if (!carriesPicture(event.dataTransfer)) return;
      event.preventDefault();
      this.#depth += 1;
      this.hidden = false;
    });
    window.addEventListener("dragover", (event) => {
      if (carriesPicture(event.dataTransfer)) event.preventDefault();
    });
    window.addEventListener("dragleave", (event) => {
      if (!carriesPicture(event.dataTransfer)) return;
      this.#depth -= 1;
      if (this.#depth <= 0) this.#close();
    });
    window.addEventListener("drop", (event) => {
      this.#close();
      if (!carriesPicture(event.dataTransfer)) return;
      event.preventDefault();
      emit(this, "transfer", { transfer: event.dataTransfer });
    });
    document.addEventListener("paste", (event) => {
      const transfer = event.clipboardData;
      const typing = event.target instanceof HTMLInputElement;
      if (!transfer || (typing && transfer.files.length === 0)) return;
      event.preventDefault();
      emit(this, "transfer", { transfer });
    });
  }

  #close() {
    this.#depth = 0;
    this.hidden = true;
  }
}

customElements.define("drop-zone", DropZone);
