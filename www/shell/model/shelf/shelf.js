/** The models in this browser's storage: what is there, whether it is whole, and what can be done with it. */

import { say, text } from "../words.js";
import { isDownload } from "../choices.js";

/**
 * @typedef {import("../../../../semblance.js").StoredModel} StoredModel
 * @typedef {import("../state.js").ShelfWork} ShelfWork
 * @typedef {Pick<typeof import("../../../../semblance.js").Semblance, "storedModels" | "verifyModel" | "deleteModel" | "exportModel" | "importModel">} Library
 * @typedef {{ message: string, trouble?: boolean }} Said
 */

export class Shelf {
  #library;
  #dispatch;
  #save;
  /** @type {AbortController | null} */
  #running = null;

  /**
   * @param {object} needs
   * @param {Library} needs.library
   * @param {(action: import("../../state.js").Action) => void} needs.dispatch
   * @param {(name: string, content: Blob) => void} needs.save Hand a file to the person.
   */
  constructor({ library, dispatch, save }) {
    this.#library = library;
    this.#dispatch = dispatch;
    this.#save = save;
  }

  /** What is there now. @returns {Promise<StoredModel[]>} */
  async refresh() {
    const [models, quota] = await Promise.all([this.#models(), allowance()]);
    this.#dispatch({ type: "shelf/models", models, quota });
    return models;
  }

  /** A browser that gives no storage says so where it matters: at the load. @returns {Promise<StoredModel[]>} */
  async #models() {
    try {
      return await this.#library.storedModels();
    } catch {
      return [];
    }
  }

  /** @param {StoredModel} model */
  verify(model) {
    const { id, present, complete } = model;
    return this.#work("verify", id, present, async (options) => {
      const { ok, bad, bytes } = await this.#library.verifyModel(id, options);
      return ok ? { message: say.verified(bytes, complete) } : { message: say.foundBad(bad, isDownload(model)), trouble: true };
    });
  }

  /** @param {StoredModel} model */
  delete({ id, name }) {
    return this.#work("delete", id, null, async () => {
      await this.#library.deleteModel(id);
      return { message: say.deleted(name) };
    });
  }

  /** @param {StoredModel} model */
  export({ id, name }) {
    return this.#work("export", id, null, async () => {
      const file = await this.#library.exportModel(id);
      this.#save(file.name, file);
      return { message: say.exported(name) };
    });
  }

  /** @param {File | File[]} files */
  import(files) {
    return this.#work("import", null, null, async (options) => {
      const { name } = await this.#library.importModel(files, options);
      return { message: say.imported(name) };
    });
  }

  stop() {
    this.#running?.abort();
  }

  /**
   * One thing at a time; what comes of it is said.
   * @param {ShelfWork} what @param {string | null} id @param {number | null} total
   * @param {(options: { signal: AbortSignal, onProgress: (done: number, total: number) => void }) => Promise<Said>} task
   */
  async #work(what, id, total, task) {
    if (this.#running) return;
    const { signal } = (this.#running = new AbortController());
    this.#dispatch({ type: "shelf/work", work: { what, id, done: 0, total } });
    const onProgress = (/** @type {number} */ done, /** @type {number} */ total) =>
      this.#dispatch({ type: "shelf/work", work: { what, id, done, total } });
    /** @type {Said} */
    let said;
    try {
      said = await task({ signal, onProgress });
    } catch (error) {
      const stopped = text[what === "import" ? "shelf.notImported" : "shelf.stopped"];
      said = signal.aborted ? { message: stopped } : { message: /** @type {Error} */ (error).message, trouble: true };
    }
    this.#running = null;
    await this.refresh();
    // A model that is gone has no place of its own any more.
    this.#dispatch({ type: "shelf/said", said: { id: what === "delete" ? null : id, trouble: false, ...said } });
  }
}

/** Asks the browser not to remove what is stored. With a click some browsers ask the person, who knows then what for; what
 * comes of it is said with the model (`info().notes`). */
export function askToKeep() {
  navigator.storage?.persist?.().catch(() => {});
}

/** Bytes that the browser allows this site; null where it does not say. */
async function allowance() {
  try {
    return (await navigator.storage.estimate()).quota ?? null;
  } catch {
    return null;
  }
}
