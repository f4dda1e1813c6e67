/** Measuring's two WebAssembly modules, which know no model: `crates/measure`, and `crates/labels` with its words. */
import { startModule } from "../running/module.js";

/**
 * @typedef {object} MeasureWasm
 * @property {(logits: Float32Array, classes: number, truths: Uint32Array, seed: number) => { report: string, answers: Uint32Array, probabilities: Float32Array, ranks: Uint32Array, top: Uint32Array, topOf: number }} evaluate
 * @property {(right: Uint8Array, systems: number, againstBest: boolean, seed: number) => string} compareAll
 * @property {(labels: Float32Array, classes: number, neutral: Float32Array, captions: number, logitScale: number) => string} usual
 * @property {(model: string) => string | undefined} usual_of
 * @property {(labels: Float32Array, classes: number, neutral: Float32Array, captions: number, logitScale: number, usual: string, seed: number) => string} domain
 * @property {(logits: Float32Array, count: number, classes: number, views: number, present: number, seed: number) => string} templates
 * @property {(cosines: Float32Array, bases: Float32Array, groups: number, attributes: number, logitScale: number, seed: number) => string} bias
 * @property {() => string[]} neutral_captions
 * @property {() => string[]} imagenet_templates
 */
/**
 * @typedef {object} LabelsWasm
 * @property {(request: string, cosines: Float32Array) => string} check
 * @property {() => string} reference_pairs
 * @property {(same: Float32Array, different: Float32Array) => number | undefined} threshold_of
 */

/** @returns {Promise<MeasureWasm>} */
export const startMeasureWasm = () => startModule("measure");
/** @returns {Promise<LabelsWasm>} */
export const startLabelsWasm = () => startModule("labels");
