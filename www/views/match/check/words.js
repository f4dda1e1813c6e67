/** The words of checking answers, fetched with it. */

import { counted, format } from "../../../shell/format.js";

/** Fixed text, by key. */
export const text = {
  "check.title": "Is this right?",
  "check.hint": "With some answers checked, probabilities are set so that the model is as sure as it is right.",
  "check.right": "Right",
  "check.wrong": "Wrong",
  "check.skip": "Skip",
  "check.forget": "Forget what I checked",
};

/** Sentences with something in them. */
export const say = {
  /** @param {string} label @param {string} probability */
  answer: (label, probability) => `${label}, ${probability}`,
  /** @param {number} checked @param {number} least */
  progress: (checked, least) => (checked < least ? `${counted(checked, "answer", "answers")} checked; from ${least} on probabilities change.` : `${counted(checked, "answer", "answers")} checked.`),
  none: () => "All answers are checked.",
  /** @param {number} checked @param {number} right @param {number} temperature */
  calibrated: (checked, right, temperature) => `Probabilities are calibrated by ${counted(checked, "answer", "answers")} that you checked, ${format.count(right)} of them right (temperature ${format.logit(temperature)}).`,
};
