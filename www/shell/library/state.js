/**
 * What a view shows of the library that it has open, and how each event changes it: a part of the view's own state.
 * Pure: no DOM, no storage, no model.
 *
 * @typedef {import("../../../semblance.js").AddProgress} AddProgress
 * @typedef {import("../../../semblance.js").IndexStats} IndexStats
 *
 * @typedef {object} Adding
 * @property {AddProgress | null} progress
 * @property {"working" | "paused" | "done" | "failed"} status
 * @property {string} error
 *
 * @typedef {object} LibraryState
 * @property {string[]} names Of the libraries that are kept.
 * @property {string} name
 * @property {"closed" | "opening" | "open" | "failed"} status
 * @property {IndexStats | null} info
 * @property {string} error Why it could not be opened.
 * @property {string[]} folders Of the library's pictures.
 * @property {boolean} reopenable A folder of it can be gone through again with a click.
 * @property {Adding | null} adding
 * @property {string} doing What is being done with the whole of it, in words.
 *
 * @typedef {{ type: "libraries", names: string[] }
 *   | { type: "library/opening", name: string }
 *   | { type: "library/open", info: IndexStats, folders: string[], reopenable: boolean }
 *   | { type: "library/failed", message: string }
 *   | { type: "library/closed" }
 *   | { type: "library/doing", doing: string }
 *   | { type: "adding", progress: AddProgress | null }
 *   | { type: "adding/ended", progress: AddProgress | null, status: "paused" | "done" | "failed", error: string }
 *   | { type: "adding/dismissed" }} LibraryAction
 */

/** @type {LibraryState} */
export const noLibrary = { names: [], name: "", status: "closed", info: null, error: "", folders: [], reopenable: false, adding: null, doing: "" };

/** @param {LibraryState} state @param {{ type: string }} given @returns {LibraryState} */
export function reduceLibrary(state, given) {
  const action = /** @type {LibraryAction} */ (given);
  const { names, name, doing } = state;
  switch (action.type) {
    case "libraries":
      return { ...state, names: action.names };
    case "library/opening":
      return { ...(action.name === name ? state : { ...noLibrary, names, doing }), name: action.name, status: "opening", error: "" };
    case "library/open":
      return { ...state, status: "open", info: action.info, folders: action.folders, reopenable: action.reopenable, error: "" };
    case "library/failed":
      return { ...state, status: "failed", error: action.message };
    case "library/closed":
      return { ...noLibrary, names, doing };
    case "library/doing":
      return { ...state, doing: action.doing };
    case "adding":
      return { ...state, adding: { progress: action.progress, status: "working", error: "" } };
    case "adding/ended":
      return { ...state, adding: { progress: action.progress, status: action.status, error: action.error } };
    case "adding/dismissed":
      return { ...state, adding: null };
    default:
      return state;
  }
}

/** Whether there is nothing yet but ways in. @param {LibraryState} state */
export const isEmpty = ({ info, adding, status, names, name }) => !info?.pictures && adding?.status !== "working" && (status === "open" || !names.includes(name));
