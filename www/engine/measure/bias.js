/** Counterfactual prompts: what a word for a group of people changes. The types are in semblance.d.ts. */
import { checkOptions, checkSeed } from "../api/check.js";
import { failure } from "../errors.js";
import { joined } from "../running/rows.js";
import { connectMeasure } from "./client.js";
import { vectorsOf } from "./inputs.js";

/** @typedef {import("../../../semblance.js").Semblance} Clip */
/** @typedef {import("../../../semblance.js").BiasProbe} BiasProbe */

/** Where the word of a group goes, and where what is said of it. */
const GROUP = "{group}";
const ATTRIBUTE = "{attribute}";

/**
 * @param {Clip} clip
 * @param {import("../../../semblance.js").ImageInput[] | Float32Array} images
 * @param {BiasProbe} probe
 * @param {import("../../../semblance.js").StepOptions & { seed?: number, onProgress?: (done: number, total: number) => void }} [options]
 */
export async function bias(clip, images, probe, options) {
  const { seed, signal, onProgress } = checkOptions(options, "bias");
  const { groups, attributes, prompt, base } = checkProbe(probe);
  const vectors = await vectorsOf(clip, images, { signal, onProgress });
  /** Of the texts of a group with each picture. @param {string[]} texts */
  const cosines = async (texts) => (await clip.similarity(vectors, texts, { signal })).cosine;
  const shown = [];
  const bare = [];
  for (const group of groups) {
    const put = (/** @type {string} */ attribute) => prompt.replaceAll(GROUP, group).replaceAll(ATTRIBUTE, attribute);
    shown.push(await cosines(attributes.map(put)));
    bare.push(await cosines([base.replaceAll(GROUP, group)]));
  }
  const { logitScale } = clip.info().model;
  return connectMeasure().call("bias", { cosines: joined(shown), bases: joined(bare), groups: groups.length, attributes: attributes.length, logitScale, seed: checkSeed(seed) });
}

/** @param {unknown} probe @returns {BiasProbe} */
function checkProbe(probe) {
  const { groups, attributes, prompt, base } = /** @type {BiasProbe} */ (probe ?? {});
  const words = (/** @type {unknown} */ all) => Array.isArray(all) && all.every((word) => typeof word === "string" && word.trim() !== "");
  if (!words(groups) || groups.length < 2) throw failure("TextError", "A probe needs at least two groups, each a word or some.");
  if (!words(attributes) || attributes.length === 0) throw failure("TextError", "A probe needs at least one attribute.");
  if (typeof prompt !== "string" || !prompt.includes(GROUP) || !prompt.includes(ATTRIBUTE)) throw failure("TextError", `The prompt needs ${GROUP} and ${ATTRIBUTE}.`);
  if (typeof base !== "string" || !base.includes(GROUP)) throw failure("TextError", `The base needs ${GROUP}: it is the prompt without the attribute.`);
  return { groups, attributes, prompt, base };
}
