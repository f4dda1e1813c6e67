/**
 * Choosing a model: the site's, a file, or a bundle's address.
 * Properties: `entries` (ModelEntry[]), `running` (name or null). Methods: `open()`.
 * Event: `model-choose` ({ name, model, bytes }).
 */

import { clone, emit, part, setText } from "../dom.js";
import { say, text } from "../strings.js";

/** @typedef {import("../../semblance.js").ModelEntry} ModelEntry */

export class ModelDialog extends HTMLElement {
  #dialog = part(this, "dialog", HTMLDialogElement);
  #list = part(this, "#model-list", HTMLUListElement);
  #url = part(this, "#model-url", HTMLInputElement);
  #hint = part(this, "#model-url-hint", HTMLElement);
  #file = part(this, "#model-file-input", HTMLInputElement);
  /** @type {ModelEntry[]} */
  #entries = [];
  /** @type {string | null} */
  #running = null;

  connectedCallback() {
    part(this, "[value=close]", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    part(this, "#model-file", HTMLButtonElement).addEventListener("click", () => this.#file.click());
    part(this, "#model-url-load", HTMLButtonElement).addEventListener("click", () => this.#chooseUrl());
    this.#url.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // else the button that gets the focus back is pressed
      this.#chooseUrl();
    });
    this.#file.addEventListener("change", () => {
      const file = this.#file.files?.[0];
      this.#file.value = "";
      if (file) this.#choose({ name: file.name, model: file, bytes: file.size });
    });
  }

  open() {
    this.#render();
    this.#dialog.showModal();
  }

  /** @param {ModelEntry[]} entries */
  set entries(entries) {
    if (entries === this.#entries) return;
    this.#entries = entries;
    this.#render();
  }

  /** @param {string | null} name */
  set running(name) {
    this.#running = name;
  }

  #render() {
    this.#list.replaceChildren(
      ...this.#entries.map((entry) => {
        const item = clone("t-model", HTMLLIElement);
        setText(part(item, "strong", HTMLElement), entry.title);
        setText(part(item, ".facts", HTMLElement), say.modelFacts(entry.licence, entry.parameters, entry.dtype));
        const runs = entry.name === this.#running;
        const where = runs ? text["model.running"] : entry.stored ? text["model.stored"] : say.needs(entry.bytes);
        setText(part(item, ".bytes", HTMLElement), where);
        const button = part(item, "button", HTMLButtonElement);
        button.setAttribute("aria-current", String(runs));
        button.addEventListener("click", () => this.#choose({ name: entry.name, model: entry.name, bytes: entry.bytes }));
        return item;
      }),
    );
    if (this.#entries.length === 0) this.#list.append(text["model.none"]);
  }

  #chooseUrl() {
    const address = this.#url.value.trim();
    const valid = address !== "" && URL.canParse(address, location.href);
    this.#url.setAttribute("aria-invalid", String(!valid));
    setText(this.#hint, valid ? text["model.urlHint"] : say.badUrl(address || "…"));
    if (valid) this.#choose({ name: shortName(address), model: new URL(address, location.href).href, bytes: null });
  }

  /** @param {import("../state.js").ModelChoice} choice */
  #choose(choice) {
    this.#dialog.close();
    emit(this, "model-choose", choice);
  }
}

/** `…/clip/manifest.json` is "clip", `…/clip-q8.gguf` is "clip-q8.gguf"; else the address itself. @param {string} address */
function shortName(address) {
  const parts = new URL(address, location.href).pathname.split("/").filter(Boolean);
  return (parts.at(-1) === "manifest.json" ? parts.at(-2) : parts.at(-1)) ?? address;
}

customElements.define("model-dialog", ModelDialog);
