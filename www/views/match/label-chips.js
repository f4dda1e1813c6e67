/**
 * Labels as chips. Properties: `labels` (at first those of the markup), `cut`, `doubts`. Events: `labels-change` ({ labels }), to
 * be answered with `labels` at once: the focus goes on from there; `labels-check`.
 */

import { clone, emit, part, setText } from "../../shell/dom.js";
import { say, text } from "./words.js";

const separator = /[,;\n\r\t]+/;

/** @param {string} typed */
const split = (typed) => typed.split(separator).map((label) => label.trim().replace(/\s+/g, " ")).filter(Boolean);

export class LabelChips extends HTMLElement {
  #list = part(this, "ul", HTMLUListElement);
  #labels = Array.from(this.#list.children, (chip) => part(chip, ".label", HTMLElement).textContent ?? "");
  #input = part(this, "#labels-input", HTMLInputElement);
  #clear = part(this, "#labels-clear", HTMLButtonElement);

  connectedCallback() {
    this.#fill();
    this.#input.addEventListener("keydown", (event) => this.#onInputKey(event));
    this.#input.addEventListener("input", () => {
      if (this.#input.value.includes(",")) this.#commit();
    });
    this.#input.addEventListener("paste", (event) => {
      const pasted = event.clipboardData?.getData("text/plain") ?? "";
      if (!separator.test(pasted.trim())) return;
      event.preventDefault();
      this.#add(split(`${this.#input.value} ${pasted}`));
      this.#input.value = "";
    });
    this.#input.addEventListener("change", () => this.#commit());
    this.#list.addEventListener("keydown", (event) => this.#onChipKey(event));
    this.#list.addEventListener("dblclick", (event) => this.#edit(this.#indexOf(event.target)));
    this.#list.addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest(".drop")) this.#remove(this.#indexOf(event.target));
    });
    this.#clear.addEventListener("click", () => {
      this.#change([]);
      this.#input.focus();
    });
    part(this, "#labels-check", HTMLButtonElement).addEventListener("click", () => emit(this, "labels-check"));
    part(this, ".box", HTMLElement).addEventListener("click", (event) => {
      if (event.target === event.currentTarget || event.target === this.#list) this.#input.focus();
    });
  }

  get labels() {
    return this.#labels;
  }

  set labels(labels) {
    if (labels === this.#labels) return;
    this.#labels = labels;
    this.#fill();
  }

  #fill() {
    const labels = this.#labels;
    while (this.#list.children.length > labels.length) this.#list.lastElementChild?.remove();
    while (this.#list.children.length < labels.length) this.#list.append(clone("t-chip", HTMLLIElement));
    labels.forEach((label, i) => {
      setText(part(this.#list.children[i], ".label", HTMLElement), label);
      // One stop for Tab; the arrow keys go on from there.
      part(this.#list.children[i], ".word", HTMLButtonElement).tabIndex = i === 0 ? 0 : -1;
      part(this.#list.children[i], ".drop", HTMLElement).setAttribute("aria-label", say.removeLabel(label));
    });
    this.#clear.hidden = labels.length === 0;
  }

  /** Which labels the model had to cut. @param {Set<string>} labels */
  set cut(labels) {
    this.#labels.forEach((label, i) => {
      const mark = part(this.#list.children[i], ".mark", HTMLElement);
      mark.hidden = !labels.has(label);
      setText(mark, labels.has(label) ? text["labels.cut"] : "");
    });
  }

  /** What there is to say against labels, by label. @param {Map<string, string>} doubts */
  set doubts(doubts) {
    this.#labels.forEach((label, i) => {
      const word = part(this.#list.children[i], ".word", HTMLButtonElement);
      const doubt = doubts.get(label) ?? "";
      word.classList.toggle("doubted", doubt !== "");
      if (word.title !== doubt) word.title = doubt;
    });
  }

  /** @param {string[]} labels */
  #change(labels) {
    emit(this, "labels-change", { labels });
  }

  /** @param {string[]} added @param {string[]} [before] @param {string[]} [after] */
  #add(added, before = this.#labels, after = []) {
    this.#change([...before, ...added, ...after]);
  }

  #commit() {
    const added = split(this.#input.value);
    this.#input.value = "";
    if (added.length) this.#add(added);
  }

  /** @param {number} index */
  #remove(index) {
    this.#change(this.#labels.filter((_, i) => i !== index));
    this.#focus(Math.min(index, this.#labels.length - 1));
  }

  /** @param {number} index Past the last chip is the field. */
  #focus(index) {
    if (index < 0 || index >= this.#labels.length) this.#input.focus();
    else part(this.#list.children[index], ".word", HTMLButtonElement).focus();
  }

  /** @param {EventTarget | null} target */
  #indexOf(target) {
    const chip = target instanceof Element ? target.closest(".chip") : null;
    return chip ? Array.from(this.#list.children).indexOf(chip) : -1;
  }

  /** @param {KeyboardEvent} event */
  #onInputKey(event) {
    const atStart = this.#input.selectionStart === 0 && this.#input.selectionEnd === 0;
    if (event.isComposing) return;
    if (event.key === "Enter") this.#commit();
    else if (event.key === "Backspace" && atStart && this.#input.value === "") this.#remove(this.#labels.length - 1);
    else if (event.key === "ArrowLeft" && atStart) this.#focus(this.#labels.length - 1);
    else return;
    event.preventDefault();
    if (event.key === "Backspace") this.#input.focus();
  }

  /** @param {KeyboardEvent} event */
  #onChipKey(event) {
    if (event.target instanceof HTMLInputElement) return;
    const index = this.#indexOf(event.target);
    const moves = { ArrowLeft: index - 1, ArrowRight: index + 1, ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: this.#labels.length };
    const onWord = event.target instanceof Element && event.target.matches(".word");
    if (event.key in moves) {
      const to = moves[/** @type {keyof typeof moves} */ (event.key)];
      this.#focus(Math.max(0, to));
    } else if (event.key === "Backspace" || event.key === "Delete") this.#remove(index);
    else if (event.key === "F2" || (event.key === "Enter" && onWord)) this.#edit(index);
    else return;
    event.preventDefault();
  }

  /** @param {number} index */
  #edit(index) {
    if (index < 0) return;
    const chip = /** @type {HTMLElement} */ (this.#list.children[index]);
    if (chip.querySelector(".edit")) return;
    const field = clone("t-chip-edit", HTMLInputElement);
    field.value = this.#labels[index];
    chip.classList.add("editing");
    chip.append(field);
    field.select();
    field.focus();
    let open = true;
    const close = (/** @type {boolean} */ keep) => {
      if (!open) return; // taking the field away blurs it, which closes it
      open = false;
      chip.classList.remove("editing");
      field.remove();
      if (keep) this.#add(split(field.value), this.#labels.slice(0, index), this.#labels.slice(index + 1));
    };
    field.addEventListener("blur", () => close(true));
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
      event.preventDefault();
      event.stopPropagation();
      close(event.key === "Enter");
      this.#focus(Math.min(index, this.#labels.length - 1));
    });
  }
}

customElements.define("label-chips", LabelChips);
