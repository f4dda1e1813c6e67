/** What the page and organising's worker say to each other (running/messenger.js). Vectors of many pictures lie one after another. */

/** @typedef {import("../../../semblance.js").VocabularyTerm} VocabularyTerm */
/** @typedef {import("../../../semblance.js").RuleReport} RuleReport */
/** @typedef {import("../../../semblance.js").RuleMark} RuleMark */
/** @typedef {import("../../../semblance.js").RuleAdvice} RuleAdvice */
/** @typedef {{ picture: number, word: number, right: boolean }} Correction by places */
/** Of each picture how many words it has; all of them, and their probabilities. @typedef {{ counts: Uint32Array, words: Uint32Array, probabilities: Float32Array, least: number | null, expected: number | null }} Selected */
/** As `crates/organise` takes them. @typedef {{ width: number, height: number, bytes: number, taken: number | null, modified: number, path: string, hash: number[] | null }} Facts */
/** @typedef {{ kind: import("../../../semblance.js").DuplicateKind, keep: number, because: import("../../../semblance.js").DuplicateSet["reason"], members: { picture: number, evidence: import("../../../semblance.js").DuplicateEvidence | null }[] }} FoundSet by places */
/** A group by places: its pictures, the nearest to its middle, and its names' places. @typedef {{ pictures: Uint32Array, central: number[], names: number[] }} FoundGroup */
/**
 * @typedef {object} Calls
 * @property {{ args: { width: number }, ok: number }} vectors room for them: a handle
 * @property {{ args: { handle: number, pictures: Float32Array }, ok: null }} gather further pictures' vectors
 * @property {{ args: { handle: number, terms: Float32Array, seed: number }, ok: { handle: number, most: number, suggested: number } }} groups of vectors that were gathered, with terms for names, or none; tells how far it is
 * @property {{ args: { handle: number, count: number }, ok: FoundGroup[] }} cut
 * @property {{ args: { handle: number, seed: number }, ok: Float32Array }} map of vectors that were gathered: x, y of each; tells `{ share, places }`
 * @property {{ args: { handle: number, facts: Facts[] }, ok: { handle: number, wanted: Uint32Array } }} closest pairs of vectors that were gathered, and whose small pictures are needed; tells how far it is
 * @property {{ args: { handle: number, picture: number, small: Blob | null }, ok: null }} look at a small picture
 * @property {{ args: { handle: number, vectors: number }, ok: FoundSet[] }} duplicates tells how far it is
 * @property {{ args: { model: string | null }, ok: VocabularyTerm[] }} vocabulary that a model knows, by its name, or all
 * @property {{ args: {}, ok: string[] }} neutral captions
 * @property {{ args: { words: Float32Array, width: number, sample: Float32Array }, ok: number }} tags of words' vectors, and of some of the library's pictures: a handle
 * @property {{ args: { handle: number, pictures: Float32Array }, ok: null }} tag further pictures
 * @property {{ args: { handle: number, aim: number, most: number, corrections: Correction[] }, ok: Selected }} select
 * @property {{ args: { handle: number }, ok: null }} free
 * @property {{ args: { tags: string[][] }, ok: string[] }} sidecars
 * @property {{ args: { pictures: Float32Array, width: number, labels: Float32Array, against: Float32Array, logitScale: number }, ok: { scores: Float32Array, labels: Uint32Array, against: Uint32Array } }} score by a rule
 * @property {{ args: { marks: RuleMark[] }, ok: number }} centre
 * @property {{ args: { probabilities: Float32Array, aim: number }, ok: number | null }} least probability to take
 * @property {{ args: { marks: RuleMark[], threshold: number }, ok: RuleReport }} report
 * @property {{ args: {}, ok: { general: string, rules: RuleAdvice[] } }} advice
 * @property {{ args: { pictures: Float32Array, width: number, labels: Float32Array, logitScale: number }, ok: { labels: Uint32Array, probabilities: Float32Array } }} facets
 */

export {};
