/** Whether pictures are of the kind that a model knows, and which template suits them. The types are in semblance.d.ts. */
import { checkOptions, checkSeed } from "../api/check.js";
import { failure } from "../errors.js";
import { connectMeasure } from "./client.js";
import { vectorsOf } from "./inputs.js";

/** @typedef {import("../../../semblance.js").Semblance} Clip */
/** @typedef {import("../../../semblance.js").ImageInput} ImageInput */
/** @typedef {import("../../../semblance.js").Label} Label */
/** @typedef {import("../../../semblance.js").MeasureOptions} MeasureOptions */

/** Templates that are tried at a time: their logits stand in memory together. */
const TEMPLATES_AT_MOST = 200;

/**
 * @param {Clip} clip
 * @param {ImageInput[] | Float32Array} images
 * @param {Label[]} labels
 * @param {MeasureOptions & { usual?: import("../../../semblance.js").Usual }} [options]
 */
export async function domain(clip, images, labels, options) {
  const { usual, seed, ...rest } = checkOptions(options, "domain");
  const reference = usual ?? (await connectMeasure().call("usualOf", { model: clip.info().model.hash }));
  if (!reference) throw failure("ModelError", "Nobody has said yet what this model's scores usually look like. Make a reference of pictures that it knows (usual), and give it.");
  return connectMeasure().call("domain", { ...(await cosinesOf(clip, images, labels, rest)), usual: reference, seed: checkSeed(seed) });
}

/**
 * @param {Clip} clip
 * @param {ImageInput[] | Float32Array} images
 * @param {Label[]} labels
 * @param {MeasureOptions} [options]
 */
export async function usual(clip, images, labels, options) {
  return connectMeasure().call("usual", await cosinesOf(clip, images, labels, checkOptions(options, "usual")));
}

/**
 * @param {Clip} clip
 * @param {ImageInput[] | Float32Array} images
 * @param {Label[]} labels
 * @param {MeasureOptions} options
 * @returns {Promise<import("./protocol.js").Cosines>}
 */
async function cosinesOf(clip, images, labels, { template, signal, onProgress }) {
  const { neutral } = await connectMeasure().call("prompts", {});
  const vectors = await vectorsOf(clip, images, { signal, onProgress });
  const asked = await clip.similarity(vectors, labels, { template, signal });
  const others = await clip.similarity(vectors, neutral, { signal });
  return { labels: asked.cosine, classes: asked.cols, neutral: others.cosine, captions: others.cols, logitScale: clip.info().model.logitScale };
}

/**
 * @param {Clip} clip
 * @param {ImageInput[] | Float32Array} images
 * @param {Label[]} labels
 * @param {(string | string[])[]} templates the first is the present one
 * @param {import("../../../semblance.js").StepOptions & { seed?: number, onProgress?: (done: number, total: number) => void }} [options]
 */
export async function compareTemplates(clip, images, labels, templates, options) {
  const { seed, signal, onProgress } = checkOptions(options, "compareTemplates");
  if (!Array.isArray(templates) || templates.length < 2 || templates.length > TEMPLATES_AT_MOST) throw new TypeError(`templates must be an array of 2 to ${TEMPLATES_AT_MOST}`);
  const vectors = await vectorsOf(clip, images, { signal });
  /** @type {Float32Array | null} */
  let logits = null;
  let classes = 0;
  for (const [at, template] of templates.entries()) {
    const similarity = await clip.similarity(vectors, labels, { template, signal });
    logits ??= new Float32Array(templates.length * similarity.logits.length);
    logits.set(similarity.logits, at * similarity.logits.length);
    classes = similarity.cols;
    onProgress?.(at + 1, templates.length);
  }
  return connectMeasure().call("templates", { logits: /** @type {Float32Array} */ (logits), count: templates.length, classes, present: 0, seed: checkSeed(seed) });
}
