/** What the page and measuring's worker say to each other (running/messenger.js). Numbers of many pictures lie one after another. */

/** @typedef {import("../../../semblance.js").EvaluationReport} EvaluationReport */
/** @typedef {import("../../../semblance.js").RankedSystem} RankedSystem */
/** @typedef {import("../../../semblance.js").LabelFinding} LabelFinding */
/** @typedef {import("../../../semblance.js").Domain} Domain */
/** @typedef {import("../../../semblance.js").Usual} Usual */
/** @typedef {import("../../../semblance.js").TemplateFits} TemplateFits */
/** @typedef {import("../../../semblance.js").Bias} Bias */
/** Pictures' cosines with labels, and with neutral captions. @typedef {{ labels: Float32Array, classes: number, neutral: Float32Array, captions: number, logitScale: number }} Cosines */
/** @typedef {{ report: EvaluationReport, answers: Uint32Array, probabilities: Float32Array, ranks: Uint32Array, top: Uint32Array, topOf: number }} Evaluated */
/** What `crates/labels` is asked. @typedef {{ labels: string[], template: string, english: boolean, vocabulary?: string, threshold?: number, fits?: { label: number, neutral: number }[] }} LabelRequest */
/** Pairs of labels that mean the same, and that don't. @typedef {[[string, string][], [string, string][]]} ReferencePairs */
/**
 * @typedef {object} Calls
 * @property {{ args: { logits: Float32Array, classes: number, truths: Uint32Array, seed: number }, ok: Evaluated }} evaluate
 * @property {{ args: { right: Uint8Array, systems: number, againstBest: boolean, seed: number }, ok: RankedSystem[] }} compare
 * @property {{ args: Cosines, ok: Usual }} usual
 * @property {{ args: { model: string }, ok: Usual | null }} usualOf what is known of a model, by its hash
 * @property {{ args: Cosines & { usual: Usual, seed: number }, ok: Domain }} domain
 * @property {{ args: { logits: Float32Array, count: number, classes: number, present: number, seed: number }, ok: TemplateFits }} templates `count × pictures × classes`
 * @property {{ args: { cosines: Float32Array, bases: Float32Array, groups: number, attributes: number, logitScale: number, seed: number }, ok: Bias }} bias
 * @property {{ args: {}, ok: { neutral: string[], imagenet: string[] } }} prompts
 * @property {{ args: { request: LabelRequest, cosines: Float32Array }, ok: LabelFinding[] }} labels
 * @property {{ args: {}, ok: ReferencePairs }} pairs
 * @property {{ args: { same: Float32Array, different: Float32Array }, ok: number | null }} threshold
 */

export {};
