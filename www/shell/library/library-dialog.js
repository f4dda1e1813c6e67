/**
 * What is done with whole libraries. Method: `open()`, `close()`. Property: `content` (LibraryState).
 * Events: `library-new` ({ name }), `library-export` ({ format }), `library-import` ({ file }), `library-delete`.
 */

import { emit, part, setText } from "../dom.js";
import { say, text } from "./words.js";

export class LibraryDialog extends HTMLElement {
  #dialog = part(this, "dialog", HTMLDialogElement);
  #name = part(this, ".new-name", HTMLInputElement);
  #hint = part(this, ".new-hint", HTMLElement);
  #file = part(this, "[type=file]", HTMLInputElement);
  #delete = part(this, ".delete", HTMLButtonElement);
  #sure = part(this, ".sure", HTMLElement);
  /** @type {string[]} */
  #names = [];

  connectedCallback() {
    part(this, "[value=close]", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    part(this, ".new", HTMLButtonElement).addEventListener("click", () => this.#create());
    this.#name.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.#create();
    });
    for (const button of this.querySelectorAll("[data-format]")) {
      button.addEventListener("click", () => emit(this, "library-export", { format: /** @type {HTMLElement} */ (button).dataset.format }));
    }
    part(this, ".import", HTMLButtonElement).addEventListener("click", () => this.#file.click());
    this.#file.addEventListener("change", () => {
      const [file] = Array.from(this.#file.files ?? []);
      this.#file.value = ""; // the same file again must count
      if (file) emit(this, "library-import", { file });
    });
    this.#delete.addEventListener("click", () => {
      this.#sure.hidden = false;
      part(this.#sure, "button", HTMLButtonElement).focus();
    });
    part(this, ".yes", HTMLButtonElement).addEventListener("click", () => {
      this.#dialog.close();
      emit(this, "library-delete");
    });
    part(this, ".no", HTMLButtonElement).addEventListener("click", () => {
      this.#sure.hidden = true;
      this.#delete.focus();
    });
  }

  open() {
    this.#sure.hidden = true;
    this.#say(text["library.newHint"], false);
    this.#dialog.showModal();
    part(this, "h2", HTMLElement).focus();
  }

  close() {
    this.#dialog.close();
  }

  /** @param {import("./state.js").LibraryState} content */
  set content({ name, names, status, doing }) {
    this.#names = names;
    setText(part(this, ".what", HTMLElement), say.deleteLibrary(name));
    for (const button of this.querySelectorAll("[data-format]")) /** @type {HTMLButtonElement} */ (button).disabled = status !== "open" || doing !== "";
    part(this, ".import", HTMLButtonElement).disabled = doing !== "";
    this.#delete.disabled = name === "" || doing !== "";
    setText(part(this, ".doing", HTMLElement), doing);
  }

  #create() {
    const name = this.#name.value.trim();
    if (name === "" || this.#names.includes(name)) {
      this.#name.focus();
      return this.#say(name === "" ? text["library.nameMissing"] : say.nameTaken(name), true);
    }
    this.#name.value = "";
    this.#dialog.close();
    emit(this, "library-new", { name });
  }

  /** @param {string} hint @param {boolean} wrong */
  #say(hint, wrong) {
    setText(this.#hint, hint);
    this.#name.setAttribute("aria-invalid", String(wrong));
  }
}

customElements.define("library-dialog", LibraryDialog);
