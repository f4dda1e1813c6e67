/** The same picture twice, bursts, and merely alike: sets, each with a suggestion which to keep. Nothing is deleted unasked. */

import { part } from "../../../shell/dom.js";
import { cell } from "../../../shell/csv.js";
import { download } from "../../../shell/leaving.js";
import { say, text } from "../words.js";
import { DuplicatesPanel } from "./duplicates-panel.js";
import { moveInto } from "./moving.js";

/** @typedef {import("../../../../semblance.js").DuplicateSet} DuplicateSet */
/** @typedef {import("../../../../semblance.js").DuplicateKind} Kind */

export class Duplicates {
  #needs;
  #panel;
  /** @type {DuplicateSet[] | null} */
  #sets = null;
  /** @type {Kind} */
  #kind = "same";
  #shownMost = 0;
  #library = "";

  /** @param {import("../part.js").Needs} needs @param {HTMLElement} root */
  constructor(needs, root) {
    this.#needs = needs;
    this.#panel = part(root, "duplicates-panel", DuplicatesPanel);
    this.#shownMost = this.#panel.portion;
  }

  changed() {
    const library = this.#needs.library();
    if (library === this.#library) return;
    this.#library = library;
    this.#sets = null;
  }

  draw() {
    const { library, selected } = this.#needs.getState();
    const shown = this.#ofKind().slice(0, this.#shownMost);
    this.#needs.thumbnails.want(shown.flatMap(({ ids }) => Array.from(ids.subarray(0, this.#panel.most))));
    this.#panel.content = {
      ready: this.#needs.index() !== null && Boolean(library.info?.pictures),
      pictures: library.info?.pictures ?? 0,
      sets: this.#sets,
      kind: this.#kind,
      shown,
      selected,
      urlOf: (id) => this.#needs.thumbnails.get(id),
    };
  }

  #ofKind() {
    return (this.#sets ?? []).filter(({ kind }) => kind === this.#kind);
  }

  /** What need not be kept. */
  get #others() {
    return this.#ofKind().flatMap(({ ids, keep }) => Array.from(ids).filter((id) => id !== keep));
  }

  /** @returns {import("../../../shell/view.js").Handlers} */
  get handlers() {
    const { work, shell, index, select, show, getState } = this.#needs;
    const chosen = () => Uint32Array.from(getState().selected);
    return {
      "duplicates-find": async () => {
        const library = index();
        if (!library) return;
        /** @type {DuplicateSet[] | null} */
        const found = await work.run(text["duplicates.finding"], (way) => library.duplicates(way));
        shell.used();
        if (!found) return;
        this.#sets = found;
        this.#kind = (/** @type {Kind[]} */ (["same", "burst", "alike"])).find((kind) => found.some((set) => set.kind === kind)) ?? "same";
        this.#shownMost = this.#panel.portion;
        shell.redraw();
        shell.announce(say.duplicates(found.filter(({ kind }) => kind === "same").length));
      },
      "duplicates-kind": ({ kind }) => {
        this.#kind = kind;
        this.#shownMost = this.#panel.portion;
        show(null);
        shell.redraw();
      },
      "duplicates-more": () => {
        this.#shownMost += this.#panel.portion;
        shell.redraw();
      },
      "duplicates-open": ({ at }) => {
        const set = this.#ofKind()[at];
        if (set) show({ title: say.set(set.kind), ids: set.ids });
      },
      "duplicates-toggle": ({ id }) => {
        const selected = new Set(getState().selected);
        if (!selected.delete(id)) selected.add(id);
        select(selected);
      },
      "duplicates-select": () => select(this.#others),
      "duplicates-list": async () => {
        const sets = this.#ofKind();
        const facts = (await index()?.facts(sets.flatMap(({ ids }) => Array.from(ids)))) ?? [];
        const pathOf = new Map(facts.map(({ id, path }) => [id, path]));
        const lines = sets.flatMap(({ ids, keep, kind, reason, evidence }, set) => Array.from(ids, (id, i) => [String(set + 1), kind, id === keep ? "keep" : "", cell(pathOf.get(id) ?? ""), id === keep ? reason : (evidence[i]?.reason ?? "")].join(",")));
        download(`${this.#library} duplicates.csv`, new Blob([["set,kind,keep,path,reason", ...lines, ""].join("\r\n")], { type: "text/csv" }));
      },
      "duplicates-move": async () => {
        const library = index();
        if (!library || chosen().length === 0) return shell.notice(text["duplicates.selectFirst"]);
        const facts = await library.facts(chosen());
        const moved = await work.run(text["duplicates.moving"], (way) => moveInto(facts.map(({ path }) => path), way));
        if (moved) shell.notice(say.moved(moved.moved, moved.failed));
      },
    };
  }
}
