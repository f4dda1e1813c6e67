/** What the view shows, whatever part of it is open. Pure: no DOM, no storage, no model. */

import { noLibrary, reduceLibrary } from "../../shell/library/state.js";

/** @typedef {"tags" | "duplicates" | "groups" | "rules" | "shop" | "video"} PartName */
/** @type {readonly PartName[]} */
export const partNames = ["tags", "duplicates", "groups", "rules", "shop", "video"];

/**
 * Pictures that a part has chosen to be looked at.
 *
 * @typedef {object} Shown
 * @property {string} title
 * @property {Uint32Array} ids
 * @property {Float32Array | null} values 0 to 1, a bar under each.
 * @property {ReadonlySet<number>} veiled Not to be seen at once.
 */
/**
 * @typedef {object} OrganiseState
 * @property {PartName} part
 * @property {import("../../shell/library/state.js").LibraryState} library
 * @property {{ what: string, done: number, total: number } | null} work
 * @property {string} trouble
 * @property {Shown | null} shown
 * @property {Set<number>} selected
 *
 * @typedef {{ type: "part", part: PartName }
 *   | { type: "work", work: OrganiseState["work"] }
 *   | { type: "trouble", trouble: string }
 *   | { type: "shown", shown: Shown | null }
 *   | { type: "selected", selected: Set<number> }
 *   | import("../../shell/library/state.js").LibraryAction} Action
 */

/** @type {OrganiseState} */
export const initial = { part: "tags", library: noLibrary, work: null, trouble: "", shown: null, selected: new Set() };

/** @param {OrganiseState} state @param {Action} action @returns {OrganiseState} */
export function reduce(state, action) {
  switch (action.type) {
    case "part":
      return { ...state, part: action.part, trouble: "", shown: null };
    case "work":
      return { ...state, work: action.work };
    case "trouble":
      return { ...state, trouble: action.trouble };
    case "shown":
      return { ...state, shown: action.shown };
    case "selected":
      return { ...state, selected: action.selected };
    default: {
      const library = reduceLibrary(state.library, action);
      // Another library: what was found is of the one before.
      return library.name === state.library.name ? { ...state, library } : { ...state, library, shown: null, selected: new Set(), trouble: "" };
    }
  }
}
