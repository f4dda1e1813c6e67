/** The view `search`: find any picture by words, by another picture, or by both. Events from its elements → state → elements. */

import { part } from "../../shell/dom.js";
import { ResultGrid } from "../../shell/library/grid/result-grid.js";
import { LibraryElements } from "../../shell/library/elements.js";
import { Library } from "../../shell/library/library.js";
import { picked, selectionOf } from "../../shell/library/selection.js";
import { isEmpty } from "../../shell/library/state.js";
import { Thumbnails } from "../../shell/library/thumbnails.js";
import { text as ofLibraries } from "../../shell/library/words.js";
import { download, toClipboard, zipped } from "../../shell/leaving.js";
import { ModelNote } from "../../shell/model/model-note.js";
import { fetchPicture } from "../../shell/pictures/address.js";
import { fromFields, teachAddress, teachMost, toFields } from "./address.js";
import { CropDialog } from "./query/crop-dialog.js";
import { Finder } from "./query/finder.js";
import { keepQueries, keptQueries } from "./query/kept.js";
import { newPart, QueryBox } from "./query/query-box.js";
import { QueryFilters } from "./query/query-filters.js";
import { RecentQueries } from "./query/recent-queries.js";
import { Large } from "./results/large.js";
import { toCsv, toJson } from "./results/lists.js";
import { PictureDialog } from "./results/picture-dialog.js";
import { ResultHead } from "./results/result-head.js";
import { SelectionBar } from "./results/selection-bar.js";
import { asks, initial, reduce, standing, words } from "./state.js";
import { say } from "./words.js";

const recentMost = 12;
const speakAfter = 900;

class Search {
  #shell;
  #ui;
  #state;
  #library;
  #finder;
  #thumbnails;
  #large;
  #started = false;
  #speaking = 0;
  /** The end of a range that is selected with Shift begins at the last one. */
  #picked = 0;
  /** What is being done with the selection, in words. */
  #doing = "";

