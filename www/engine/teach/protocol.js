/**
 * What the page and the teaching's worker say to each other (running/messenger.js). A classifier is a number there, until it is
 * freed.
 */

/** @typedef {import("../../../semblance.js").TeachReport} Report */
/** @typedef {import("../../../semblance.js").LearningPoint} LearningPoint */
/** @typedef {import("./wasm.js").About} About */
/**
 * Examples, one after another, with the number of the class of each; of the classes their names, words and the words' vectors, or
 * none of both; vectors of what is of no class.
 *
 * @typedef {object} Lesson
 * @property {Float32Array} vectors
 * @property {number} dim
 * @property {Uint32Array} labels
 * @property {string[]} names
 * @property {string[]} prompts
 * @property {Float32Array} words
 * @property {number} logitScale
 * @property {string} method empty: the best one
 * @property {Float32Array} captions
 * @property {Float32Array} background of pictures
 * @property {string} model the hash of its weights
 */
/** @typedef {{ handle: number, about: About, report: Report | null, dim: number }} Opened */
/**
 * @typedef {object} Calls
 * @property {{ args: Lesson, ok: Opened }} teach tells how far it is, from 0 to 1
 * @property {{ args: { file: Blob }, ok: Opened }} open a classifier's file
 * @property {{ args: { handle: number, vectors: Float32Array }, ok: { probabilities: Float32Array, known: Float32Array } }} classify vectors, one after another
 * @property {{ args: { handle: number, threshold: number | null }, ok: About }} threshold
 * @property {{ args: { handle: number }, ok: { points: LearningPoint[], expected: number | null } }} learn tells the points so far
 * @property {{ args: { handle: number }, ok: Uint8Array }} bytes of its file
 * @property {{ args: { handle: number }, ok: null }} free
 * @property {{ args: { logits: Float32Array, classes: number, marked: Uint32Array, right: Uint8Array }, ok: number }} temperature of answers that were marked
 */

export {};
