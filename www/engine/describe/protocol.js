/** What the page and describing's worker say to each other (running/messenger.js). */

/** @typedef {import("../../../semblance.js").Phrase} Phrase */
/** By the phrases' places. @typedef {{ parts: { phrase: number, gain: number }[], text: string, cosine: number }} Described */
/** @typedef {{ mode: import("../../../semblance.js").DescribeMode, beam: number, max: number, without: number[] }} DescribeArgs */
/** What a question was made into, as `crates/describe` has it. @typedef {Omit<import("../../../semblance.js").Question, "answers"> & { answers: { answer: string, statements: string[] }[] }} Asked */
/**
 * @typedef {object} Calls
 * @property {{ args: { model: string | null }, ok: Phrase[] }} phrases that a model knows, by its name, or all
 * @property {{ args: { phrases: Phrase[] }, ok: string[] }} prompts what is embedded of each
 * @property {{ args: { phrases: Phrase[], vectors: Float32Array, width: number }, ok: number }} describer a handle
 * @property {{ args: { handle: number, image: Float32Array, options: DescribeArgs }, ok: Described }} describe
 * @property {{ args: { handle: number }, ok: null }} free
 * @property {{ args: { question: string, answers: string[], template: string | null, model: string | null }, ok: Asked }} read
 * @property {{ args: { asked: Asked, image: Float32Array, statements: Float32Array, logitScale: number }, ok: import("../../../semblance.js").Judgement }} judge the statements' vectors, and then those of what says nothing
 */

export {};
