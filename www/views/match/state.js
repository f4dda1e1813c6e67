/**
 * What the view knows, beside the shell's pictures and model: labels and template, their scores, and what of them is shown.
 * Pure.
 *
 * @typedef {object} Row One picture's numbers, in the order of the labels.
 * @property {Float32Array} cosine
 * @property {Float32Array} logits
 * @property {Float32Array} overTexts
 * @property {Float32Array | null} overImages Null until every picture is in.
 *
 * @typedef {object} Scores
 * @property {string[]} labels
 * @property {string} template
 * @property {boolean[]} cut
 * @property {Map<number, Row>} rows By picture id.
 * @property {boolean} complete All rows were scored together, so `overImages` holds.
 *
 * @typedef {"overTexts" | "overImages" | "cosine"} Measure
 *
 * @typedef {object} MatchState
 * @property {string[]} labels
 * @property {string} template The last valid one, or `ensemble`.
 * @property {string} typedTemplate What the field holds.
 * @property {Scores | null} scores
 * @property {string} scoreError
 * @property {"cards" | "matrix"} layout
 * @property {Measure} measure
 * @property {boolean} numbers Cosine and logit are shown.
 * @property {boolean} allLabels Every bar is shown, not only the best.
 *
 * @typedef {MatchState & import("../../shell/view.js").State} Everything With what the shell knows.
 *
 * @typedef {object} Asked Labels and template, as they stand and as the engine takes them.
 * @property {string[]} labels
 * @property {(string | string[])[]} words
 * @property {string | string[]} prompts
 *
 * @typedef {{ type: "labels", labels: string[] }
 *   | { type: "template", typed: string }
 *   | { type: "scores", scores: Scores | null }
 *   | { type: "scores/failed", message: string }
 *   | { type: "model" }
 *   | { type: "pictures/removed", ids: number[], left: number }
 *   | { type: "layout", layout: "cards" | "matrix" }
 *   | { type: "measure", measure: Measure }
 *   | { type: "toggle", what: "numbers" | "allLabels" }} Action
 */

export const placeholder = "{}";

/** In a template's stead: the mean over the 80 that CLIP's authors used for ImageNet. */
export const ensemble = "imagenet";

/** @param {string} template */
const usable = (template) => template.includes(placeholder) || template === ensemble;

/** Begins with what stands in the page's fields. @param {string[]} labels @param {string} template @returns {MatchState} */
export function initial(labels, template) {
  return {
    labels,
    template: usable(template) ? template : placeholder,
    typedTemplate: template,
    scores: null,
    scoreError: "",
    layout: "cards",
    measure: "overTexts",
    numbers: false,
    allLabels: false,
  };
}

/** @param {MatchState} state @param {Action} action @returns {MatchState} */
export function reduce(state, action) {
  switch (action.type) {
    case "labels":
      return { ...state, labels: action.labels };
    case "template":
      return { ...state, typedTemplate: action.typed, template: usable(action.typed) ? action.typed : state.template };
    case "scores":
      return { ...state, scores: action.scores, scoreError: "" };
    case "scores/failed":
      return { ...state, scoreError: action.message };
    // Another one answers: what the one before made of the pictures never mixes with its own.
    case "model":
      return { ...state, scores: null, scoreError: "" };
    case "pictures/removed": {
      const gone = new Set(action.ids);
      const rows = new Map([...(state.scores?.rows ?? [])].filter(([id]) => !gone.has(id)));
      return { ...state, scores: state.scores && { ...state.scores, rows, complete: false }, layout: action.left < 2 ? "cards" : state.layout };
    }
    case "layout":
      return { ...state, layout: action.layout };
    case "measure":
      return { ...state, measure: action.measure };
    case "toggle":
      return { ...state, [action.what]: !state[action.what] };
  }
}

/** @param {MatchState} state */
export const templateIsValid = (state) => usable(state.typedTemplate);

/** A label as the engine takes it: “cat | kitty” is one label, whose words mean the same. @param {string} label */
export function wordsOf(label) {
  const words = label.split("|").map((word) => word.trim()).filter(Boolean);
  return words.length > 1 ? words : (words[0] ?? label);
}

/** Each label once. The tokenizer lower-cases and joins spaces, so “Cat” and “cat” are one label to the model; and the mean
 * of words is the same in any order.
 * @param {string[]} labels @returns {{ labels: string[], merged: string[] }} What stays, and what was there before. */
export function distinct(labels) {
  const seen = new Set();
  /** @type {string[]} */
  const merged = [];
  const kept = labels.filter((label) => {
    const words = [wordsOf(label)].flat().map((word) => word.trim().replace(/\s+/g, " ").toLowerCase());
    const key = words.sort().join("|");
    if (seen.has(key)) merged.push(label);
    return !seen.has(key) && seen.add(key);
  });
  return { labels: kept, merged };
}
