/** Results as CSV, JSON and a table for the clipboard. */

import { cell, exact, inert } from "../../shell/csv.js";

/**
 * @typedef {import("./state.js").Everything} Everything
 */

/** @type {{ labels: string[], cut: boolean[] }} */
const none = { labels: [], cut: [] };

/** Every picture that has a row, with it. @param {Everything} state */
const scored = ({ pictures, scores }) =>
  pictures.flatMap((picture) => {
    const row = scores?.rows.get(picture.id);
    return row ? [{ picture, row }] : [];
  });

/** One line a picture and label. @param {Everything} state */
export function toCsv(state) {
  const { labels, cut } = state.scores ?? none;
  const lines = scored(state).flatMap(({ picture, row }) =>
    labels.map((label, j) => [cell(picture.name), cell(label), exact(row.overTexts[j]), exact(row.logits[j]), exact(row.cosine[j]), cut[j]].join(",")),
  );
  return ["picture,label,probability,logit,cosine,cut", ...lines, ""].join("\r\n");
}

/** Everything shown, with what it was made with. @param {Everything} state @param {string | string[]} template as the engine takes it */
export function toJson(state, template) {
  const { info } = state.model;
  const { labels, cut } = state.scores ?? none;
  return JSON.stringify(
    {
      model: info && { name: info.model.name, sha256: info.model.hash, dtype: info.model.dtype, logitScale: info.model.logitScale },
      template,
      labels,
      pictures: scored(state).map(({ picture: { name, width, height }, row }) => ({
        name,
        width,
        height,
        scores: labels.map((label, j) => ({
          label,
          probability: exact(row.overTexts[j]),
          logit: exact(row.logits[j]),
          cosine: exact(row.cosine[j]),
          cut: cut[j],
        })),
      })),
      failed: state.pictures.filter(({ status }) => status === "failed").map(({ name, error }) => ({ name, error })),
    },
    null,
    2,
  );
}

/** Pictures × labels in the measure shown, tab-separated, as spreadsheets paste it. @param {Everything} state */
export function toTable(state) {
  const plain = (/** @type {string} */ value) => inert(value.replace(/[\t\r\n]+/g, " "));
  const lines = scored(state).map(({ picture, row }) => [plain(picture.name), ...Array.from(row[state.measure] ?? [], exact)].join("\t"));
  return [["", ...(state.scores ?? none).labels.map(plain)].join("\t"), ...lines].join("\n");
}
