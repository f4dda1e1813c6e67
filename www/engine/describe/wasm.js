/** The WebAssembly module of `crates/describe`, which knows no model. */
import { startModule } from "../running/module.js";

/** @typedef {{ describe: (image: Float32Array, options: string) => string, free: () => void }} Describer */
/**
 * @typedef {object} DescribeWasm
 * @property {(model?: string) => string} phrases
 * @property {(phrases: string) => string[]} prompts
 * @property {new (phrases: string, vectors: Float32Array, width: number) => Describer} Describer
 * @property {(question: string, answers: string[], template?: string, model?: string) => string} read
 * @property {(asked: string, image: Float32Array, statements: Float32Array, logitScale: number) => string} judge
 */

/** @returns {Promise<DescribeWasm>} */
export const startDescribeWasm = () => startModule("describe");
