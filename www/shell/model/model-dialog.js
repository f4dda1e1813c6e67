/**
 * Choosing a model: the site's, a well-known one, any by its address, one from this machine, one that is stored. The
 * question that a choice may raise takes the list's place.
 * Properties: `content` (DialogContent), `known` (the catalogue). Methods: `open()`, `close()`.
 * Events: `model-choose` (ModelChoice), `model-files` ({ files }), `model-decline` (the question is not answered).
 */

import { clone, emit, part, setText } from "../dom.js";
import { format } from "../format.js";
import { say, text } from "./words.js";
import { modelAddress } from "../web-address.js";

/**
 * @typedef {import("./state.js").ModelState} ModelState
 * @typedef {import("../../../semblance.js").StoredModel} StoredModel
 * @typedef {{ id: string, title: string, parameters: number, goodFor: import("./words.js").TextKey }} KnownModel
 *
 * @typedef {object} DialogContent
 * @property {ModelState} model
 * @property {readonly StoredModel[]} stored
 */

export class ModelDialog extends HTMLElement {
  #dialog = part(this, "dialog", HTMLDialogElement);
  #title = part(this, "#model-title", HTMLElement);
  #back = part(this, "#offer-back", HTMLButtonElement);
  #url = part(this, "#model-url", HTMLInputElement);
  #hint = part(this, "#model-url-hint", HTMLElement);
  /** @type {readonly KnownModel[]} */
  #known = [];
  /** @type {DialogContent | null} */
  #content = null;

  connectedCallback() {
    part(this, "[value=close]", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    this.#back.addEventListener("click", () => emit(this, "model-decline"));
    this.#dialog.addEventListener("close", () => {
      if (this.#content?.model.question) emit(this, "model-decline");
    });
    for (const view of /** @type {const} */ (["choose", "stored"])) {
      part(this, `#models-${view}`, HTMLButtonElement).addEventListener("click", () => this.#show(view));
    }
    part(this, "#model-url-load", HTMLButtonElement).addEventListener("click", () => this.#chooseAddress());
    this.#url.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // else the button that gets the focus back is pressed
      this.#chooseAddress();
    });
    this.#picker("#model-file", "#model-file-input");
    this.#picker("#model-folder", "#model-folder-input");
  }

  open() {
    if (this.#dialog.open) return;
    this.#show("choose");
    this.#dialog.showModal();
    this.#title.focus();
  }

  close() {
    this.#dialog.close();
  }

  /** @param {readonly KnownModel[]} known */
  set known(known) {
    this.#known = known;
  }

  /** @param {DialogContent} content */
  set content(content) {
    const before = this.#content;
    this.#content = content;
    const { question, entries, running } = content.model;
    if (before?.stored !== content.stored || before.model.entries !== entries || before.model.running !== running) this.#render(content);
    if (before?.model.question === question) return;
    setText(this.#title, !question ? text["model.choose"] : question.kind === "scale" ? text["scale.title"] : question.choice.name);
    this.#back.hidden = question === null;
    part(this, ".choices", HTMLElement).hidden = question !== null;
    part(this, "model-offer", HTMLElement).hidden = question?.kind !== "offer";
    part(this, "scale-question", HTMLElement).hidden = question?.kind !== "scale";
    // Another step: it is read from its top.
    if (this.#dialog.open && before?.model.question?.kind !== question?.kind) this.#title.focus();
  }

  /** @param {"choose" | "stored"} view */
  #show(view) {
    for (const name of ["choose", "stored"]) {
      part(this, `#models-${name}`, HTMLButtonElement).setAttribute("aria-pressed", String(name === view));
    }
    part(this, "#model-choices", HTMLElement).hidden = view !== "choose";
    part(this, "model-shelf", HTMLElement).hidden = view !== "stored";
  }

  /** @param {DialogContent} content */
  #render({ model: { entries, running }, stored }) {
    setText(part(this, "#models-stored", HTMLButtonElement), say.shelfTab(stored.length));
    const site = entries.map(({ name, title, licence, parameters, dtype, bytes, stored }) => {
      const where = stored ? text["model.stored"] : say.needs(bytes);
      const choice = { name, model: name, bytes: stored ? null : bytes, address: name };
      return this.#row(title, say.modelFacts(licence, parameters, dtype), "", where, choice);
    });
    part(this, "#model-list", HTMLUListElement).replaceChildren(...site);
    if (site.length === 0) part(this, "#model-list", HTMLUListElement).append(text["model.none"]);
    const known = this.#known.map(({ id, title, parameters, goodFor }) => {
      const here = stored.find(({ source }) => source === id);
      const where = !here ? format.aboutParameters(parameters) : here.complete ? text["model.stored"] : say.here(here.present, here.bytes);
      return this.#row(title, text[goodFor], id, where, { name: id, model: id, bytes: null, address: id });
    });
    part(this, "#known-models", HTMLUListElement).replaceChildren(...known);
    for (const row of [...site, ...known]) {
      const runs = row.dataset.address === running?.address;
      part(row, "button", HTMLButtonElement).setAttribute("aria-current", String(runs));
      if (runs) setText(part(row, ".bytes", HTMLElement), text["model.running"]);
    }
  }

  /** @param {string} title @param {string} facts @param {string} id @param {string} where @param {import("./state.js").ModelChoice} choice */
  #row(title, facts, id, where, choice) {
    const row = clone("t-model", HTMLLIElement);
    row.dataset.address = choice.address ?? "";
    setText(part(row, "strong", HTMLElement), title);
    setText(part(row, ".facts", HTMLElement), facts);
    setText(part(row, ".bytes", HTMLElement), where);
    part(row, "button", HTMLButtonElement).title = id;
    part(row, "button", HTMLButtonElement).addEventListener("click", () => emit(this, "model-choose", choice));
    return row;
  }

  #chooseAddress() {
    const typed = this.#url.value.trim();
    const entry = this.#content?.model.entries.find(({ name }) => name === typed);
    const meant = entry ? { name: entry.name, model: entry.name } : modelAddress(typed);
    this.#url.setAttribute("aria-invalid", String(!meant));
    setText(this.#hint, text[meant ? "model.urlHint" : "model.urlInvalid"]);
    if (meant) emit(this, "model-choose", { ...meant, bytes: null, address: meant.model });
    else this.#url.focus();
  }

  /** @param {string} button @param {string} input */
  #picker(button, input) {
    const field = part(this, input, HTMLInputElement);
    part(this, button, HTMLButtonElement).addEventListener("click", () => field.click());
    field.addEventListener("change", () => {
      const files = Array.from(field.files ?? []);
      field.value = ""; // the same file again must count
      if (files.length) emit(this, "model-files", { files });
    });
  }
}

customElements.define("model-dialog", ModelDialog);
