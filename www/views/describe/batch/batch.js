/** Descriptions of many pictures: those of the page, of a library, or of a search in it. */

import { selectionOf } from "../../../shell/library/selection.js";
import { say as shared } from "../../../shell/words.js";

/** @typedef {import("../../../../semblance.js").Semblance} Clip */
/** @typedef {import("../../../../semblance.js").Description} Description */
/** @typedef {{ rows: { path: string, text: string }[], described: { path: string, description: Description }[], failed: number, model: string, mode: string }} Batch */
/** @typedef {{ signal: AbortSignal, onProgress: (done: number, total: number) => void }} Way */
/** @typedef {{ mode: import("../../../../semblance.js").DescribeMode, banks: import("../../../../semblance.js").Phrase[], without: (id: number) => string[] }} Ways */

/** Vectors of a library that are fetched together. */
const portion = 256;

/**
 * @param {import("../../../shell/view.js").Shell} shell
 * @param {Clip} clip
 * @param {import("./batch-panel.js").Wanted} wanted
 * @param {Ways} ways
 * @param {Way} way
 * @returns {Promise<Batch>}
 */
export async function batched(shell, clip, wanted, { mode, banks, without }, way) {
  const { signal, onProgress } = way;
  const { pictures, failed } = wanted.library === null ? onPage(shell) : await inLibrary(shell, clip, { ...wanted, library: wanted.library });
  // Phrases first: what takes long the first time and nothing afterwards.
  const total = pictures.length + banks.length;
  /** @type {Batch["described"]} */
  const described = [];
  for await (const { id, path, vector } of pictures.each()) {
    const phrases = (/** @type {number} */ done) => described.length === 0 && onProgress(done, total);
    const description = await clip.describe(vector, { mode, banks, without: without(id), signal, onProgress: phrases });
    described.push({ path, description });
    onProgress(banks.length + described.length, total);
  }
  if (described.length === 0) throw new Error(shared.pictures(0));
  return { described, rows: described.map(({ path, description }) => ({ path, text: description.text })), failed, model: clip.info().model.name, mode };
}

/** @param {import("../../../shell/view.js").Shell} shell */
function onPage(shell) {
  const { pictures } = shell.getState();
  const seen = pictures.flatMap(({ id, name }) => {
    const vector = shell.vector(id);
    return vector ? [{ id, path: name, vector }] : [];
  });
  return {
    pictures: {
      length: seen.length,
      async *each() {
        yield* seen;
      },
    },
    failed: pictures.filter(({ status }) => status === "failed").length,
  };
}

/** @param {import("../../../shell/view.js").Shell} shell @param {Clip} clip @param {import("./batch-panel.js").Wanted & { library: string }} wanted */
async function inLibrary(shell, clip, { library, selected, words, most }) {
  const index = await shell.library.openIndex(library, { model: clip });
  const ids = selected ? Uint32Array.from(selectionOf(library)) : words ? (await index.rank({ text: words, k: most })).ids : (await index.ids()).slice(0, most);
  return {
    pictures: {
      length: ids.length,
      async *each() {
        try {
          for (let at = 0; at < ids.length; at += portion) {
            const some = ids.slice(at, at + portion);
            const [facts, vectors] = await Promise.all([index.facts(some), index.vectors(some)]);
            const width = vectors.length / some.length;
            // A page's pictures have numbers of their own: what was removed there says nothing of these.
            for (const [i, { path }] of facts.entries()) yield { id: -1, path, vector: vectors.slice(i * width, (i + 1) * width) };
          }
        } finally {
          index.close();
        }
      },
    },
    failed: 0,
  };
}
