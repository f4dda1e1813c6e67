/** The view `organise`: order in a library of pictures. Events from its elements → state → elements; each part has its own. */

import { part, setText } from "../../shell/dom.js";
import { ResultGrid } from "../../shell/library/grid/result-grid.js";
import { LibraryElements } from "../../shell/library/elements.js";
import { Library } from "../../shell/library/library.js";
import { picked, selectionOf } from "../../shell/library/selection.js";
import { isEmpty } from "../../shell/library/state.js";
import { Thumbnails } from "../../shell/library/thumbnails.js";
import { download, zipped } from "../../shell/leaving.js";
import { ModelNote } from "../../shell/model/model-note.js";
import { Work } from "../../shell/work/work.js";
import { WorkLine } from "../../shell/work/work-line.js";
import { Duplicates } from "./duplicates/duplicates.js";
import { Groups } from "./groups/groups.js";
import { PictureTags } from "./tags/picture-tags.js";
import { Rules } from "./rules/rules.js";
import { Shop } from "./shop/shop.js";
import { ShownBar } from "./shown-bar.js";
import { initial, partNames, reduce } from "./state.js";
import { Tags } from "./tags/tags.js";
import { Video } from "./video/video.js";
import { say, text } from "./words.js";

/** @typedef {import("./state.js").PartName} PartName */

class Organise {
  #shell;
  #ui;
  #state = initial;
  #library;
  #thumbnails;
  #work;
  #rules;
  /** @type {Record<PartName, import("./part.js").Part>} */
  #parts;
  #started = false;
  /** The end of a range that is selected with Shift begins at the last one. */
  #picked = 0;

