/** A run as a file, by which it is done again: every setting, every picture by its hash, every answer. */

import { cell, exact } from "../../../shell/csv.js";

/** @typedef {import("../state.js").Measured} Measured */
/** @typedef {import("../state.js").Result} Result */
/** @typedef {import("../state.js").System} System */
/** @typedef {import("../pictures.js").Item} Item */

const format = "semblance-run";
const layout = 1;
/** More than any run has. */
const bytesAtMost = 256 * 2 ** 20;

/**
 * @typedef {object} Run
 * @property {{ path: string, sha256: string, class: string }[]} pictures
 * @property {{ name: string, words: string }[]} classes
 * @property {{ name: string, system: Omit<System, "classifier"> & { classifier: string | null }, model: { name: string, hash: string }, answers: number[], probabilities: number[], ranks: number[] }[]} systems
 */

/** @param {Measured} measured @returns {Promise<Blob>} */
export async function toRun({ results, compared, items, classes }) {
  const pictures = [];
  for (const { path, file, truth } of items) pictures.push({ path, sha256: await hashOf(file), class: classes[truth].name });
  const systems = results.map(({ name, system, model, evaluation }) => ({
    name,
    model,
    system: { ...system, classifier: system.classifier?.name ?? null },
    report: evaluation.report,
    answers: Array.from(evaluation.answers),
    probabilities: Array.from(evaluation.probabilities, exact),
    ranks: Array.from(evaluation.ranks),
  }));
  return new Blob([JSON.stringify({ format, layout, classes, pictures, systems, compared })], { type: "application/json" });
}

/** @param {File} file @returns {Promise<Run | null>} null where it is none */
export async function fromRun(file) {
  if (file.size > bytesAtMost) return null;
  try {
    const run = JSON.parse(await file.text());
    const lists = [run.pictures, run.classes, run.systems];
    if (run.format !== format || run.layout !== layout || !lists.every(Array.isArray)) return null;
    const whole = run.systems.every((/** @type {any} */ { system, answers }) => typeof system?.template === "string" && ["int8", "f32"].includes(system.dtype) && ["template", "imagenet", "classifier"].includes(system.words) && Array.isArray(answers));
    const named = run.classes.every((/** @type {any} */ { name, words }) => typeof name === "string" && typeof words === "string");
    return whole && named ? run : null;
  } catch {
    return null;
  }
}

/** @param {File} file */
async function hashOf(file) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** How many pictures have another answer than in the run, of those that both have; `models`: whether they were the same. @param {Run} run @param {Result[]} results @param {Item[]} items */
export function compareRun(run, results, items) {
  const places = new Map(run.pictures.map(({ path }, at) => [path, at]));
  let [same, other] = [0, 0];
  run.systems.forEach(({ answers }, at) => {
    items.forEach(({ path }, row) => {
      const place = places.get(path);
      if (place === undefined) return;
      if (results[at]?.evaluation.answers[row] === answers[place]) same += 1;
      else other += 1;
    });
  });
  const models = run.systems.every(({ model }, at) => model.hash === results[at]?.model.hash);
  return { same, other, models };
}

/** One line a system. @param {Measured} measured */
export function toTable({ results, compared }) {
  const head = "system,pictures,top1,top1_low,top1_high,top5,mean_average_precision,balanced_accuracy,ece,difference_from_best,difference_low,difference_high,mcnemar_p,mcnemar_p_holm";
  const lines = results.map(({ name, evaluation: { report } }, at) => {
    const { comparison, holm } = compared[at];
    const { top1, top5, meanAveragePrecision, balancedAccuracy, reliability } = report;
    const numbers = [report.pictures, top1.share, top1.wilson.low, top1.wilson.high, top5.share, meanAveragePrecision?.value, balancedAccuracy, reliability.ece, comparison?.difference, comparison?.interval.low, comparison?.interval.high, comparison?.mcnemar.p, holm];
    return [cell(name), ...numbers.map((number) => (number === undefined || number === null ? "" : exact(number)))].join(",");
  });
  return [head, ...lines, ""].join("\r\n");
}

/** One line a picture and system. @param {Measured} measured */
export function toPredictions({ results, items, classes }) {
  const lines = results.flatMap(({ name, evaluation: { answers, probabilities, ranks, top, topOf } }) =>
    items.map(({ path, truth }, row) => {
      const best = Array.from(top.subarray(row * topOf, (row + 1) * topOf), (at) => classes[at].name).join("|");
      return [cell(name), cell(path), cell(classes[truth].name), cell(classes[answers[row]].name), exact(probabilities[row]), ranks[row], cell(best)].join(",");
    }),
  );
  return ["system,path,class,answer,probability,rank,top5", ...lines, ""].join("\r\n");
}
