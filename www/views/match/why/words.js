/** The words of asking why, fetched with it. */

import { format } from "../../../shell/format.js";

/** Fixed text, by key. */
export const text = {
  "why.title": "Why?",
  "why.label": "Where the evidence lies for",
  "why.methods": "How to find out",
  "why.patches": "Quick",
  "why.occlusion": "Covering parts (slow)",
  "why.progress": "Covering parts of the picture",
  "why.cancel": "Cancel",
  "why.patchesWhy": "An estimate from what each part says by itself: it shows where, not whether the label is right.",
  "why.occlusionWhy": "Measured by covering each part: it shows where the model looked, not whether the label is right.",
  "why.about": "About these maps",
  "why.relative": "The colour is relative to the strongest place. What lies outside of the square that the model sees stays clear.",
  "why.patchesSource": "Quick: each patch by itself, along the last block’s values (MaskCLIP, Zhou et al. 2022; CLIP Surgery, Li et al. 2023).",
  "why.occlusionSource": "Covering parts: how far the evidence drops without them, in up to 82 looks (Zeiler and Fergus 2014).",
  "why.noModel": "There is no model to ask just now.",
};

/** Thirds of a picture, row by row. */
const places = ["at the top left", "at the top", "at the top right", "on the left", "in the middle", "on the right", "at the bottom left", "at the bottom", "at the bottom right"];

/** Sentences with something in them. */
export const say = {
  /** @param {number} x @param {number} y From 0 to 1. */
  place: (x, y) => {
    const third = (/** @type {number} */ at) => Math.min(2, Math.max(0, Math.floor(3 * at)));
    return places[3 * third(y) + third(x)];
  },
  /** @param {string} place */
  strongest: (place) => `Strongest ${place}.`,
  /** @param {string} place @param {number} times */
  covered: (place, times) => `Strongest ${place}: without it, ${format.speed(times)} times less likely.`,
  /** @param {string} label */
  nowhere: (label) => `Nowhere does more speak for “${label}” than for the others.`,
  /** @param {string} label @param {string} said */
  map: (label, said) => `Map of the evidence for “${label}”. ${said}`,
};
