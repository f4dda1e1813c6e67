/** The WebAssembly module of `crates/organise`, which knows no model. */
import { startModule } from "../running/module.js";

/**
 * Words of a vocabulary over a library.
 *
 * @typedef {object} Tags
 * @property {(pictures: Float32Array) => void} add
 * @property {(aim: number, most: number, corrections: string) => { counts: Uint32Array, words: Uint32Array, probabilities: Float32Array, least?: number, expected?: number }} select
 * @property {() => void} free
 */
/** @typedef {{ add: (pictures: Float32Array) => void, free: () => void }} Vectors of a library */
/**
 * @typedef {object} Groups
 * @property {(vectors: Vectors) => boolean} step whether there is more
 * @property {() => number} progress from 0 to 1
 * @property {(vectors: Vectors, terms: Float32Array) => void} finish
 * @property {() => number} most
 * @property {() => number} suggested
 * @property {(vectors: Vectors, count: number) => { groups: Uint32Array, central: Uint32Array[], names: Uint32Array[] }} cut
 * @property {() => void} free
 */
/**
 * @typedef {object} Places
 * @property {(vectors: Vectors) => boolean} step whether there is more
 * @property {() => number} progress from 0 to 1
 * @property {() => Float32Array} points
 * @property {() => void} free
 */
/**
 * @typedef {object} Duplicates
 * @property {(vectors: Vectors) => boolean} step whether there is more
 * @property {() => number} progress from 0 to 1
 * @property {() => Uint32Array} wanted
 * @property {(picture: number, rgba: Uint8ClampedArray, width: number, height: number) => void} look
 * @property {() => boolean} judge whether there is more
 * @property {(vectors: Vectors) => string} finish
 * @property {() => void} free
 */
/**
 * @typedef {object} OrganiseWasm
 * @property {new (width: number) => Vectors} Vectors
 * @property {new (vectors: Vectors, seed: number) => Groups} Groups
 * @property {new (vectors: Vectors, seed: number) => Places} Places
 * @property {new (vectors: Vectors, facts: string) => Duplicates} Duplicates
 * @property {(model?: string) => string} vocabulary
 * @property {() => string[]} neutral_captions
 * @property {new (words: Float32Array, width: number, sample: Float32Array) => Tags} Tags
 * @property {(tags: string[]) => string} sidecar
 * @property {(pictures: Float32Array, width: number, labels: Float32Array, against: Float32Array, logitScale: number) => { scores: Float32Array, labels: Uint32Array, against: Uint32Array }} score
 * @property {(marks: string) => number} centre
 * @property {(probabilities: Float32Array, aim: number) => number | undefined} cut
 * @property {(marks: string, threshold: number) => string} report
 * @property {() => string} advice
 * @property {(pictures: Float32Array, width: number, labels: Float32Array, logitScale: number) => { labels: Uint32Array, probabilities: Float32Array }} facets
 */

/** @returns {Promise<OrganiseWasm>} */
export const startOrganiseWasm = () => startModule("organise");
