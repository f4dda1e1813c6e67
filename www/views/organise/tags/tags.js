/** Tags for all pictures: found once, then taken by the precision that is aimed at and by what the person says of them. */

import { part } from "../../../shell/dom.js";
import { download } from "../../../shell/leaving.js";
import { say, text } from "../words.js";
import { byTag, folders, sidecars, toCsv, toJson } from "./export.js";
import { keepCorrections, keptCorrections } from "./kept.js";
import { TagsPanel } from "./tags-panel.js";

/** @typedef {import("../../../../semblance.js").Tagging} Tagging */
/** @typedef {import("../../../../semblance.js").TagSelection} TagSelection */
/** @typedef {import("../../../../semblance.js").TagCorrection} TagCorrection */

/** The slider is let go before the tags are counted anew. */
const settleMs = 120;
/** As far down as the slider goes, and by how much it is lowered. */
const leastAim = 0.3;
const aimStep = 0.1;

export class Tags {
  #needs;
  #panel;
  /** @type {Tagging | null} */
  #tagging = null;
  /** @type {TagSelection | null} */
  #selection = null;
  /** Of each tag its pictures, the likeliest first. @type {Map<string, { ids: Uint32Array, values: Float32Array }>} */
  #byTag = new Map();
  /** @type {TagCorrection[]} */
  #corrections = [];
  #precision = 0.8;
  #tag = "";
  #library = "";
  /** By whose vectors they are tagged. @type {unknown} */
  #clip = null;
  #settling = 0;
  #turn = 0;

  /** @param {import("../part.js").Needs} needs @param {HTMLElement} root */
  constructor(needs, root) {
    this.#needs = needs;
    this.#panel = part(root, "tags-panel", TagsPanel);
  }

  changed() {
    const library = this.#needs.library();
    const clip = this.#needs.shell.clip();
    // Pictures that come later are tagged the next time.
    if (library === this.#library && clip === this.#clip) return;
    this.#forget();
    this.#library = library;
    this.#clip = clip;
    keptCorrections(library).then((kept) => {
      if (library === this.#library) this.#corrections = kept;
    });
  }

  #forget() {
    this.#tagging?.free();
    this.#tagging = null;
    this.#selection = null;
    this.#byTag.clear();
    this.#tag = "";
  }

  draw() {
    const { library } = this.#needs.getState();
    this.#panel.content = {
      ready: this.#needs.ready(),
      pictures: library.info?.pictures ?? 0,
      tagged: this.#tagging?.ids.length ?? 0,
      precision: this.#precision,
      selection: this.#selection,
      tags: this.#byTag,
      tag: this.#tag,
      corrections: this.#corrections.length,
    };
  }

