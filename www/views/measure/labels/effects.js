/** How answers change when a label is dropped or added. Pure. */

import { twoBest } from "../../../shell/ranking.js";

/** @typedef {import("../state.js").Effect} Effect */

/** @param {Float32Array} cosine row-major @param {string[]} labels @param {number} cols @returns {Effect[]} */
export function effectsOf(cosine, labels, cols) {
  const counts = labels.map(() => ({ best: 0, without: /** @type {Map<number, number>} */ (new Map()) }));
  for (let from = 0; from < cosine.length; from += cols) {
    const [best, second] = twoBest(cosine.subarray(from, from + cols));
    counts[best].best += 1;
    counts[best].without.set(second, (counts[best].without.get(second) ?? 0) + 1);
  }
  return counts.map(({ best, without }, at) => ({ label: labels[at], best, without: sorted(without, labels) }));
}

/** What a label that stands last would take from the others. @param {Float32Array} cosine @param {string[]} labels the others @param {number} cols @param {string} label */
export function tryLabel(cosine, labels, cols, label) {
  /** @type {Map<number, number>} */
  const from = new Map();
  let count = 0;
  for (let at = 0; at < cosine.length; at += cols) {
    const [best, second] = twoBest(cosine.subarray(at, at + cols));
    if (best !== cols - 1) continue;
    count += 1;
    from.set(second, (from.get(second) ?? 0) + 1);
  }
  return { label, count, from: sorted(from, labels) };
}

/** @param {Map<number, number>} counts @param {string[]} labels */
const sorted = (counts, labels) => Array.from(counts, ([at, count]) => ({ label: labels[at], count })).sort((a, b) => b.count - a.count);
