/**
 * The library that is open: opening, closing, adding to it in the background, leaving and coming back. Where another tab
 * has it, or its model is another one, it says so and stays closed.
 */

import { download } from "../leaving.js";
import { looksLikePicture } from "../pictures/intake.js";
import { say, text } from "./words.js";
import { Originals, filesOf, pickFolder } from "./originals.js";

/** @typedef {import("../../../semblance.js").PictureIndex} PictureIndex */
/** @typedef {import("../pictures/intake.js").Located} Located */
/** @typedef {import("../pictures/intake.js").Given} Given */
/** @typedef {import("../../../semblance.js").PictureSource} PictureSource */
/** Pictures to add; of a folder they are all. @typedef {{ files: PictureSource[], folder: string | null }} Batch */

/** How often what has grown is told. */
const toldEvery = 1000;

export class Library {
  #shell;
  #dispatch;
  #getState;
  #onChanged;
  /** @type {PictureIndex | null} */
  #index = null;
  #originals = new Originals("");
  /** The model that the index was opened with. @type {unknown} */
  #clip = null;
  /** Opening and closing, one after another; what comes before the first of it waits. @type {Promise<unknown>} */
  #turn;
  /** @type {(value?: unknown) => void} */
  #begin = () => {};
  /** What is still to be added. @type {Batch[]} */
  #waiting = [];
  /** @type {AbortController | null} */
  #adding = null;

  /**
   * @param {object} needs
   * @param {import("../view.js").Shell} needs.shell
   * @param {(action: import("./state.js").LibraryAction) => void} needs.dispatch
   * @param {() => import("./state.js").LibraryState} needs.getState
   * @param {() => void | Promise<void>} needs.onChanged Other pictures are there. Opening ends with it, so it must not wait for that.
   */
  constructor({ shell, dispatch, getState, onChanged }) {
    this.#shell = shell;
    this.#dispatch = dispatch;
    this.#getState = getState;
    this.#onChanged = onChanged;
    this.#turn = new Promise((resolve) => void (this.#begin = resolve));
  }

  get index() {
    return this.#index;
  }

  get originals() {
    return this.#originals;
  }

  /** With the first visit of the view: the library that the address names, or the first there is. @param {string | null} name */
  async start(name) {
    const names = await this.#shell.library.indexes().catch(() => []);
    this.#dispatch({ type: "libraries", names });
    this.#begin();
    await this.open(name ?? names[0] ?? text["library.first"]);
  }

  /** @param {string} name */
  open(name) {
    return this.#next(() => this.#open(name));
  }

  /** Open the one that could not be opened. */
  retry() {
    return this.open(this.#getState().name);
  }

  /** Its view is shown again: another one may have made libraries, or changed this one. */
  async refresh() {
    this.#dispatch({ type: "libraries", names: await this.#shell.library.indexes() });
    await this.#grown();
  }

  /** Another model answers, or none does. */
  modelChanged() {
    const { name } = this.#getState();
    if (name === "" || this.#shell.clip() === this.#clip) return undefined;
    return this.#next(() => this.#open(name));
  }

  /** @param {() => Promise<void>} work */
  #next(work) {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** What is being opened, or is about to be, is open. */
  async #settled() {
    for (let turn = null; turn !== this.#turn; ) {
      turn = this.#turn;
      await turn;
    }
  }

  /** @param {string} name */
  async #open(name) {
    const same = name === this.#getState().name;
    this.pause();
    await this.#close();
    if (!same) this.#waiting = [];
    this.#dispatch({ type: "library/opening", name });
    const clip = (this.#clip = this.#shell.clip());
    const { names } = this.#getState();
    // A new one takes a model: it comes with it.
    if (!clip && !names.includes(name)) return;
    try {
      this.#originals = same ? this.#originals : await Originals.of(name);
      this.#index = await this.#shell.library.openIndex(name, clip ? { model: clip } : {});
      await this.#tell();
      if (!names.includes(name)) this.#dispatch({ type: "libraries", names: await this.#shell.library.indexes() });
    } catch (error) {
      return this.#dispatch({ type: "library/failed", message: /** @type {Error} */ (error).message });
    }
    await this.#onChanged();
    if (this.#waiting.length > 0 && this.#getState().adding?.status !== "paused") this.#add();
  }

  async #close() {
    const index = this.#index;
    this.#index = null;
    // One that broke is closed already.
    await index?.close().catch(() => {});
  }

  /** What is in it now. */
  async #tell() {
    const index = this.#index;
    if (!index) return;
    const [info, folders] = await Promise.all([index.stats(), index.folders()]);
    if (index === this.#index) this.#dispatch({ type: "library/open", info, folders, reopenable: this.#originals.reopenable });
  }

  /** A folder, by the browser's own question where it has one. @returns {Promise<boolean>} Whether it has one. */
  async addFolder() {
    const handle = await pickFolder();
    if (handle === undefined) return false;
    if (handle) await this.#addHandle(handle);
    return true;
  }

  /** @param {FileSystemDirectoryHandle} handle */
  async #addHandle(handle) {
    const files = await filesOf(handle);
    await this.#settled();
    await this.#originals.addFolder(handle);
    await this.add([{ files, folder: handle.name }]);
  }

  /** Look for what is new or gone in the folders that were added. */
  async again() {
    const found = await this.#originals.again();
    if (found.length === 0) this.#shell.notice(text["library.notAllowed"]);
    else await this.add(found.map(({ name, files }) => ({ files, folder: name })));
  }

