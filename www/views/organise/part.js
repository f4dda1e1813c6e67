/**
 * What a part of the view is, and what it is given. Types only.
 *
 * @typedef {object} Part
 * @property {() => void} draw While it is open.
 * @property {() => void} changed Another library, other pictures in it, or another model: what was found holds no more.
 * @property {import("../../shell/view.js").Handlers} handlers
 * @property {(given: import("../../shell/view.js").Given) => boolean} [take] Something was dropped while it is open.
 * @property {() => { labels: string[], template: string } | null} [texts]
 *
 * @typedef {{ title: string, ids: Uint32Array, values?: Float32Array }} Chosen Pictures to be looked at; values: 0 to 1, a bar under each.
 *
 * @typedef {object} Acting What the rules that were applied do with pictures.
 * @property {ReadonlySet<number>} hidden Shown nowhere but among the rule's own hits.
 * @property {ReadonlySet<number>} blurred
 * @property {ReadonlyMap<number, { word: string, probability: number }[]>} tagged With the rule's name.
 *
 * @typedef {object} Needs
 * @property {import("../../shell/view.js").Shell} shell
 * @property {() => import("../../../semblance.js").PictureIndex | null} index
 * @property {() => string} library its name
 * @property {import("../../shell/work/work.js").Work} work
 * @property {() => import("./state.js").OrganiseState} getState
 * @property {(chosen: Chosen | null) => void} show below the part's own controls, as the rules say
 * @property {() => Acting} acting
 * @property {(ids: Iterable<number>) => void} select
 * @property {(ids: ArrayLike<number>) => Promise<{ path: string, file: File }[]>} originals those at hand; who is missing is said
 * @property {import("../../shell/library/thumbnails.js").Thumbnails} thumbnails
 * @property {() => boolean} ready a model answers and there are pictures
 */

export {};
