/**
 * The library's elements, as a view has them in its markup: what they show, and what is done when they ask.
 * The markup is `library-bar.html`, `library-start.html` and `library-dialog.html`, included in the view's.
 */

import { part } from "../dom.js";
import { fetchPicture } from "../pictures/address.js";
import { listSamples } from "../pictures/samples.js";
import { LibraryBar } from "./library-bar.js";
import { LibraryDialog } from "./library-dialog.js";
import { LibrarySources } from "./library-sources.js";
import { isEmpty } from "./state.js";

/** @typedef {import("../../../semblance.js").PictureSource} PictureSource */

export class LibraryElements {
  #bar;
  #ways;
  #start;
  #dialog;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#bar = part(root, "library-bar", LibraryBar);
    this.#ways = part(root, "library-bar library-sources", LibrarySources);
    this.#start = part(root, ".results > library-sources", LibrarySources);
    this.#dialog = part(root, "library-dialog", LibraryDialog);
  }

  /** @param {import("./state.js").LibraryState} state @param {boolean} hasModel */
  draw(state, hasModel) {
    this.#bar.content = { state, hasModel };
    this.#dialog.content = state;
    this.#start.hidden = !isEmpty(state) || state.status === "failed";
  }

  /** For `Shell.listen`. @param {import("./library.js").Library} library @returns {import("../events.js").Handlers} */
  answers(library) {
    return {
      "library-choose": ({ name }) => library.open(name),
      "library-retry": () => library.retry(),
      "library-manage": () => this.#dialog.open(),
      "library-new": ({ name }) => library.open(name),
      "library-folder": async () => {
        if (!(await library.addFolder())) this.#ways.pickFolder();
      },
      "library-files": ({ files, folder }) => {
        if (!folder) return library.addFiles(files.map((/** @type {File} */ file) => ({ path: file.name, file })));
        const located = files.map((/** @type {File} */ file) => ({ path: file.webkitRelativePath, file }));
        const name = located[0].path.split("/")[0];
        return library.addGiven({ loose: [], folders: [{ name, handle: null, files: located }], unreadable: 0, address: null });
      },
      "library-samples": async () => library.add([{ folder: null, files: await samples() }]),
      "library-again": () => library.again(),
      "adding-pause": () => library.pause(),
      "adding-resume": () => library.resume(),
      "adding-dismiss": () => library.dismiss(),
      "library-export": ({ format }) => library.export(format),
      "library-import": async ({ file }) => {
        await library.import(file);
        this.#dialog.close();
      },
      "library-delete": () => library.delete(),
    };
  }
}

/** @returns {Promise<PictureSource[]>} */
async function samples() {
  const fetched = await Promise.all((await listSamples()).map(async ({ url }) => ({ url, blob: await fetchPicture(url) })));
  return fetched.flatMap(({ url, blob }) => (blob instanceof Blob ? [sample(url, blob)] : []));
}

/** @param {string} url @param {Blob} blob */
function sample(url, blob) {
  const name = url.split("/").pop() ?? "";
  // The same date each time: they are the site's, and don't change.
  return { path: `samples/${name}`, file: new File([blob], name, { type: blob.type, lastModified: 0 }) };
}
