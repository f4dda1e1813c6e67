/**
 * The comparison of the running model with an exact one. Pure.
 *
 * @typedef {"model" | "pictures" | "texts"} FidelityStage
 * @typedef {object} FidelityResult What the comparison says, beside the comparison itself.
 * @property {string} picture The one of which a probability changed most.
 * @property {string} label Whose probability that is.
 * @property {number} left Pictures that were left out.
 *
 * @typedef {object} FidelityState
 * @property {{ stage: FidelityStage, done: number, total: number | null } | null} progress Null where nothing goes on.
 * @property {(FidelityResult & import("./compare.js").Comparison) | null} result
 * @property {string} message Why it failed.
 *
 * @typedef {{ type: "fidelity/progress", progress: NonNullable<FidelityState["progress"]> }
 *   | { type: "fidelity/done", result: NonNullable<FidelityState["result"]> }
 *   | { type: "fidelity/failed", message: string }
 *   | { type: "fidelity/rest" }} FidelityAction
 */

/** @type {FidelityState} */
export const noFidelity = { progress: null, result: null, message: "" };

/** @param {FidelityState} state @param {{ type: string }} given @returns {FidelityState} */
export function reduceFidelity(state, given) {
  const action = /** @type {FidelityAction} */ (given);
  switch (action.type) {
    case "fidelity/progress":
      return { ...noFidelity, progress: action.progress };
    case "fidelity/done":
      return { ...noFidelity, result: action.result };
    case "fidelity/failed":
      return { ...noFidelity, message: action.message };
    case "fidelity/rest":
      return noFidelity;
    default:
      return state;
  }
}
