/** What the page and a captioner's worker say to each other (running/messenger.js). */

/** @typedef {import("../../../semblance.js").CaptionerInfo} Info */
/** @typedef {import("../../../semblance.js").Caption} Caption */
/** @typedef {import("../api/protocol.js").ModelSource} ModelSource */
/** @typedef {import("../../../semblance.js").Compute} Compute */
/** @typedef {import("../api/protocol.js").Picture} Picture */
/** @typedef {{ beams: number, maxTokens: number, minTokens: number }} Limits */
/**
 * @typedef {object} Calls
 * @property {{ args: { model: ModelSource, dtype: Compute, choice: import("../api/protocol.js").Choice, taken: number }, ok: { handle: number, info: Info } }} load tells `LoadProgress`
 * @property {{ args: { model: ModelSource, dtype: Compute, choice: import("../api/protocol.js").Choice, taken: number }, ok: import("../../../semblance.js").Offer }} describe
 * @property {{ args: { handle: number, picture: Picture, prompt: string, limits: Limits }, ok: { caption: Caption, info: Info } }} caption tells the text so far
 * @property {{ args: { handle: number, picture: Picture, question: string, limits: Limits }, ok: { caption: Caption, info: Info } }} answer tells the text so far
 * @property {{ args: { handle: number }, ok: null }} free
 */

export {};