  /** @param {import("../../shell/view.js").Shell} shell @param {HTMLElement} root */
  constructor(shell, root) {
    this.#shell = shell;
    this.#ui = elementsOf(root);
    const dispatch = (/** @type {import("./state.js").Action} */ action) => this.#dispatch(action);
    this.#work = new Work(dispatch, shell.lost);
    this.#library = new Library({ shell, dispatch, getState: () => this.#state.library, onChanged: () => this.#changed() });
    this.#thumbnails = new Thumbnails(
      async (id) => (await this.#library.index?.thumbnail(id)) ?? null,
      (id, url) => {
        this.#ui.grid.loaded(id, url);
        shell.redraw();
      },
    );
    this.#ui.grid.thumbnails = (id) => this.#thumbnails.get(id);
    /** @type {import("./part.js").Needs} */
    const needs = {
      shell,
      index: () => this.#library.index,
      library: () => this.#state.library.name,
      work: this.#work,
      getState: () => this.#state,
      show: (chosen) => this.#show(chosen),
      acting: () => rules.acting,
      select: (ids) => this.#select(ids),
      originals: (ids) => this.#originals(ids),
      thumbnails: this.#thumbnails,
      ready: () => shell.clip() !== null && this.#library.index !== null && Boolean(this.#state.library.info?.pictures),
    };
    const rules = (this.#rules = new Rules(needs, root));
    const tags = new Tags(needs, root);
    this.#parts = { tags, duplicates: new Duplicates(needs, root), groups: new Groups(needs, root), rules, shop: new Shop(needs, root), video: new Video(needs, root) };
    this.#ui.picture.needs = { index: needs.index, tags, why: (id) => (this.#state.part === "rules" ? rules.why(id) : ""), thumbnails: this.#thumbnails };
    shell.on("model", () => {
      if (this.#started) this.#library.modelChanged();
      this.#changed();
    });
    root.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button?.dataset.part) this.#open(/** @type {PartName} */ (button.dataset.part));
      else if (button?.dataset.event) button.dispatchEvent(new CustomEvent(button.dataset.event, { bubbles: true, detail: { ...button.dataset } }));
    });
    shell.listen({ ...this.#ui.library.answers(this.#library), ...this.#table(), ...Object.assign({}, ...Object.values(this.#parts).map(({ handlers }) => handlers)) }, root);
  }

  /** @param {URLSearchParams} fields */
  open(fields) {
    const wanted = fields.get("part");
    const library = fields.get("library");
    if (partNames.some((name) => name === wanted)) this.#dispatch({ type: "part", part: /** @type {PartName} */ (wanted) });
    if (!this.#started) {
      this.#started = true;
      this.#library.start(library);
    } else if (library && library !== this.#state.library.name) this.#library.open(library);
    else this.#library.refresh().catch((error) => this.#shell.notice(error.message));
  }

  /** @param {PartName} name */
  #open(name) {
    this.#dispatch({ type: "part", part: name });
    this.#shell.address(new URLSearchParams(name === "tags" ? {} : { part: name }));
  }

  /** @param {import("../../shell/view.js").Given} given */
  take(given) {
    const files = [...given.loose, ...given.folders.flatMap(({ files }) => files)];
    if (files.some(({ path }) => /\.(gguf|safetensors)$/i.test(path))) return false;
    if (this.#parts[this.#state.part].take?.(given)) return true;
    if (files.length === 0) return false;
    this.#library.addGiven(given).catch((error) => this.#shell.notice(error.message));
    return true;
  }

  texts() {
    return this.#parts[this.#state.part].texts?.() ?? { labels: [], template: "{}" };
  }

  /** Other pictures are there, or another model answers. */
  #changed() {
    for (const part of Object.values(this.#parts)) part.changed();
    this.#shell.redraw();
  }

  /** @param {import("./state.js").Action} action */
  #dispatch(action) {
    const before = this.#state.library.name;
    this.#state = reduce(this.#state, action);
    if (before !== this.#state.library.name) {
      this.#work.stop();
      this.#thumbnails.clear();
      this.#ui.grid.forget();
      this.#state = reduce(this.#state, { type: "selected", selected: selectionOf(this.#state.library.name) });
    }
    this.#shell.redraw();
  }

  draw() {
    const ui = this.#ui;
    const { part: name, library, work, trouble, shown, selected } = this.#state;
    const { model } = this.#shell.getState();
    const empty = isEmpty(library);
    ui.note.model = model.running?.name ?? model.choice?.name ?? null;
    ui.library.draw(library, this.#shell.clip() !== null);
    // Films are no part of a library.
    if (name === "video") part(ui.root, ".results > library-sources", HTMLElement).hidden = true;
    for (const button of ui.parts) button.ariaPressed = String(button.dataset.part === name);
    for (const panel of ui.panels) panel.hidden = panel.dataset.panel !== name || (empty && name !== "video");
    ui.doing.work = work;
    ui.trouble.hidden = trouble === "";
    setText(ui.trouble, trouble);
    this.#parts[name].draw();
    const visible = shown !== null && !empty;
    ui.bar.content = { shown: visible ? shown : null, selected: selected.size, part: name, searchable: this.#shell.views.includes("search") };
    ui.grid.hidden = !visible;
    if (shown) ui.grid.content = { ids: shown.ids, standsOut: shown.values, standing: shown.ids.length, selected, veiled: shown.veiled };
    ui.picture.draw();
  }

  /**
   * What rules hide is left out but among their own hits, and what they blur is veiled.
   *
   * @param {import("./part.js").Chosen | null} chosen
   */
  #show(chosen) {
    if (!chosen) return this.#dispatch({ type: "shown", shown: null });
    const { hidden, blurred } = this.#rules.acting;
    const own = this.#state.part === "rules";
    const kept = Array.from(chosen.ids.keys()).filter((at) => own || !hidden.has(chosen.ids[at]));
    const { values = null } = chosen;
    const shown = {
      title: chosen.title,
      ids: Uint32Array.from(kept, (at) => chosen.ids[at]),
      values: values && Float32Array.from(kept, (at) => values[at]),
      veiled: own ? new Set([...hidden, ...blurred]) : blurred,
    };
    this.#dispatch({ type: "shown", shown });
  }

  /** @param {Iterable<number>} ids */
  #select(ids) {
    const selected = new Set(ids);
    selectionOf(this.#state.library.name, selected);
    this.#dispatch({ type: "selected", selected });
  }

  /** @param {ArrayLike<number>} ids */
  async #originals(ids) {
    const index = this.#library.index;
    if (!index) return [];
    const paths = (await index.facts(ids)).map(({ path }) => path);
    const files = await this.#library.originals.files(paths);
    if (files.length < paths.length) this.#shell.notice(say.missing(paths.length - files.length));
    return files;
  }

  /** @returns {import("../../shell/view.js").Handlers} */
  #table() {
    const shownIds = () => this.#state.shown?.ids ?? new Uint32Array(0);
    const chosen = () => Uint32Array.from(this.#state.selected);
    return {
      stop: () => this.#work.stop(),
      "results-seen": async ({ ids }) => {
        this.#thumbnails.want(ids);
        const facts = await this.#library.index?.facts(ids).catch(() => []);
        if (facts) this.#ui.grid.named(facts);
      },
      "result-open": ({ index }) => this.#ui.picture.open(shownIds(), index),
      "result-pick": ({ index, range }) => {
        const selected = picked(this.#state.selected, shownIds(), { index, range, last: this.#picked });
        this.#picked = index;
        this.#select(selected);
      },
      "shown-all": () => this.#select([...this.#state.selected, ...shownIds()]),
      "shown-none": () => this.#select([]),
      "shown-unveil": () => {
        const { shown } = this.#state;
        if (shown) this.#dispatch({ type: "shown", shown: { ...shown, veiled: new Set() } });
      },
      "shown-close": () => this.#dispatch({ type: "shown", shown: null }),
      "shown-selected": () => this.#show({ title: say.selected(this.#state.selected.size), ids: chosen() }),
      "shown-like": async () => {
        const index = this.#library.index;
        const ids = chosen();
        if (!index || ids.length === 0) return;
        const { ids: found } = await index.rank({ image: Array.from(ids.subarray(0, likeMost), (id) => ({ id })), k: 200 });
        const others = found.filter((id) => !this.#state.selected.has(id));
        this.#show({ title: say.like(ids.length), ids: others });
      },
      "shown-paths": async () => {
        const facts = (await this.#library.index?.facts(chosen())) ?? [];
        download(`${this.#state.library.name}.txt`, new Blob([facts.map(({ path }) => `${path}\n`).join("")], { type: "text/plain" }));
      },
      "shown-zip": async () => {
        const files = await this.#originals(chosen());
        if (files.length === 0) return;
        await this.#work.run(text["shown.packing"], async ({ onProgress }) => {
          const zip = await zipped(files.map(({ path, file }) => ({ name: path, file })), (done) => onProgress(done, files.length));
          download(`${this.#state.library.name}.zip`, zip);
        });
      },
      "shown-remove": async () => {
        const ids = Array.from(chosen());
        this.#select([]);
        await this.#library.remove(ids);
        this.#shell.notice(say.removed(ids.length));
      },
      "shown-search": () => {
        location.hash = `#/search?${new URLSearchParams({ library: this.#state.library.name })}`;
      },
    };
  }
}

/** More examples say nothing more of what is wanted, and each costs a pass. */
const likeMost = 32;

/** @param {HTMLElement} root */
function elementsOf(root) {
  const all = (/** @type {string} */ selector) => /** @type {HTMLElement[]} */ (Array.from(root.querySelectorAll(selector)));
  return {
    root,
    library: new LibraryElements(root),
    note: part(root, "model-note", ModelNote),
    parts: all(".parts button"),
    panels: all("[data-panel]"),
    doing: part(root, "work-line", WorkLine),
    trouble: part(root, ".results > .trouble", HTMLElement),
    bar: part(root, "shown-bar", ShownBar),
    grid: part(root, "result-grid", ResultGrid),
    picture: part(root, "picture-tags", PictureTags),
  };
}

/** @type {import("../../shell/view.js").ViewModule["mount"]} */
export const mount = (shell, root) => new Organise(shell, root);
