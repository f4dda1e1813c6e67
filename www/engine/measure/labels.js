/** What is wrong with labels, and what to write instead. The types are in semblance.d.ts. */
import { checkOptions } from "../api/check.js";
import { connectMeasure } from "./client.js";
import { vectorsOf } from "./inputs.js";

/** @typedef {import("../../../semblance.js").Semblance} Clip */
/** @typedef {import("../../../semblance.js").LabelFinding} LabelFinding */

/** The similarity of more labels is a matrix too large to be worth it. */
const MATRIX_AT_MOST = 300;
/** Between a label's words, as `crates/labels` has it. */
const OR = " | ";

/** By the hash of a model: from which cosine on two prompts mean the same to it. @type {Map<string, Promise<number | null>>} */
const thresholds = new Map();

/**
 * @param {import("../../../semblance.js").Label[]} labels
 * @param {import("../../../semblance.js").CheckLabelsOptions} [options]
 * @returns {Promise<LabelFinding[]>}
 */
export async function checkLabels(labels, options) {
  const { model, template = "{}", images, english = true, signal } = checkOptions(options, "checkLabels");
  if (!Array.isArray(labels) || !labels.flat().every((label) => typeof label === "string")) throw new TypeError("labels must be an array of strings, or of arrays of them");
  const [first] = [template].flat();
  const texts = labels.map((label) => [label].flat().join(OR));
  /** @type {import("./protocol.js").LabelRequest} */
  const request = { labels: texts, template: first, english };
  let cosines = new Float32Array(0);
  // Blank ones are found without a model.
  if (model && labels.length > 0 && labels.length <= MATRIX_AT_MOST && texts.every((text) => text.trim() !== "")) {
    const { name, hash } = model.info().model;
    request.vocabulary = name;
    request.threshold = (await thresholdOf(model, hash)) ?? undefined;
    const vectors = await model.embedTexts(labels, { template: first, signal });
    cosines = Float32Array.from(vectors.flatMap((one) => vectors.map((other) => one.reduce((sum, x, i) => sum + x * other[i], 0))));
    if (images && images.length > 0) request.fits = await fitsOf(model, images, labels, template, signal);
  }
  return connectMeasure().call("labels", { request, cosines });
}

/** @param {Clip} model @param {string} hash */
function thresholdOf(model, hash) {
  const known = thresholds.get(hash);
  if (known) return known;
  const found = findThreshold(model);
  thresholds.set(hash, found);
  found.catch(() => thresholds.delete(hash));
  return found;
}

/** @param {Clip} model */
async function findThreshold(model) {
  const client = connectMeasure();
  const [same, different] = await client.call("pairs", {});
  const cosines = async (/** @type {[string, string][]} */ pairs) => {
    const vectors = await model.embedTexts(pairs.flat(), { template: "a photo of a {}" });
    return Float32Array.from(pairs, (_, at) => vectors[2 * at].reduce((sum, x, i) => sum + x * vectors[2 * at + 1][i], 0));
  };
  return client.call("threshold", { same: await cosines(same), different: await cosines(different) });
}

/**
 * How well each picture fits its best label, and captions that mean nothing in particular.
 *
 * @param {Clip} model
 * @param {import("../../../semblance.js").ImageInput[] | Float32Array} images
 * @param {import("../../../semblance.js").Label[]} labels
 * @param {string | string[]} template
 * @param {AbortSignal} [signal]
 */
async function fitsOf(model, images, labels, template, signal) {
  const { neutral } = await connectMeasure().call("prompts", {});
  const vectors = await vectorsOf(model, images, { signal });
  const asked = await model.similarity(vectors, labels, { template, signal });
  const others = await model.similarity(vectors, neutral, { signal });
  const best = (/** @type {Float32Array} */ all, /** @type {number} */ row, /** @type {number} */ cols) => Math.max(...all.subarray(row * cols, (row + 1) * cols));
  return vectors.map((_, row) => ({ label: best(asked.cosine, row, asked.cols), neutral: best(others.cosine, row, others.cols) }));
}

/**
 * @param {import("../../../semblance.js").Label[]} labels
 * @param {import("../../../semblance.js").LabelFix} fix
 * @returns {import("../../../semblance.js").Label[]}
 */
export function applyFix(labels, { edits, add }) {
  /** @type {(import("../../../semblance.js").Label | null)[]} */
  const all = [...labels];
  const parsed = (/** @type {string} */ text) => (text.includes("|") ? text.split("|").map((word) => word.trim()) : text);
  for (const { label, to } of edits) if (label in all) all[label] = to === null ? null : parsed(to);
  return [...all.filter((label) => label !== null), ...add.map(parsed)];
}
