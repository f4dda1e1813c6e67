/** Teaching's WebAssembly (`crates/teach`): no model, no tokenizer. Fetched when somebody teaches or opens a classifier. */
import { startModule } from "../running/module.js";

/**
 * As the file has it.
 *
 * @typedef {object} About
 * @property {string[]} classes
 * @property {string} model the hash of its weights
 * @property {string[]} prompts of the classes, or none
 * @property {import("../../../semblance.js").TeachSetting} setting
 * @property {number} examples
 * @property {number | null} accuracy of held-out examples
 * @property {number | null} threshold below it nothing is known
 */
/**
 * @typedef {object} Classifier
 * @property {() => string} about JSON
 * @property {() => number} dim
 * @property {() => Uint8Array<ArrayBuffer>} to_bytes
 * @property {(threshold?: number) => void} set_threshold
 * @property {(vectors: Float32Array) => { probabilities: Float32Array, known: Float32Array }} classify
 * @property {() => void} free
 */
/**
 * @typedef {object} Taught
 * @property {() => Classifier | undefined} classifier once
 * @property {() => string} report JSON
 * @property {() => Uint32Array} shots
 * @property {(shots: number) => string} learning_point JSON
 * @property {() => void} free
 */
/**
 * @typedef {object} Teaching
 * @property {() => boolean} step whether there is more to do
 * @property {() => number} progress
 * @property {(captions: Float32Array, pictures: Float32Array, prompts: string[], model: string) => Taught} finish
 * @property {() => void} free
 */
/**
 * @typedef {object} TeachWasm
 * @property {new (vectors: Float32Array, dim: number, labels: Uint32Array, names: string[], words: Float32Array, logitScale: number, method: string) => Teaching} Teaching
 * @property {{ from_bytes(bytes: Uint8Array): Classifier }} Classifier
 * @property {(shots: Uint32Array, accuracies: Float64Array) => number | undefined} expected_accuracy
 * @property {(logits: Float32Array, classes: number, marked: Uint32Array, right: Uint8Array) => number} temperature_of_marks
 */

/** @returns {Promise<TeachWasm>} */
export const startTeachWasm = () => startModule("teach");
