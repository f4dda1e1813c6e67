/**
 * What the search view shows, and how each event changes it. Pure: no DOM, no storage, no model.
 *
 * @typedef {import("../../../semblance.js").Ranking} Ranking
 * @typedef {import("../../../semblance.js").SearchFilter} SearchFilter
 *
 * @typedef {object} Part Of a query: words or a picture, wanted or not.
 * @property {number} key
 * @property {1 | -1} sign
 * @property {number} weight
 * @property {string} name The words, or what the picture is called.
 * @property {Blob | { id: number } | null} image Null: words.
 * @property {string} preview Of a picture, an object URL; else empty.
 *
 * @typedef {{ parts: Part[], typed: string, template: string, where: SearchFilter }} Query
 * @typedef {{ words: { text: string, sign: 1 | -1, weight: number }[], template: string }} Recent What is kept of a query: its words.
 *
 * @typedef {object} SearchState
 * @property {import("../../shell/library/state.js").LibraryState} library
 * @property {Query} query
 * @property {Ranking | null} ranking
 * @property {string} searchError
 * @property {number | null} line Where the person moved it: so far must a picture stand out. Null: where it was found.
 * @property {Set<number>} selected
 * @property {Recent[]} recent
 *
 * @typedef {import("../../shell/library/state.js").LibraryAction
 *   | { type: "query", change: Partial<Query> }
 *   | { type: "ranking", ranking: Ranking | null }
 *   | { type: "search/failed", message: string }
 *   | { type: "line", line: number | null }
 *   | { type: "selected", ids: Iterable<number> }
 *   | { type: "recent", recent: Recent[] }} Action
 */

import { noLibrary, reduceLibrary } from "../../shell/library/state.js";

/** @type {Query} */
export const noQuery = { parts: [], typed: "", template: "a photo of a {}", where: {} };

/** @param {string} template @returns {SearchState} */
export const initial = (template) => ({
  library: noLibrary,
  query: { ...noQuery, template },
  ranking: null,
  searchError: "",
  line: null,
  selected: new Set(),
  recent: [],
});

/** @param {SearchState} state @param {Action} action @returns {SearchState} */
export function reduce(state, action) {
  const library = reduceLibrary(state.library, action);
  switch (action.type) {
    case "library/opening": {
      const { recent, query } = state;
      if (library.name === state.library.name) return { ...state, library };
      const parts = query.parts.filter(({ image }) => !isOwn(image));
      return { ...initial(query.template), library, recent, query: { ...query, parts, where: {} } };
    }
    case "library/closed":
      return { ...initial(state.query.template), library, recent: state.recent };
    case "query":
      return { ...state, query: { ...state.query, ...action.change }, line: null };
    case "ranking":
      return { ...state, ranking: action.ranking, searchError: "" };
    case "search/failed":
      return { ...state, ranking: null, searchError: action.message };
    case "line":
      return { ...state, line: action.line };
    case "selected":
      return { ...state, selected: new Set(action.ids) };
    case "recent":
      return { ...state, recent: action.recent };
    default:
      return { ...state, library };
  }
}

/** Whether it is a picture of the library that is open. @param {Part["image"]} image @returns {image is { id: number }} */
export const isOwn = (image) => image !== null && "id" in image;

/** Whether there is anything to search for. @param {Query} query */
export const asks = ({ parts, typed }) => parts.length > 0 || words(typed).sign !== 0;

/** What is typed, with a minus in front for what is not wanted. @param {string} typed @returns {{ text: string, sign: 1 | -1 | 0 }} */
export function words(typed) {
  const text = typed.trim().replace(/\s+/g, " ");
  const unwanted = /^[-−–]\s*/.exec(text);
  const rest = unwanted ? text.slice(unwanted[0].length) : text;
  return { text: rest, sign: rest === "" ? 0 : unwanted ? -1 : 1 };
}

/** How many of the ranking are on this side of the line. @param {Pick<SearchState, "ranking" | "line">} state */
export function standing({ ranking, line }) {
  if (!ranking) return 0;
  if (line === null) return ranking.line;
  // The order is that of cosines, and so of how far pictures stand out.
  let [from, to] = [0, ranking.standsOut.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (ranking.standsOut[middle] >= line) from = middle + 1;
    else to = middle;
  }
  return from;
}
