/** The words of checking labels, fetched with it. */

import { counted } from "../../../shell/format.js";

/** Fixed text, by key. */
export const text = {
  "hints.checking": "Checking…",
  "hints.none": "Nothing to say against these labels.",
  "hints.noLabels": "There are no labels to check.",
  "hints.problem": "Problem:",
  "hints.list": "What was found",
};

/** Sentences with something in them. */
export const say = {
  /** @param {number} problems @param {number} hints */
  found: (problems, hints) =>
    `${[problems && counted(problems, "problem", "problems"), hints && counted(hints, "hint", "hints")].filter(Boolean).join(" and ")}.`,
  /** @param {number} n */
  more: (n) => `And ${counted(n, "other", "others")}, once these are settled.`,
  /** @param {string} fix */
  applied: (fix) => `Done: ${fix}.`,
};
