/**
 * What the shell knows, and how each event changes it: put together from its parts, each of which takes the actions that
 * concern it. Pure: no DOM, no model, no clock. A view has a state of its own.
 */

import { emptyShelf, noModel, reduceModel, reduceShelf } from "./model/state.js";
import { noFidelity, reduceFidelity } from "./panel/state.js";
import { noPictures, reducePictures } from "./pictures/state.js";

/**
 * @typedef {object} OwnState
 * @property {import("./model/state.js").ModelState} model
 * @property {import("./model/state.js").Shelf} shelf
 * @property {import("./panel/state.js").FidelityState} fidelity
 * @property {boolean} updateReady A new version of the page waits to be taken up.
 *
 * @typedef {OwnState & import("./pictures/state.js").PicturesState} State
 *
 * @typedef {import("./model/state.js").ModelAction
 *   | import("./model/state.js").ShelfAction
 *   | import("./pictures/state.js").PicturesAction
 *   | import("./panel/state.js").FidelityAction
 *   | { type: "update", ready: boolean }} Action
 */

/** @typedef {import("./store.js").Store<State, Action>} ShellStore */

/** @type {State} */
export const initial = { model: noModel, shelf: emptyShelf, fidelity: noFidelity, updateReady: false, ...noPictures };

/** @param {State} state @param {Action} action @returns {State} */
export function reduce({ model, shelf, fidelity, updateReady, ...pictures }, action) {
  return {
    model: reduceModel(model, action),
    shelf: reduceShelf(shelf, action),
    fidelity: reduceFidelity(fidelity, action),
    updateReady: action.type === "update" ? action.ready : updateReady,
    ...reducePictures(pictures, action),
  };
}