  texts() {
    return { labels: [...this.#byTag.keys()].slice(0, 20), template: "a photo of a {}" };
  }

  /** Of a picture that is looked at: its tags, and what was said of others. @param {number} id */
  of(id) {
    const given = this.#selection?.pictures.find((one) => one.id === id)?.tags ?? [];
    const said = new Map(this.#corrections.filter((one) => one.id === id).map(({ word, right }) => [word, right]));
    return { tagged: this.#tagging !== null, tags: given.map(({ word, probability }) => ({ word, probability, right: said.get(word) ?? null })), rejected: [...said].filter(([, right]) => !right).map(([word]) => word) };
  }

  get words() {
    return this.#tagging?.words.map(({ word }) => word) ?? [];
  }

  /** @param {number[]} ids @param {string} word @param {boolean | null} right null: as if nothing had been said */
  async correct(ids, word, right) {
    const other = new Set(ids);
    this.#corrections = this.#corrections.filter((one) => one.word !== word || !other.has(one.id));
    if (right !== null) this.#corrections.push(...ids.map((id) => ({ id, word, right })));
    keepCorrections(this.#library, this.#corrections);
    await this.#select();
  }

  async #find() {
    const index = this.#needs.index();
    if (!index) return;
    const words = this.#panel.words;
    const tagging = await this.#needs.work.run(text["tags.finding"], (way) => index.tag({ ...way, ...(words.length > 0 ? { words } : {}) }));
    this.#needs.shell.used();
    if (!tagging) return;
    this.#forget();
    this.#tagging = tagging;
    await this.#select();
    // Of few pictures nothing may be that sure: the aim goes down to where something is, and the slider shows it.
    while (this.#byTag.size === 0 && this.#precision > leastAim) {
      this.#precision = Math.max(leastAim, this.#precision - aimStep);
      await this.#select();
    }
    this.#needs.shell.announce(say.tagged(tagging.ids.length, this.#byTag.size));
  }

  async #select() {
    const tagging = this.#tagging;
    const turn = ++this.#turn;
    if (!tagging) return;
    const selection = await tagging.select({ precision: this.#precision, corrections: this.#corrections });
    if (turn !== this.#turn || tagging !== this.#tagging) return;
    this.#selection = selection;
    this.#byTag = byTag(selection);
    if (this.#tag) this.#show(this.#tag);
    this.#needs.shell.redraw();
  }

  /** @param {string} tag */
  #show(tag) {
    this.#tag = tag;
    const found = this.#byTag.get(tag) ?? { ids: new Uint32Array(0), values: new Float32Array(0) };
    this.#needs.show({ title: tag, ids: found.ids, values: found.values });
  }

  /** @param {boolean} right */
  async #judge(right) {
    const { selected, shown } = this.#needs.getState();
    if (!this.#tag || !shown) return;
    const ids = Array.from(selected.size > 0 ? shown.ids.filter((id) => selected.has(id)) : shown.ids);
    this.#needs.select([]);
    await this.correct(ids, this.#tag, right);
    this.#needs.shell.notice(say.judged(ids.length, this.#tag, right));
  }

  /** Paths of all tagged pictures with their tags, those that rules gave among them. */
  async #rows() {
    const index = this.#needs.index();
    const { tagged } = this.#needs.acting();
    const all = this.#selection?.pictures.map(({ id, tags }) => ({ id, tags: [...tags, ...(tagged.get(id) ?? [])] })) ?? [];
    const some = all.filter(({ tags }) => tags.length > 0);
    const facts = (await index?.facts(some.map(({ id }) => id))) ?? [];
    return facts.map(({ path }, at) => ({ id: some[at].id, path, tags: some[at].tags }));
  }

  /** @returns {import("../../../shell/view.js").Handlers} */
  get handlers() {
    const name = () => this.#needs.library();
    return {
      "tags-find": () => this.#find(),
      "tags-precision": ({ precision }) => {
        this.#precision = precision;
        clearTimeout(this.#settling);
        this.#settling = window.setTimeout(() => this.#select(), settleMs);
        this.#needs.shell.redraw();
      },
      "tag-open": ({ tag }) => this.#show(tag),
      "tag-right": () => this.#judge(true),
      "tag-wrong": () => this.#judge(false),
      "tags-forget": async () => {
        this.#corrections = [];
        keepCorrections(this.#library, []);
        await this.#select();
      },
      "tags-csv": async () => download(`${name()} tags.csv`, new Blob([toCsv(await this.#rows())], { type: "text/csv" })),
      "tags-json": async () => download(`${name()} tags.json`, new Blob([toJson(await this.#rows(), { precision: this.#precision, expected: this.#selection?.expected ?? null })], { type: "application/json" })),
      "tags-xmp": async () => download(`${name()} sidecars.zip`, await sidecars(await this.#rows(), this.#needs.shell.library)),
      "tags-folders": async () => {
        const rows = await this.#rows();
        const files = await this.#needs.originals(rows.map(({ id }) => id));
        const zip = await this.#needs.work.run(text["shown.packing"], ({ onProgress }) => folders(rows, files, onProgress));
        if (zip && files.length > 0) download(`${name()} by tag.zip`, zip);
      },
    };
  }
}
