/** A picture by its address. Method: `open()`. Event: `address-entered` ({ address }). */

import { emit, part, setText } from "../dom.js";
import { text } from "./words.js";
import { webAddress } from "../web-address.js";

export class UrlDialog extends HTMLElement {
  #dialog = part(this, "dialog", HTMLDialogElement);
  #input = part(this, "#url-input", HTMLInputElement);
  #hint = part(this, "#url-hint", HTMLElement);

  connectedCallback() {
    part(this, "[value=close]", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    part(this, "#url-add", HTMLButtonElement).addEventListener("click", () => this.#enter());
    this.#input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // else the button that gets the focus back is pressed
      this.#enter();
    });
  }

  open() {
    this.#input.value = "";
    this.#show(true);
    this.#dialog.showModal();
    this.#input.focus();
  }

  #enter() {
    const address = webAddress(this.#input.value);
    this.#show(address !== null);
    if (address === null) return;
    this.#dialog.close();
    emit(this, "address-entered", { address });
  }

  /** @param {boolean} valid */
  #show(valid) {
    this.#input.setAttribute("aria-invalid", String(!valid));
    setText(this.#hint, text[valid ? "url.hint" : "url.invalid"]);
  }
}

customElements.define("url-dialog", UrlDialog);
