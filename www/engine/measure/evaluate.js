/** How good a model is on pictures whose classes are known, and which of several is better. The types are in semblance.d.ts. */
import { checkOptions, checkSeed } from "../api/check.js";
import { connectMeasure } from "./client.js";
import { vectorsOf } from "./inputs.js";

/** @typedef {import("../../../semblance.js").Evaluation} Evaluation */
/** @typedef {import("../../../semblance.js").Semblance} Clip */

/**
 * @param {Float32Array} logits
 * @param {ArrayLike<number>} truths
 * @param {{ seed?: number }} [options]
 * @returns {Promise<Evaluation>}
 */
export async function evaluate(logits, truths, options) {
  const { seed } = checkOptions(options, "evaluate");
  if (!(logits instanceof Float32Array)) throw new TypeError("logits must be a Float32Array");
  const right = truthsOf(truths);
  if (right.length === 0 || logits.length % right.length !== 0) throw new TypeError("logits must have a row for each truth, all as long");
  const classes = logits.length / right.length;
  const { report, answers, probabilities, ranks, top, topOf } = await connectMeasure().call("evaluate", { logits: logits.slice(), classes, truths: right, seed: checkSeed(seed) });
  return { report, answers, probabilities, ranks, top, topOf };
}

/**
 * @param {Clip} clip
 * @param {import("../../../semblance.js").ImageInput[] | Float32Array} images
 * @param {ArrayLike<number>} truths
 * @param {import("../../../semblance.js").Label[]} labels
 * @param {import("../../../semblance.js").EvaluateOptions} [options]
 */
export async function evaluateClip(clip, images, truths, labels, options) {
  const { template, seed, signal, onProgress } = checkOptions(options, "evaluate");
  const vectors = await vectorsOf(clip, images, { signal, onProgress });
  if (vectors.length !== truths.length) throw new TypeError(`there are ${vectors.length} images and ${truths.length} truths`);
  const { logits } = await clip.similarity(vectors, labels, { template, signal });
  return evaluate(logits, truths, { seed });
}

/**
 * @param {Pick<Evaluation, "ranks">[]} evaluations
 * @param {{ against?: "best" | "first", seed?: number }} [options]
 */
export async function compare(evaluations, options) {
  const { against = "best", seed } = checkOptions(options, "compareEvaluations");
  if (!["best", "first"].includes(against)) throw new TypeError('against must be "best" or "first"');
  if (!Array.isArray(evaluations) || evaluations.length === 0) throw new TypeError("evaluations must be an array of at least one");
  const pictures = evaluations[0].ranks.length;
  if (evaluations.some(({ ranks }) => ranks.length !== pictures)) throw new TypeError("all evaluations must be of the same pictures, in the same order");
  const right = Uint8Array.from(evaluations.flatMap(({ ranks }) => Array.from(ranks, (rank) => Number(rank === 0))));
  return connectMeasure().call("compare", { right, systems: evaluations.length, againstBest: against === "best", seed: checkSeed(seed) });
}

/** @param {ArrayLike<number>} truths */
function truthsOf(truths) {
  const all = Array.from(truths);
  if (!all.every((truth) => Number.isInteger(truth) && truth >= 0)) throw new TypeError("truths must be the classes' places, whole numbers from 0 on");
  return Uint32Array.from(all);
}
