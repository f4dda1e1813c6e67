/** What is wrong with the labels, looked for anew whenever they change, until it is closed. */

import { emit, part } from "../../../shell/dom.js";
import { LabelHints } from "./label-hints.js";
import { say } from "./words.js";

/** @typedef {import("../../../../semblance.js").LabelFinding} LabelFinding */
/** @typedef {import("../../../../semblance.js").LabelFix} LabelFix */

/** Typing is waited out. */
const pause = 500;

export class Hints {
  #shell;
  #chips;
  #asked;
  #list = new LabelHints();
  #timer = 0;
  /** @type {AbortController | null} */
  #running = null;
  /** What was found, and of which labels. @type {{ labels: string[], findings: LabelFinding[] }} */
  #found = { labels: [], findings: [] };
  /** What there is to say against labels, by label. @type {Map<string, string>} */
  doubts = new Map();

  /** @param {import("../../../shell/view.js").Shell} shell @param {HTMLElement} chips the labels, and where the list stands @param {() => Promise<import("../state.js").Asked>} asked */
  constructor(shell, chips, asked) {
    this.#shell = shell;
    this.#chips = chips;
    this.#asked = asked;
    this.#list.addEventListener("hint-fix", (event) => {
      this.#fix(/** @type {CustomEvent<LabelFix>} */ (event).detail).catch(({ message }) => shell.notice(message));
    });
    this.#list.addEventListener("hints-close", () => this.close());
  }

  open() {
    if (this.#list.isConnected) return;
    part(this.#chips, "#labels-check", HTMLElement).after(this.#list);
    this.#list.focus();
    this.#check();
  }

  close() {
    this.#running?.abort();
    clearTimeout(this.#timer);
    this.#list.remove();
    part(this.#chips, "#labels-check", HTMLElement).focus();
    this.#keep([], []);
  }

  /** Labels, template, model or pictures have. */
  changed() {
    clearTimeout(this.#timer);
    if (this.#list.isConnected) this.#timer = window.setTimeout(() => this.#check(), pause);
  }

  async #check() {
    clearTimeout(this.#timer);
    this.#running?.abort();
    const controller = (this.#running = new AbortController());
    const { signal } = controller;
    try {
      const { labels, words, prompts } = await this.#asked();
      const model = this.#shell.clip() ?? undefined;
      const { pictures } = this.#shell.getState();
      const images = pictures.flatMap(({ id, status }) => (status === "done" ? (this.#shell.vector(id) ?? []) : []));
      const findings = await this.#shell.library.checkLabels(words, { model, template: prompts, images: model && images, signal });
      if (this.#running !== controller || !this.#list.isConnected) return;
      this.#keep(labels, findings);
      this.#list.found = this.#found;
    } catch (error) {
      if (this.#running !== controller || signal.aborted) return;
      this.#keep([], []);
      this.#list.trouble = /** @type {Error} */ (error).message;
    }
  }

  /** @param {string[]} labels @param {LabelFinding[]} findings */
  #keep(labels, findings) {
    this.#found = { labels, findings };
    this.doubts = new Map();
    for (const { labels: places, message } of findings) {
      for (const place of places) this.doubts.set(labels[place], [this.doubts.get(labels[place]), message].filter(Boolean).join(" "));
    }
    this.#shell.redraw();
  }

  /** @param {LabelFix} fix of the labels that were checked */
  async #fix(fix) {
    const { labels } = await this.#asked();
    // They have changed meanwhile: what was found is no longer about them.
    if (JSON.stringify(labels) !== JSON.stringify(this.#found.labels)) return;
    const fixed = await this.#shell.library.applyFix(labels, fix);
    emit(this.#chips, "labels-change", { labels: fixed.map((label) => [label].flat().join(" | ")) });
    this.#shell.announce(say.applied(fix.title));
    await this.#check();
  }
}