  /** @param {Given} given */
  async addGiven({ loose, folders, unreadable }) {
    if (unreadable) this.#shell.notice(say.unreadable(unreadable));
    await this.#settled();
    const batches = folders.map(({ name, files }) => ({ folder: name, files: files.filter(({ file }) => looksLikePicture(file)) }));
    for (const { handle } of folders) if (handle) await this.#originals.addFolder(handle);
    await this.addFiles(loose, batches);
  }

  /** Pictures, and zips with such in them. @param {Located[]} files @param {Batch[]} [batches] Added with them. */
  async addFiles(files, batches = []) {
    /** @type {PictureSource[]} */
    const pictures = [];
    for (const located of files) {
      if (!/\.zip$/i.test(located.file.name)) pictures.push(located);
      else pictures.push(...(await this.#unpacked(located.file)));
    }
    await this.add([...batches, ...(pictures.length > 0 ? [{ files: pictures, folder: null }] : [])]);
  }

  /** @param {File} archive @returns {Promise<PictureSource[]>} */
  async #unpacked(archive) {
    try {
      return await this.#shell.library.openZip(archive);
    } catch (error) {
      this.#shell.notice(/** @type {Error} */ (error).message);
      return [];
    }
  }

  /** Once the library is open that is being opened. @param {Batch[]} batches */
  async add(batches) {
    await this.#settled();
    const some = batches.filter(({ files, folder }) => files.length > 0 || folder !== null);
    if (some.every(({ files }) => files.length === 0)) return this.#shell.notice(text["library.noPictures"]);
    for (const { files } of some) this.#originals.add(files);
    this.#waiting.push(...some);
    if (!this.#adding) this.#add();
  }

  /** What has come so far stays; going on begins where it was left. */
  pause() {
    this.#adding?.abort();
  }

  resume() {
    this.#add();
  }

  dismiss() {
    if (this.#adding) return;
    this.#waiting = [];
    this.#dispatch({ type: "adding/dismissed" });
  }

  /** Work off what waits. */
  async #add() {
    this.#dispatch({ type: "adding", progress: null });
    const index = this.#index;
    if (!index || !this.#clip) return; // goes on once both are there
    const controller = (this.#adding = new AbortController());
    /** @type {import("./state.js").LibraryAction & { type: "adding/ended" }} */
    let end = { type: "adding/ended", progress: null, status: "done", error: "" };
    let told = performance.now();
    try {
      while (this.#waiting.length > 0) {
        const [{ files, folder }] = this.#waiting;
        end.progress = await index.add(files, {
          ...(folder === null ? {} : { folder }),
          signal: controller.signal,
          onProgress: (progress) => {
            end.progress = progress;
            if (!controller.signal.aborted) this.#dispatch({ type: "adding", progress });
            if (performance.now() - told < toldEvery) return;
            told = performance.now();
            this.#grown();
          },
        });
        this.#waiting.shift();
      }
    } catch (error) {
      const { name, message } = /** @type {Error} */ (error);
      end = { ...end, status: name === "AbortError" ? "paused" : "failed", error: name === "AbortError" ? "" : message };
      if (name === "EngineError" && index === this.#index) this.#shell.lost(message);
    }
    this.#adding = null;
    this.#dispatch(end);
    if (index === this.#index) await this.#grown();
    this.#shell.used();
  }

  async #grown() {
    // It may have been closed meanwhile.
    await this.#tell().catch(() => {});
    await this.#onChanged();
  }

  /** @param {number[]} ids */
  async remove(ids) {
    await this.#index?.remove(ids);
    await this.#grown();
  }

  /** Delete the one that is open, for good. */
  async delete() {
    const { name } = this.#getState();
    await this.#next(async () => {
      this.pause();
      this.#waiting = [];
      await this.#close();
      try {
        await this.#shell.library.deleteIndex(name);
      } catch (error) {
        await this.#open(name);
        throw error;
      }
      await this.#originals.forget();
      this.#originals = new Originals("");
      this.#dispatch({ type: "library/closed" });
    });
    await this.start(null);
  }

  /** @param {import("../../../semblance.js").IndexFormat} format */
  async export(format) {
    const { name } = this.#getState();
    const index = this.#index;
    if (!index) return;
    await this.#doing(text["library.exporting"], async () => {
      const { file, extension } = await index.export(format);
      download(`${name}.${extension}`, file);
    });
  }

  /** @param {File} file */
  async import(file) {
    const { names } = this.#getState();
    const name = unused(file.name.replace(/(\.semblance)?\.[a-z0-9]+$/i, "").slice(0, 80) || text["library.first"], names);
    await this.#doing(text["library.importing"], async () => {
      await (await this.#shell.library.importIndex(file, { name })).close();
      this.#dispatch({ type: "libraries", names: await this.#shell.library.indexes() });
      await this.open(name);
    });
  }

  /** @param {string} doing @param {() => Promise<void>} work */
  async #doing(doing, work) {
    this.#dispatch({ type: "library/doing", doing });
    try {
      await work();
    } finally {
      this.#dispatch({ type: "library/doing", doing: "" });
    }
  }
}

/** @param {string} name @param {string[]} names @returns {string} */
function unused(name, names) {
  for (let number = 1; ; number += 1) {
    const tried = number === 1 ? name : `${name} ${number}`;
    if (!names.includes(tried)) return tried;
  }
}
