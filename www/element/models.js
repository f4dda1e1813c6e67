/** The models of all elements on the page: one load and one engine for those that ask for the same. */

/** @typedef {typeof import("../../semblance.js").Semblance} Library */
/** @typedef {import("../../semblance.js").Semblance} Clip */
/** @typedef {import("../../semblance.js").ModelInput} ModelInput */
/** @typedef {import("../../semblance.js").LoadProgress} LoadProgress */
/** @typedef {(progress: LoadProgress | null) => void} Listener null: nothing has come yet */

/** How long a model is kept that no element wants: one that is moved within the page is removed and put in again. */
const IDLE_MS = 5000;

/** @type {() => Promise<{ Semblance: Library }>} */
let fetchLibrary;

/** @param {typeof fetchLibrary} fetch asked for with the first picture */
export function setLibrary(fetch) {
  fetchLibrary = fetch;
}

export const library = async () => (await fetchLibrary()).Semblance;

/** By what they were asked for with. @type {Map<ModelInput | undefined, SharedModel>} */
const models = new Map();

/** @param {ModelInput | undefined} model @returns {SharedModel} */
export function sharedModel(model) {
  const known = models.get(model);
  if (known) return known;
  const shared = new SharedModel(model);
  models.set(model, shared);
  return shared;
}

class SharedModel {
  #model;
  /** @type {Promise<Clip> | null} */
  #loading = null;
  #giveUp = new AbortController();
  /** What was last heard. @type {LoadProgress | null} */
  #progress = null;
  /** Who wants it. @type {Set<Listener>} */
  #users = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #idle;

  /** @param {ModelInput | undefined} model */
  constructor(model) {
    this.#model = model;
  }

  /** @param {Listener} listener hears of the load's progress, and stands for one who wants the model */
  load(listener) {
    clearTimeout(this.#idle);
    this.#users.add(listener);
    this.#loading ??= this.#start();
    listener(this.#progress);
    return this.#loading;
  }

  /** @param {Listener} listener */
  leave(listener) {
    if (!this.#users.delete(listener) || this.#users.size > 0) return;
    this.#idle = setTimeout(() => this.#end(), IDLE_MS);
  }

  /** The engine has failed: whoever asks next gets another one. */
  forget() {
    if (models.get(this.#model) === this) models.delete(this.#model);
  }

  async #start() {
    try {
      const Semblance = await library();
      /** @param {LoadProgress} progress */
      const onProgress = (progress) => {
        this.#progress = progress;
        for (const listener of this.#users) listener(progress);
      };
      return await Semblance.load({ model: this.#model, onProgress, signal: this.#giveUp.signal });
    } catch (thrown) {
      this.forget();
      throw thrown;
    }
  }

  #end() {
    this.forget();
    this.#giveUp.abort();
    this.#loading?.then((clip) => clip.free(), () => {});
  }
}
