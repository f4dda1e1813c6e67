/** What a shop asks of its product pictures. The types and their meaning are in semblance.d.ts. */
import { checkOptions, checkTemplate, checkTexts } from "../api/check.js";
import { failure } from "../errors.js";
import { connectOrganise } from "./client.js";
import { inPortions } from "./inputs.js";
import { textRows } from "../running/texts.js";

/** @typedef {import("../../../semblance.js").FacetGroup} FacetGroup */

/**
 * @param {import("./inputs.js").Library} library
 * @param {FacetGroup[]} groups
 * @param {import("../../../semblance.js").FacetOptions} [options]
 * @returns {Promise<import("../../../semblance.js").Facets>}
 */
export async function facets({ index, clip }, groups, options) {
  const { where, least = 0.5, signal, onProgress } = checkOptions(options, "facets");
  if (!Array.isArray(groups) || groups.length === 0) throw new TypeError("groups must be an array of at least one");
  if (!(least >= 0 && least <= 1)) throw new TypeError("least must be a number from 0 to 1");
  const { logitScale, embedding: width } = clip.info().model;
  const client = connectOrganise();
  /** @type {{ name: string, texts: string[], rows: Float32Array }[]} */
  const ready = [];
  for (const { name, labels, template } of groups) {
    const texts = checkTexts(labels, `labels of ${name}`);
    if (texts.length < 2) throw failure("TextError", `The group “${name}” needs at least two labels.`);
    ready.push({ name, texts, rows: await textRows(clip, [{ texts, template: checkTemplate(template) }], { signal }) });
  }
  const ids = await index.ids(where);
  const found = ready.map(() => ({ labels: new Uint32Array(ids.length), probabilities: new Float32Array(ids.length) }));
  let at = 0;
  await inPortions(index, ids, async (pictures) => {
    for (const [i, { rows }] of ready.entries()) {
      const some = await client.call("facets", { pictures: pictures.slice(), width, labels: rows.slice(), logitScale });
      found[i].labels.set(some.labels, at);
      found[i].probabilities.set(some.probabilities, at);
    }
    at += pictures.length / width;
  }, { signal, onProgress });
  const facets = ready.map(({ name, texts }, i) => {
    const { labels, probabilities } = found[i];
    const sure = (/** @type {number} */ at) => probabilities[at] >= least;
    const values = texts.map((label, place) => ({ label, ids: ids.filter((_, at) => sure(at) && labels[at] === place) }));
    return { name, values, unsure: ids.filter((_, at) => !sure(at)) };
  });
  return { facets, pictures: ids.length };
}

/**
 * Of products by their words, those that no picture shows.
 *
 * @param {import("./inputs.js").Library} library
 * @param {string[]} products
 * @param {import("../../../semblance.js").GapOptions} [options]
 * @returns {Promise<import("../../../semblance.js").ProductFit[]>}
 */
export async function gaps({ index }, products, options) {
  const { template, where, signal, onProgress } = checkOptions(options, "gaps");
  const texts = checkTexts(products, "products");
  const fits = [];
  for (const product of texts) {
    signal?.throwIfAborted();
    const { ids, cosines, standsOut, line, threshold } = await index.rank({ text: product, template, where, k: 1, signal });
    fits.push({ product, shown: line > 0, nearest: ids[0] ?? null, cosine: cosines[0] ?? null, standsOut: standsOut[0] ?? null, threshold });
    onProgress?.(fits.length, texts.length);
  }
  return fits;
}