  /** @param {import("../../shell/view.js").Shell} shell @param {HTMLElement} root */
  constructor(shell, root) {
    this.#shell = shell;
    this.#ui = elementsOf(root);
    this.#state = initial(this.#ui.template.value);
    if (!shell.views.includes("describe")) part(root, "[data-event=selected-describe]", HTMLElement).remove();
    if (!shell.views.includes("teach")) part(root, "[data-event=selected-teach]", HTMLElement).remove();
    const getState = () => this.#state;
    const dispatch = (/** @type {import("./state.js").Action} */ action) => this.#dispatch(action);
    this.#library = new Library({ shell, dispatch, getState: () => this.#state.library, onChanged: () => void this.#finder.run() });
    const index = () => this.#library.index;
    this.#finder = new Finder({ getState, dispatch, index, embed: (picture) => this.#embed(picture), onLost: shell.lost });
    this.#thumbnails = new Thumbnails(
      async (id) => (await index()?.thumbnail(id)) ?? null,
      (id, url) => {
        this.#ui.grid.loaded(id, url);
        this.#large.redraw();
      },
    );
    this.#large = new Large({
      dialog: this.#ui.large,
      index,
      originals: () => this.#library.originals,
      thumbnails: this.#thumbnails,
      results: () => ({ ids: this.#ids, ranking: this.#state.ranking, selected: this.#state.selected }),
      notice: shell.notice,
    });
    this.#ui.grid.thumbnails = (id) => this.#thumbnails.get(id);
    shell.on("model", () => {
      this.#finder.modelChanged();
      if (this.#started) this.#library.modelChanged();
    });
    shell.listen({ ...this.#ui.library.answers(this.#library), ...this.#onQuery(), ...this.#onResults(), ...this.#onLarge() }, root);
    this.#ui.template.addEventListener("change", () => this.#query({ template: this.#ui.template.value }));
  }

  /** @param {URLSearchParams} fields */
  open(fields) {
    const { library, query } = fromFields(fields);
    if (query) this.#query({ ...query, parts: query.parts.map(newPart) });
    if (!this.#started) this.#start(library);
    else if (library && library !== this.#state.library.name) this.#library.open(library);
    else this.#library.refresh().catch((error) => this.#shell.notice(error.message));
    // Another view may have selected others.
    if (this.#started) this.#dispatch({ type: "selected", ids: selectionOf(this.#state.library.name) });
  }

  /** @param {string | null} library */
  async #start(library) {
    this.#started = true;
    this.#dispatch({ type: "recent", recent: await keptQueries() });
    await this.#library.start(library);
  }

  /** @param {import("../../shell/view.js").Given} given */
  take(given) {
    // A model is the shell's.
    if ([given.loose, ...given.folders.map(({ files }) => files)].flat().some(({ path }) => /\.(gguf|safetensors)$/i.test(path))) return false;
    const pictures = given.loose.filter(({ file }) => !/\.zip$/i.test(file.name));
    // One picture is looked for; everything else is for the library.
    if (given.address) this.#byAddress(given.address);
    else if (given.folders.length === 0 && given.loose.length === 1 && pictures.length === 1 && this.#state.library.info?.pictures) this.#byPicture(pictures[0].file, pictures[0].file.name);
    else if (given.folders.length > 0 || given.loose.length > 0) this.#library.addGiven(given).catch((error) => this.#shell.notice(error.message));
    return true;
  }

  texts() {
    const { parts, typed, template } = this.#state.query;
    const labels = [...parts.filter(({ image }) => image === null).map(({ name }) => name), words(typed).text].filter(Boolean);
    return { labels, template };
  }

  /** @param {import("./state.js").Action} action */
  #dispatch(action) {
    const before = this.#state;
    this.#state = reduce(before, action);
    if (action.type === "selected") selectionOf(this.#state.library.name, this.#state.selected);
    if (before.library.name !== this.#state.library.name) {
      this.#thumbnails.clear();
      this.#ui.grid.forget();
      this.#state = reduce(this.#state, { type: "selected", ids: selectionOf(this.#state.library.name) });
    }
    if (action.type === "ranking") this.#announceSoon();
    this.#shell.redraw();
  }

  get #ids() {
    return this.#state.ranking?.ids ?? this.#finder.all;
  }

  draw() {
    const ui = this.#ui;
    const state = this.#state;
    const { ranking, line, selected, library, query } = state;
    const { model } = this.#shell.getState();
    const empty = isEmpty(library);
    const ids = this.#ids;
    const standingNow = standing(state);
    ui.note.model = model.running?.name ?? model.choice?.name ?? null;
    ui.library.draw(library, this.#shell.clip() !== null);
    ui.query.query = query;
    if (document.activeElement !== ui.template) ui.template.value = query.template;
    ui.filters.folders = library.folders;
    ui.filters.where = query.where;
    ui.recent.recent = empty ? [] : state.recent;
    for (const element of [ui.query, ui.filters]) element.hidden = empty;
    ui.head.hidden = empty || (ids.length === 0 && !ranking && !state.searchError);
    ui.grid.hidden = empty;
    ui.head.content = { ranking, line, standing: standingNow, pictures: ids.length, error: state.searchError };
    ui.link.hidden = !asks(query);
    ui.selection.content = { selected: selected.size, standing: ranking ? standingNow : 0, doing: this.#doing };
    ui.grid.content = { ids, standsOut: ranking?.standsOut ?? null, standing: standingNow, selected };
    this.#large.draw();
  }

  /** @param {Partial<import("./state.js").Query>} change */
  #query(change) {
    this.#dispatch({ type: "query", change });
    this.#finder.queryChanged();
  }

  /** @param {Blob} picture */
  async #embed(picture) {
    const clip = this.#shell.clip();
    if (!clip) throw new Error(ofLibraries["adding.waits"]);
    const [vector] = await clip.embedImages([picture]);
    return vector;
  }

  /** @param {Blob} image @param {string} name @param {Partial<import("./state.js").Part>} [more] */
  #byPicture(image, name, more) {
    this.#query({ parts: [...this.#state.query.parts, newPart({ name: name || say.picture(), image, preview: URL.createObjectURL(image), ...more })] });
    scrollTo({ top: 0, behavior: "instant" });
  }

  /** @param {string} address */
  async #byAddress(address) {
    const found = await fetchPicture(address).catch((error) => this.#shell.notice(error.message));
    if (!found) return;
    if (found instanceof Blob) return this.#byPicture(found, address.split("/").pop() ?? "");
    const canvas = new OffscreenCanvas(found.naturalWidth, found.naturalHeight);
    canvas.getContext("2d")?.drawImage(found, 0, 0);
    this.#byPicture(await canvas.convertToBlob(), address.split("/").pop() ?? "");
  }

  /** A query that was entered, or whose results were looked at, is one of the last. */
  #remember() {
    const { parts, typed, template } = this.#state.query;
    const own = parts.filter(({ image }) => image === null).map(({ name, sign, weight }) => ({ text: name, sign, weight }));
    const { text: last, sign } = words(typed);
    const all = sign === 0 ? own : [...own, { text: last, sign, weight: 1 }];
    if (all.length === 0) return;
    const same = (/** @type {import("./state.js").Recent} */ one) => say.query(one.words) === say.query(all);
    const recent = [{ words: all, template }, ...this.#state.recent.filter((one) => !same(one))].slice(0, recentMost);
    this.#dispatch({ type: "recent", recent });
    keepQueries(recent);
  }

  #announceSoon() {
    clearTimeout(this.#speaking);
    this.#speaking = window.setTimeout(() => {
      if (this.#ui.head.checkVisibility()) this.#shell.announce(part(this.#ui.head, "h2", HTMLElement).textContent ?? "");
    }, speakAfter);
  }

  /** @returns {import("../../shell/view.js").Handlers} */
  #onQuery() {
    return {
      "query-change": (change) => this.#query(change),
      "query-settled": () => this.#remember(),
      "query-pictures": ({ files }) => files.forEach((/** @type {File} */ file) => this.#byPicture(file, file.name)),
      "filter-change": ({ where }) => this.#query({ where }),
      "recent-choose": ({ recent }) => {
        const parts = recent.words.map((/** @type {{ text: string, sign: 1 | -1, weight: number }} */ { text: name, ...rest }) => newPart({ name, image: null, preview: "", ...rest }));
        this.#query({ parts, typed: "", template: recent.template });
      },
      "recent-forget": () => {
        this.#dispatch({ type: "recent", recent: [] });
        keepQueries([]);
        this.#ui.query.focus();
      },
      "part-crop": ({ key }) => this.#cropPart(key),
    };
  }

  /** @param {number} key */
  async #cropPart(key) {
    const one = this.#state.query.parts.find((part) => part.key === key);
    if (!one?.image) return;
    const picture = one.image instanceof Blob ? one.image : await this.#large.pictureOf(one.image.id);
    const region = picture && (await this.#ui.crop.open(picture, one.name));
    if (!(region instanceof Blob)) return;
    const changed = newPart({ ...one, image: region, preview: URL.createObjectURL(region) });
    this.#query({ parts: this.#state.query.parts.map((part) => (part.key === key ? changed : part)) });
  }

  /** @returns {import("../../shell/view.js").Handlers} */
  #onResults() {
    return {
      "line-move": ({ line }) => this.#dispatch({ type: "line", line }),
      "results-seen": async ({ ids }) => {
        this.#thumbnails.want(ids);
        const index = this.#library.index;
        // Pictures may have left it since.
        const facts = await index?.facts(ids).catch(() => []);
        if (facts) this.#ui.grid.named(facts);
      },
      "result-open": ({ index }) => {
        this.#remember();
        return this.#large.open(index);
      },
      "result-pick": ({ index, range }) => {
        const ids = picked(this.#state.selected, this.#ids, { index, range, last: this.#picked });
        this.#picked = index;
        this.#dispatch({ type: "selected", ids });
      },
      "select-standing": () => this.#dispatch({ type: "selected", ids: this.#ids.subarray(0, standing(this.#state)) }),
      "select-none": () => this.#dispatch({ type: "selected", ids: [] }),
      "selected-zip": () => this.#zip(),
      "selected-csv": async () => download(`${this.#state.library.name}.csv`, new Blob([toCsv(await this.#rows())], { type: "text/csv" })),
      "selected-json": async () => {
        const { library: { name, info }, query } = this.#state;
        const asked = this.#state.ranking && { words: this.texts().labels, template: query.template, pictures: query.parts.flatMap(({ image, name }) => (image ? [name] : [])) };
        const about = { library: name, model: info?.model ?? "", query: asked };
        download(`${name}.json`, new Blob([toJson(await this.#rows(), about)], { type: "application/json" }));
      },
      "selected-paths": async () => {
        const rows = await this.#rows();
        const copied = await toClipboard(rows.map(({ picture }) => picture.path).join("\n"));
        this.#shell.notice(copied ? say.copied(rows.length) : say.copyFailed());
      },
      "selected-describe": () => {
        location.hash = `#/describe?${new URLSearchParams({ library: this.#state.library.name, selected: "" })}`;
      },
      "selected-teach": () => {
        const { selected, library } = this.#state;
        if (selected.size > teachMost) return this.#shell.notice(say.teachMost(teachMost));
        location.hash = teachAddress(library.name, selected);
      },
      "selected-remove": async () => {
        const ids = Array.from(this.#state.selected);
        this.#dispatch({ type: "selected", ids: [] });
        await this.#library.remove(ids);
        this.#shell.notice(say.removed(ids.length));
      },
      "search-link": async () => {
        this.#shell.address(toFields(this.#state));
        this.#shell.notice((await toClipboard(location.href)) ? say.linkCopied() : say.linkInBar());
      },
    };
  }

  /** @returns {import("../../shell/view.js").Handlers} */
  #onLarge() {
    return {
      "large-step": ({ by }) => this.#large.step(by),
      "large-close": () => {
        const at = this.#large.close();
        if (at !== null) this.#ui.grid.reach(at);
      },
      "large-neighbour": ({ id }) => this.#large.show(id),
      "large-original": () => this.#large.showOriginal(),
      "large-pick": () => {
        const id = this.#large.id;
        if (id === null) return;
        const selected = new Set(this.#state.selected);
        if (!selected.delete(id)) selected.add(id);
        this.#dispatch({ type: "selected", ids: selected });
      },
      "large-more": ({ sign }) => this.#byOwn(sign),
      "large-region": async () => {
        const { id, name } = this.#large;
        const picture = id === null ? null : await this.#large.pictureOf(id);
        if (!picture) return;
        this.#ui.large.content = null;
        const region = await this.#ui.crop.open(picture, name);
        if (region instanceof Blob) this.#byPicture(region, name);
        else if (region === "whole") this.#byPicture(picture, name);
      },
    };
  }

  /** More, or less, like the one that is open. @param {1 | -1} sign */
  async #byOwn(sign) {
    const { id, name } = this.#large;
    if (id === null) return;
    const small = await this.#library.index?.thumbnail(id);
    const made = newPart({ name, sign, image: { id }, preview: small ? URL.createObjectURL(small) : "" });
    const { parts, typed } = this.#state.query;
    this.#ui.large.content = null;
    // “More like this” is a search of its own; what is taken away is taken from what was asked.
    this.#query(sign > 0 ? { parts: [made], typed: "" } : { parts: [...parts, made], typed });
    scrollTo({ top: 0, behavior: "instant" });
  }

  /** What is selected, in the order of results. @returns {Promise<import("./results/lists.js").Row[]>} */
  async #rows() {
    const { selected, ranking } = this.#state;
    const ids = this.#ids;
    /** @type {Map<number, number>} */
    const places = new Map();
    ids.forEach((id, i) => selected.has(id) && places.set(id, i));
    const ordered = [...places.keys(), ...[...selected].filter((id) => !places.has(id))];
    const pictures = (await this.#library.index?.facts(ordered)) ?? [];
    return pictures.map((picture) => {
      const place = places.get(picture.id);
      const scored = ranking && place !== undefined;
      return { picture, cosine: scored ? ranking.cosines[place] : null, standsOut: scored ? ranking.standsOut[place] : null };
    });
  }

  async #zip() {
    const rows = await this.#rows();
    const files = await this.#library.originals.files(rows.map(({ picture }) => picture.path));
    if (files.length < rows.length) this.#shell.notice(say.missing(rows.length - files.length));
    if (files.length === 0) return;
    const tell = (/** @type {string} */ doing) => {
      this.#doing = doing;
      this.#shell.redraw();
    };
    try {
      tell(say.zipping(0, files.length));
      const archive = await zipped(files.map(({ path, file }) => ({ name: path, file })), (done) => tell(say.zipping(done, files.length)));
      download(`${this.#state.library.name}.zip`, archive);
    } finally {
      tell("");
    }
  }
}

/** @param {HTMLElement} root */
function elementsOf(root) {
  return {
    root,
    library: new LibraryElements(root),
    query: part(root, "query-box", QueryBox),
    template: part(root, "#search-template", HTMLSelectElement),
    filters: part(root, "query-filters", QueryFilters),
    recent: part(root, "recent-queries", RecentQueries),
    note: part(root, "model-note", ModelNote),
    head: part(root, "result-head", ResultHead),
    link: part(root, "#search-link", HTMLButtonElement),
    selection: part(root, "selection-bar", SelectionBar),
    grid: part(root, "result-grid", ResultGrid),
    large: part(root, "picture-dialog", PictureDialog),
    crop: part(root, "crop-dialog", CropDialog),
  };
}

/** @type {import("../../shell/view.js").ViewModule["mount"]} */
export const mount = (shell, root) => new Search(shell, root);
