/**
 * The engines, behind one interface. Each does a row once and times exactly the work that the row names, from
 * inputs that lie ready to vectors that JavaScript can read:
 *
 * | row | from | to |
 * |---|---|---|
 * | `image1`, `image8` | preprocessed pixels | 1 or 8 embeddings |
 * | `jpeg` | a JPEG `Blob` | 1 embedding; only where the library decodes and preprocesses |
 * | `labels5`, `labels80` | COCO's labels in "This is a photo of {}" | 5 or 80 embeddings |
 * | `captions80` | 80 captions that share no first word | 80 embeddings |
 *
 * Texts start as token ids in onnxruntime-web and LiteRT.js, which have no tokenizer, and as strings in
 * transformers.js and Semblance, which tokenise inside the measured time.
 *
 * An engine has only the rows that its library can do.
 */
import * as litert from "./litert.js";
import * as ort from "./ort.js";
import * as semblance from "./semblance.js";
import * as transformers from "./transformers.js";

/** @typedef {import("../inputs.js").Inputs} Inputs */
/** @typedef {import("../inputs.js").Row} Row */
/** One call: milliseconds, and the embedding of the first picture or text. @typedef {{ ms: number, vector: Float32Array }} Run */
/** @typedef {Partial<Record<Row, () => Promise<Run>>>} Rows */
/**
 * A library that has started, without a model.
 *
 * @typedef {object} Engine
 * @property {string} version the library's name and version
 * @property {() => Promise<Rows>} loadImageTower
 * @property {() => Promise<Rows>} loadTextTower
 * @property {() => Promise<string[]>} [requests] addresses that a worker of its own fetched
 */
/** `towers` that will be used, for a library that loads both at once. @typedef {{ threads: number, inputs: Inputs, bundle: string, towers: "both" | "image" }} Options */
/** @typedef {(options: Options) => Promise<Engine>} Create */

export const ROWS = /** @type {const} */ (["image1", "image8", "jpeg", "labels5", "labels80", "captions80"]);

/**
 * The engines that run with so many threads, by name.
 *
 * @param {number} threads
 * @param {boolean} before an earlier version of ours, too
 * @returns {Map<string, Create>}
 */
export function enginesFor(threads, before) {
  /** @type {import("./semblance.js").Build[]} */
  const builds = threads === 1 ? ["relaxed", "simd"] : ["threads"];
  return new Map([
    ["ort", ort.create],
    ["transformers", transformers.create],
    ["litert", litert.create],
    ...builds.map((build) => /** @type {[string, Create]} */ ([`semblance-${build}`, semblance.createOf(build, "")])),
    ...(before ? builds : []).map((build) => /** @type {[string, Create]} */ ([`before-${build}`, semblance.createOf(build, "/before")])),
  ]);
}
