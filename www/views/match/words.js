/** The words of the view `match`. */

import { counted, format } from "../../shell/format.js";

/** Fixed text, by key: the build writes it into the HTML, where `data-t…` names a key. */
export const text = {
  "labels.title": "Labels",
  "labels.hint": "Comma or Enter adds a label, a pasted list many. “cat | kitty” is one label.",
  "labels.keys": "Arrow keys move between labels, Enter or F2 edits, Backspace removes.",
  "labels.placeholder": "Add a label",
  "labels.list": "Labels",
  "labels.edit": "Edit the label",
  "labels.clear": "Clear all",
  "labels.cut": "cut",
  "labels.cutWhy": "Longer than the model can read: its end was cut.",
  "labels.check": "Check these labels",

  "template.title": "Template",
  "template.hint": "Each label is put where {} stands.",
  "template.presets": "Template presets",
  "template.preset.none": "{}",
  "template.preset.photo": "a photo of a {}",
  "template.preset.blurry": "a blurry photo of a {}",
  "template.preset.small": "a photo of the small {}",
  "template.preset.drawing": "a drawing of a {}",
  "template.preset.scene": "a photo taken in a {}",
  "template.preset.ensemble": "80 templates of the CLIP paper (average)",
  "template.ensemble": "80 ImageNet templates",
  "template.ensembleHint": "The average over CLIP’s 80 for ImageNet.",
  "template.invalid": "The template needs {} where the label goes. Until then, the last results stay.",

  "results.title": "Results",
  "view.title": "View",
  "view.cards": "Cards",
  "view.matrix": "Matrix",
  "view.matrixWhy": "The matrix compares at least two pictures.",
  "view.numbers": "Cosine and logit",
  "view.all": "All labels",
  "results.check": "Check answers",
  "results.checkWhy": "Say which are right, and probabilities become calibrated",
  "results.csv": "CSV",
  "results.csvLabel": "Export as CSV",
  "results.json": "JSON",
  "results.jsonLabel": "Export as JSON",
  "results.copy": "Copy",
  "results.copyLabel": "Copy the table",
  "results.share": "Share",
  "results.shareLabel": "Share: copies a link with labels, template and model; never pictures",
  "results.oneLabel":
    "With one label there is nothing to compare it with, and a probability (a softmax over one) would always be 100 %. So this is its cosine: how closely the picture and the words point the same way. Add a second label to see probabilities.",
  "results.noLabels": "Add a label to see how well it matches.",

  "matrix.title": "Pictures by labels",
  "matrix.measure": "Numbers in the matrix",
  "matrix.overTexts": "Over labels",
  "matrix.overImages": "Over pictures",
  "matrix.cosine": "Raw cosine",
  "matrix.overTextsWhy": "Each row adds up to 100 %: for this picture, how likely is each label.",
  "matrix.overImagesWhy": "Each column adds up to 100 %: for this label, how likely is each picture.",
  "matrix.cosineWhy": "The raw similarity, before any softmax. Shading runs from the lowest to the highest here.",
  "matrix.picture": "Picture",
  "matrix.pending": "…",

  "card.looking": "Opening…",
  "card.waiting": "Waiting for its turn",
  "card.waitingModel": "Waiting for the model",
  "card.working": "Looking…",
  "card.stopped": "Stopped",
  "card.failed": "This picture could not be read",
  "card.ranking": "Labels, best match first",
  "card.why": "Why?",
};

/** Sentences with something in them. */
export const say = {
  /** @param {string[]} labels */
  merged: (labels) =>
    labels.length === 1 ? `“${labels[0]}” is already there; the two were merged.` : `${format.count(labels.length)} labels were already there; they were merged.`,
  /** @param {string} label */
  removeLabel: (label) => `Remove ${label}`,
  /** @param {number} n */
  moreLabels: (n) => `and ${counted(n, "other", "others")}`,
  /** @param {string} name */
  removePicture: (name) => `Remove ${name}`,
  /** @param {string} name */
  why: (name) => `Why? ${name}`,
  /** @param {number} w @param {number} h */
  size: (w, h) => `${w} × ${h}`,
  /** @param {string} cosine */
  cosine: (cosine) => `cosine ${cosine}`,
  /** @param {string} cosine @param {string} logit */
  numbers: (cosine, logit) => `cosine ${cosine} · logit ${logit}`,
  /** @param {string} name @param {string} label @param {string} value */
  best: (name, label, value) => `${name}: ${label}, ${value}`,
  /** @param {number} n */
  scored: (n) => `${counted(n, "picture", "pictures")} scored.`,
  copied: () => "The table is on the clipboard.",
  copyFailed: () => "The browser did not give access to the clipboard. Export as CSV instead.",
  shared: () => "The link is on the clipboard and in the address bar. It holds labels, template and model; no pictures.",
  sharedBar: () => "The link is in the address bar: copy it there. It holds labels, template and model; no pictures.",
  sharedNoModel: () => "The link holds labels and template; a model opened from a file cannot travel in a link.",
};
