/** The view `describe`: what does a picture show, and what can be asked about it? Events from its elements → state → elements. */

import { clone, part, setText } from "../../shell/dom.js";
import { download, toClipboard } from "../../shell/leaving.js";
import { selectionOf } from "../../shell/library/selection.js";
import { ModelNote } from "../../shell/model/model-note.js";
import { Work } from "../../shell/work/work.js";
import { WorkLine } from "../../shell/work/work-line.js";
import { QuestionPanel } from "./asking/question-panel.js";
import { BatchPanel } from "./batch/batch-panel.js";
import { batched } from "./batch/batch.js";
import { texts, toCsv, toJson } from "./batch/export.js";
import { Banks } from "./banks.js";
import { DescribedPhrases } from "./phrases/described-phrases.js";
import { say, text } from "./words.js";
import { Writing } from "./writing/writing.js";

/** @typedef {import("../../../semblance.js").Description} Description */
/** @typedef {import("../../../semblance.js").Answered} Answered */
/** @typedef {import("../../../semblance.js").DescribeMode} DescribeMode */
/** @typedef {import("../../shell/pictures/state.js").Picture} Picture */
/**
 * @typedef {object} DescribeState
 * @property {number | null} chosen a picture
 * @property {DescribeMode} mode
 * @property {Map<number, Description>} descriptions of pictures, in this mode and of these phrases
 * @property {Map<number, Set<string>>} removed phrases that were taken out of a picture's description
 * @property {Map<number, Answered>} answers to the last question
 * @property {string} wrong what is wrong with the question
 * @property {import("../../shell/work/work-line.js").Doing | null} work
 * @property {string} trouble
 * @property {string[]} libraries
 * @property {import("./batch/batch.js").Batch | null} batch
 */

class Describe {
  #shell;
  #ui;
  #work;
  #banks = new Banks();
  #writing;
  /** @type {DescribeState} */
  #state = { chosen: null, mode: "best", descriptions: new Map(), removed: new Map(), answers: new Map(), wrong: "", work: null, trouble: "", libraries: [], batch: null };
  /** One that is being made: a second one is not begun. */
  #describing = false;
  /** @type {number | undefined} */
  #typing;

