/**
 * What the page knows of models: the one that runs, the one that loads, what is asked, what is stored. Pure.
 *
 * @typedef {import("../../../semblance.js").Info} Info
 * @typedef {import("../../../semblance.js").LoadProgress} LoadProgress
 * @typedef {import("../../../semblance.js").ModelEntry} ModelEntry
 * @typedef {import("../../../semblance.js").Offer} Offer
 * @typedef {import("../../../semblance.js").StoredModel} StoredModel
 *
 * @typedef {object} ModelChoice A model someone picked.
 * @property {string} name For people.
 * @property {string | Blob | readonly File[]} model For `Semblance.load`.
 * @property {number | null} bytes To download; null where it is not known beforehand.
 * @property {string | null} address What a link calls it; null where it cannot travel in one.
 * @property {string} [id] In this browser's storage, where it is known.
 * @property {number} [logitScale] Given by hand, for weights that have none.
 *
 * @typedef {object} Question What is asked before a model loads.
 * @property {"offer" | "scale"} kind Whether it may be downloaded; its logit scale.
 * @property {ModelChoice} choice
 * @property {Offer | null} offer What it takes, once that is known.
 * @property {string} message Why that could not be found out.
 *
 * @typedef {object} ModelState
 * @property {"idle" | "loading" | "paused" | "ready" | "error"} status
 * @property {ModelChoice | null} choice The one being loaded or running.
 * @property {ModelChoice | null} running The one that answers now; it keeps answering while another loads.
 * @property {LoadProgress | null} progress
 * @property {number | null} here After a load broke off: bytes that stayed in storage, once that is known.
 * @property {string} message Why it failed, or waits.
 * @property {Info | null} info
 * @property {ModelEntry[]} entries
 * @property {Question | null} question
 * @property {StoredModel | null} unfinished A download that broke off on an earlier visit, as long as going on is offered.
 * @property {ModelEntry | null} newer What the site has of the model that was taken from storage in an older version.
 *
 * @typedef {"verify" | "export" | "import" | "delete"} ShelfWork
 * @typedef {object} Shelf The models in this browser's storage.
 * @property {StoredModel[]} models
 * @property {number | null} quota Bytes that the browser allows this site; null where it does not say.
 * @property {{ what: ShelfWork, id: string | null, done: number, total: number | null } | null} work No id: one that is being imported.
 * @property {{ id: string | null, message: string, trouble: boolean } | null} said What came of the last work.
 *
 * @typedef {{ type: "model/entries", entries: ModelEntry[] }
 *   | { type: "model/suggest", choice: ModelChoice, message: string }
 *   | { type: "model/ask", choice: ModelChoice }
 *   | { type: "model/offer", choice: ModelChoice, offer: Offer }
 *   | { type: "model/offer-failed", message: string }
 *   | { type: "model/ask-scale", choice: ModelChoice, message: string }
 *   | { type: "model/declined" }
 *   | { type: "model/load", choice: ModelChoice }
 *   | { type: "model/progress", progress: LoadProgress }
 *   | { type: "model/ready", choice: ModelChoice, info: Info }
 *   | { type: "model/failed", message: string }
 *   | { type: "model/paused" }
 *   | { type: "model/here", bytes: number }
 *   | { type: "model/cancelled", message: string }
 *   | { type: "model/lost", message: string }
 *   | { type: "model/info", info: Info }
 *   | { type: "model/unfinished", model: StoredModel | null }
 *   | { type: "model/newer", entry: ModelEntry | null }} ModelAction
 *
 * @typedef {{ type: "shelf/models", models: StoredModel[], quota: number | null }
 *   | { type: "shelf/work", work: NonNullable<Shelf["work"]> }
 *   | { type: "shelf/said", said: NonNullable<Shelf["said"]> }} ShelfAction
 */

/** @type {ModelState} */
export const noModel = {
  status: "idle",
  choice: null,
  running: null,
  progress: null,
  here: null,
  message: "",
  info: null,
  entries: [],
  question: null,
  unfinished: null,
  newer: null,
};

/** @type {Shelf} */
export const emptyShelf = { models: [], quota: null, work: null, said: null };

/** Back to the model that runs; to none where none does. @param {ModelState} state @param {string} message @returns {ModelState} */
const back = (state, message) =>
  state.running ? { ...state, status: "ready", choice: state.running, progress: null, message: "" } : { ...state, status: "idle", progress: null, message };

/** @param {ModelState} state @param {{ type: string }} given @returns {ModelState} */
export function reduceModel(state, given) {
  const action = /** @type {ModelAction} */ (given);
  switch (action.type) {
    case "model/entries":
      return { ...state, entries: action.entries };
    case "model/suggest":
      return { ...state, status: "idle", choice: action.choice, message: action.message };
    case "model/ask":
      return { ...state, question: { kind: "offer", choice: action.choice, offer: null, message: "" } };
    case "model/offer":
      return { ...state, question: { kind: "offer", choice: action.choice, offer: action.offer, message: "" } };
    case "model/offer-failed":
      return { ...state, question: state.question && { ...state.question, message: action.message } };
    case "model/ask-scale":
      return { ...back(state, action.message), question: { kind: "scale", choice: action.choice, offer: null, message: "" } };
    case "model/declined":
      return { ...state, question: null };
    case "model/load": {
      const unfinished = state.unfinished?.id === action.choice.id ? null : state.unfinished;
      return { ...state, status: "loading", choice: action.choice, progress: null, here: null, message: "", question: null, unfinished, newer: null };
    }
    case "model/progress":
      return { ...state, progress: action.progress };
    case "model/ready": {
      const { choice, info } = action;
      const entries = state.entries.map((entry) => (entry.name === choice.model ? { ...entry, stored: info.model.stored } : entry));
      return { ...state, status: "ready", choice, running: choice, progress: null, info, message: "", entries };
    }
    case "model/failed":
      return { ...state, status: "error", message: action.message };
    case "model/paused":
      return { ...state, status: "paused" };
    case "model/here":
      return { ...state, here: action.bytes };
    case "model/cancelled":
      return back(state, action.message);
    case "model/lost": {
      const { status, choice, running } = state;
      if (status === "loading" || status === "paused") return { ...state, running: null };
      return { ...state, status: "error", choice: running ?? choice, message: action.message, running: null };
    }
    case "model/info":
      return { ...state, info: action.info };
    case "model/unfinished":
      return { ...state, unfinished: action.model };
    case "model/newer":
      return { ...state, newer: action.entry };
    default:
      return state;
  }
}

/** @param {Shelf} state @param {{ type: string }} given @returns {Shelf} */
export function reduceShelf(state, given) {
  const action = /** @type {ShelfAction} */ (given);
  switch (action.type) {
    case "shelf/models":
      return { ...state, models: action.models, quota: action.quota };
    case "shelf/work":
      return { ...state, work: action.work, said: null };
    case "shelf/said":
      return { ...state, work: null, said: action.said };
    default:
      return state;
  }
}
