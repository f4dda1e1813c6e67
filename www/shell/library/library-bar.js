/**
 * Which library, what is in it, and what is being added. Property: `content` ({ state, hasModel }).
 * Events: `library-choose` ({ name }), `library-manage`, `library-retry`, `library-folder`, `library-files` ({ files, folder }),
 * `library-again`, `adding-pause`, `adding-resume`, `adding-dismiss`.
 */

import { emit, keepingFocus, part, setProgress, setText } from "../dom.js";
import { say as shared } from "../words.js";
import { say, text } from "./words.js";

/** @typedef {import("./state.js").LibraryState} LibraryState */
/** @typedef {import("./state.js").Adding} Adding */

/** Of pictures that could not be read, so many are listed. */
const listed = 200;

export class LibraryBar extends HTMLElement {
  #names = part(this, ".names", HTMLSelectElement);
  #facts = part(this, ".facts", HTMLElement);
  #error = part(this, ".trouble", HTMLElement);
  #retry = part(this, ".retry", HTMLButtonElement);
  #notes = part(this, ".notes", HTMLElement);
  #again = part(this, ".again", HTMLButtonElement);
  #adding = part(this, ".adding", HTMLElement);
  #pause = part(this, ".pause", HTMLButtonElement);
  #resume = part(this, ".resume", HTMLButtonElement);
  #dismiss = part(this, ".dismiss", HTMLButtonElement);
  #failed = part(this, ".failed", HTMLDetailsElement);
  /** @type {string[]} */
  #shown = [];

  connectedCallback() {
    this.#names.addEventListener("change", () => emit(this, "library-choose", { name: this.#names.value }));
    for (const [button, event] of /** @type {[HTMLButtonElement, string][]} */ ([
      [part(this, ".manage", HTMLButtonElement), "library-manage"],
      [this.#retry, "library-retry"],
      [this.#again, "library-again"],
      [this.#pause, "adding-pause"],
      [this.#resume, "adding-resume"],
      [this.#dismiss, "adding-dismiss"],
    ])) {
      button.addEventListener("click", () => emit(this, event));
    }
  }

  /** @param {{ state: LibraryState, hasModel: boolean }} content */
  set content({ state, hasModel }) {
    const { names, name, status, info, error, adding, reopenable } = state;
    const all = name === "" || names.includes(name) ? names : [...names, name];
    if (all.join("\n") !== this.#shown.join("\n")) {
      this.#shown = all;
      this.#names.replaceChildren(...all.map((one) => new Option(one, one)));
    }
    if (document.activeElement !== this.#names) this.#names.value = name;
    const waits = status === "opening" && !hasModel && !names.includes(name);
    setText(this.#facts, waits ? text["library.waits"] : status === "opening" ? text["library.opening"] : info ? say.library(info.pictures, info.bytes) : "");
    this.#error.hidden = status !== "failed";
    setText(part(this.#error, "span", HTMLElement), error);
    setText(this.#notes, info?.notes.join(" ") ?? "");
    this.#notes.hidden = this.#notes.textContent === "";
    part(this, ".ways", HTMLElement).hidden = status !== "open" || !info?.pictures;
    this.#again.hidden = !reopenable;
    keepingFocus(this, () => this.#showAdding(adding, hasModel), () => [this.#resume, this.#pause, this.#dismiss].find((button) => button.checkVisibility()) ?? this.#names);
  }

  /** @param {Adding | null} adding @param {boolean} hasModel */
  #showAdding(adding, hasModel) {
    this.#adding.hidden = adding === null;
    if (!adding) return;
    const { progress, status, error } = adding;
    const summary = error || describe(adding, hasModel);
    setText(part(this.#adding, ".summary", HTMLElement), summary);
    this.#adding.dataset.state = status;
    const bar = part(this.#adding, ".progress", HTMLElement);
    bar.classList.toggle("unknown", status === "working" && progress === null && hasModel);
    setProgress(bar, progress ? progress.done / Math.max(1, progress.total) : status === "working" ? null : 0, summary);
    bar.hidden = status === "done";
    const room = progress?.room;
    const foretold = part(this.#adding, ".room", HTMLElement);
    foretold.hidden = !room || room.enough || status === "done";
    setText(foretold, room && !room.enough ? say.room(room.needed, room.available ?? 0) : "");
    this.#pause.hidden = status !== "working";
    this.#resume.hidden = status !== "paused" && status !== "failed";
    this.#dismiss.hidden = status === "working";
    const failed = progress?.failed ?? [];
    this.#failed.hidden = failed.length === 0;
    if (failed.length === Number(this.#failed.dataset.count ?? 0)) return;
    this.#failed.dataset.count = String(failed.length);
    setText(part(this.#failed, ".title", HTMLElement), shared.failed(failed.length));
    const items = failed.slice(0, listed).map(({ path, message }) => Object.assign(document.createElement("li"), { textContent: `${path}: ${message}` }));
    part(this.#failed, "ul", HTMLUListElement).replaceChildren(...items);
  }
}

/** @param {Adding} adding @param {boolean} hasModel */
function describe({ progress, status }, hasModel) {
  if (!hasModel && status === "working") return text["adding.waits"];
  if (!progress) return text[status === "paused" ? "adding.paused" : "adding.looking"];
  const { done, total, rate, secondsLeft } = progress;
  if (status === "done") return say.added(progress);
  const how = status === "paused" ? [text["adding.paused"]] : rate === null ? [] : [say.rate(rate), ...(secondsLeft === null ? [] : [shared.left(secondsLeft * 1000)])];
  return [say.done(done, total), ...how].join(" · ");
}

customElements.define("library-bar", LibraryBar);