  /** @param {import("../../shell/view.js").Shell} shell @param {HTMLElement} root */
  constructor(shell, root) {
    this.#shell = shell;
    this.#ui = elementsOf(root);
    this.#work = new Work((action) => this.#change(action.type === "work" ? { work: action.work } : { trouble: action.trouble }), shell.lost);
    this.#writing = new Writing(shell, root, () => this.#picture?.id ?? null);
    shell.on("model", () => this.#forget());
    shell.on("vectors", () => this.#describeChosen());
    shell.on("removed", (ids) => {
      for (const id of ids) for (const known of [this.#state.descriptions, this.#state.removed, this.#state.answers]) known.delete(id);
      shell.redraw();
    });
    this.#banks.restore().then(() => {
      this.#ui.own.value = this.#banks.kept.own;
      this.#forget();
    });
    this.#ui.own.addEventListener("input", () => {
      clearTimeout(this.#typing);
      this.#typing = window.setTimeout(() => this.#changeBanks({ own: this.#ui.own.value }), 600);
    });
    root.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button?.dataset.event) button.dispatchEvent(new CustomEvent(button.dataset.event, { bubbles: true, detail: { ...button.dataset } }));
    });
    this.#ui.strip.addEventListener("click", ({ target }) => {
      const id = target instanceof Element ? target.closest("li")?.dataset.id : undefined;
      if (id !== undefined) this.#choose(Number(id));
    });
    shell.listen({ ...this.#table(), ...this.#writing.handlers }, root);
  }

  /** @param {URLSearchParams} fields */
  open(fields) {
    const [library, words, question, selected] = [fields.get("library"), fields.get("words"), fields.get("question"), fields.has("selected")];
    if (question) this.#ui.question.question = question;
    this.#shell.library.indexes().then(
      (libraries) => {
        this.#change({ libraries });
        this.#ui.batch.content = this.#batchContent();
        if (library) this.#ui.batch.want({ library, selected, words: words ?? "" });
      },
      () => {},
    );
    this.#describeChosen();
  }

  texts() {
    const template = this.#state.answers.get(this.#state.chosen ?? -1)?.question.template ?? "{}";
    return { labels: this.#state.descriptions.get(this.#state.chosen ?? -1)?.phrases.map(({ phrase }) => phrase) ?? [], template };
  }

  /** @param {Partial<DescribeState>} change */
  #change(change) {
    this.#state = { ...this.#state, ...change };
    this.#shell.redraw();
  }

  /** Another model, other phrases or another mode: all is to be said anew. */
  #forget() {
    this.#work.stop();
    this.#change({ descriptions: new Map(), answers: new Map(), wrong: "" });
    this.#describeChosen();
  }

  /** @param {Partial<import("./banks.js").Kept>} change */
  #changeBanks(change) {
    this.#banks.change(change);
    this.#forget();
  }

  /** @returns {Picture | undefined} */
  get #picture() {
    const { pictures } = this.#shell.getState();
    const seen = pictures.filter(({ status }) => status !== "failed");
    return seen.find(({ id }) => id === this.#state.chosen) ?? seen[0];
  }

  /** @param {number} id */
  #choose(id) {
    if (id !== this.#state.chosen) this.#change({ chosen: id, wrong: "" });
    this.#describeChosen();
  }

  /** Phrases that must not come. @param {number} id of a picture, or none */
  #without(id) {
    return [...this.#banks.kept.forbidden, ...(this.#state.removed.get(id) ?? [])];
  }

  async #describeChosen() {
    const picture = this.#picture;
    const clip = this.#shell.clip();
    const vector = picture && this.#shell.vector(picture.id);
    if (!picture || !clip || !vector || this.#describing || this.#state.descriptions.has(picture.id)) return;
    const { mode, descriptions } = this.#state;
    this.#describing = true;
    const description = await this.#work.run(text["describe.phrases"], async (way) => {
      const banks = await this.#banks.of(this.#shell.library, clip);
      return clip.describe(vector, { mode, banks, without: this.#without(picture.id), ...way });
    });
    this.#describing = false;
    if (description) descriptions.set(picture.id, description);
    this.#shell.used();
    this.#shell.redraw();
    // Meanwhile another one may have been chosen, or the way changed.
    if (this.#picture !== picture || this.#state.descriptions !== descriptions) this.#describeChosen();
  }

  /** @param {{ question: string, template: string | null, answers: string[] | null }} asked */
  async #ask({ question, template, answers }) {
    const picture = this.#picture;
    const clip = this.#shell.clip();
    const vector = picture && this.#shell.vector(picture.id);
    if (!picture || !clip || !vector) return;
    this.#change({ wrong: "" });
    const answered = await this.#work.run(text["describe.statements"], async (way) => {
      try {
        return await clip.ask(vector, question, { ...(template !== null && { template }), ...(answers && { answers }), ...way });
      } catch (error) {
        const { name, message } = /** @type {Error} */ (error);
        if (name !== "TextError") throw error;
        this.#change({ wrong: message });
        return null;
      }
    });
    if (answered) this.#state.answers.set(picture.id, answered);
    this.#shell.used();
    this.#shell.redraw();
    this.#describeChosen();
  }

  draw() {
    const ui = this.#ui;
    const { mode, work, trouble, wrong, removed } = this.#state;
    const { model, pictures } = this.#shell.getState();
    const clip = this.#shell.clip();
    const picture = this.#picture;
    ui.note.model = model.running?.name ?? model.choice?.name ?? null;
    ui.none.hidden = pictures.length > 0;
    this.#writing.draw();
    this.#drawStrip(pictures, picture);
    this.#drawBanks();
    ui.work.work = work;
    ui.trouble.hidden = trouble === "";
    setText(ui.trouble, trouble);
    ui.one.hidden = !picture;
    ui.batch.content = this.#batchContent();
    if (!picture) return;
    const thumbnail = picture.thumbnail ?? "";
    if (ui.image.getAttribute("src") !== thumbnail && thumbnail) ui.image.src = thumbnail;
    ui.image.alt = picture.name;
    setText(ui.caption, picture.name);
    const seen = this.#shell.vector(picture.id) !== undefined;
    ui.phrases.content = {
      mode,
      description: this.#state.descriptions.get(picture.id) ?? null,
      removed: removed.get(picture.id)?.size ?? 0,
      waiting: text[clip ? "describe.looking" : "describe.noModel"],
    };
    ui.question.content = { answered: this.#state.answers.get(picture.id) ?? null, trouble: wrong, ready: clip !== null && seen };
  }

  /** @param {readonly Picture[]} pictures @param {Picture | undefined} chosen */
  #drawStrip(pictures, chosen) {
    const { strip } = this.#ui;
    const shown = pictures.filter(({ status }) => status !== "failed");
    while (strip.children.length > shown.length) strip.lastElementChild?.remove();
    shown.forEach(({ id, name, thumbnail }, at) => {
      const item = /** @type {HTMLElement} */ (strip.children[at] ?? strip.appendChild(clone("t-strip-picture", HTMLLIElement)));
      item.dataset.id = String(id);
      const button = part(item, "button", HTMLButtonElement);
      button.ariaPressed = String(id === chosen?.id);
      button.setAttribute("aria-label", say.choose(name));
      const image = part(item, "img", HTMLImageElement);
      if (thumbnail && image.getAttribute("src") !== thumbnail) image.src = thumbnail;
    });
  }

  #drawBanks() {
    const { instead, forbidden } = this.#banks.kept;
    for (const button of this.#ui.which) button.ariaPressed = String((button.dataset.which === "instead") === instead);
    this.#ui.forbidden.hidden = forbidden.length === 0;
    const list = part(this.#ui.forbidden, "ul", HTMLElement);
    if (list.children.length === forbidden.length && forbidden.every((phrase, at) => /** @type {HTMLElement} */ (list.children[at]).dataset.phrase === phrase)) return;
    list.replaceChildren(
      ...forbidden.map((phrase) => {
        const item = clone("t-forbidden", HTMLLIElement);
        item.dataset.phrase = phrase;
        setText(part(item, ".word", HTMLElement), phrase);
        const drop = part(item, ".drop", HTMLButtonElement);
        drop.setAttribute("aria-label", say.allow(phrase));
        drop.dataset.event = "phrase-allow";
        drop.dataset.phrase = phrase;
        return item;
      }),
    );
  }

  /** @returns {import("./batch/batch-panel.js").Content} */
  #batchContent() {
    const { batch, libraries } = this.#state;
    const onPage = this.#shell.getState().pictures.filter(({ id }) => this.#shell.vector(id)).length;
    const choices = libraries.map((name) => ({ name, selected: selectionOf(name).size }));
    return { onPage, libraries: choices, rows: batch?.rows ?? null, failed: batch?.failed ?? 0, ready: this.#shell.clip() !== null };
  }

  async #batch() {
    const clip = this.#shell.clip();
    if (!clip) return;
    const { mode } = this.#state;
    const batch = await this.#work.run(text["describe.batch"], async (way) => {
      const banks = await this.#banks.of(this.#shell.library, clip);
      return batched(this.#shell, clip, this.#ui.batch.wanted, { mode, banks, without: (id) => this.#without(id) }, way);
    });
    if (batch) this.#change({ batch });
    this.#shell.used();
    this.#describeChosen();
  }

  /** @param {string} ending @param {string} type @param {() => string} content */
  #save(ending, type, content) {
    download(`descriptions.${ending}`, new Blob([content()], { type }));
  }

  /** @returns {import("../../shell/view.js").Handlers} */
  #table() {
    const chosen = () => this.#picture?.id ?? -1;
    const described = () => this.#state.batch?.described ?? [];
    const again = () => {
      this.#state.descriptions.delete(chosen());
      this.#describeChosen();
    };
    return {
      stop: () => this.#work.stop(),
      "describe-mode": ({ mode }) => {
        this.#change({ mode });
        this.#forget();
      },
      "phrase-remove": ({ phrase }) => {
        const { removed } = this.#state;
        removed.set(chosen(), new Set([...(removed.get(chosen()) ?? []), phrase]));
        again();
      },
      "phrase-forbid": ({ phrase }) => {
        this.#changeBanks({ forbidden: [...this.#banks.kept.forbidden, phrase] });
        this.#shell.notice(say.forbidden(phrase));
      },
      "phrase-allow": ({ phrase }) => this.#changeBanks({ forbidden: this.#banks.kept.forbidden.filter((other) => other !== phrase) }),
      "describe-restore": () => {
        this.#state.removed.delete(chosen());
        again();
      },
      "describe-copy": async () => this.#shell.notice((await toClipboard(this.#state.descriptions.get(chosen())?.text ?? "")) ? say.copied() : say.copyFailed()),
      "banks-which": ({ which }) => this.#changeBanks({ instead: which === "instead" }),
      "question-ask": (asked) => this.#ask(asked),
      "batch-describe": () => this.#batch(),
      "batch-csv": () => this.#save("csv", "text/csv", () => toCsv(described(), this.#ui.batch.around)),
      "batch-json": () => this.#save("json", "application/json", () => toJson(described(), this.#ui.batch.around, { model: this.#state.batch?.model, mode: this.#state.batch?.mode })),
      "batch-txt": async () => download("descriptions.zip", await texts(described(), this.#ui.batch.around)),
    };
  }
}

/** @param {HTMLElement} root */
function elementsOf(root) {
  return {
    root,
    note: part(root, "model-note", ModelNote),
    none: part(root, ".none", HTMLElement),
    strip: part(root, ".strip", HTMLElement),
    own: part(root, "#banks-own", HTMLTextAreaElement),
    which: /** @type {HTMLElement[]} */ (Array.from(root.querySelectorAll("[data-which]"))),
    forbidden: part(root, ".forbidden", HTMLElement),
    work: part(root, "work-line", WorkLine),
    trouble: part(root, ".results > .trouble", HTMLElement),
    one: part(root, ".one", HTMLElement),
    image: part(root, ".stage img", HTMLImageElement),
    caption: part(root, "figcaption", HTMLElement),
    phrases: part(root, "described-phrases", DescribedPhrases),
    question: part(root, "question-panel", QuestionPanel),
    batch: part(root, "batch-panel", BatchPanel),
  };
}

/** @type {import("../../shell/view.js").ViewModule["mount"]} */
export const mount = (shell, root) => new Describe(shell, root);
