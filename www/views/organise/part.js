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
 * @typedef {object} Needs
 * @property {import("../../shell/view.js").Shell} shell
 * @property {() => import("../../../semblance.js").PictureIndex | null} index
 * @property {() => string} library its name
 * @property {import("./work.js").Work} work
 * @property {() => import("./state.js").OrganiseState} getState
 * @property {(shown: import("./state.js").Shown | null) => void} show below the part's own controls
 * @property {(ids: Iterable<number>) => void} select
 * @property {(ids: ArrayLike<number>) => Promise<{ path: string, file: File }[]>} originals those at hand; who is missing is said
 * @property {import("../../shell/library/thumbnails.js").Thumbnails} thumbnails
 * @property {() => boolean} ready a model answers and there are pictures
 */

export {};
