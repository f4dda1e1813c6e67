/**
 * One picture's labels, best first. Property: `scores` (Bars or null). Bars keep their element while the order changes.
 */

import { clone, part, setText } from "../../../shell/dom.js";
import { format } from "../../../shell/format.js";
import { say, text } from "../words.js";

/**
 * @typedef {object} Bars
 * @property {string[]} labels
 * @property {boolean[]} cut
 * @property {import("../state.js").Row} row
 * @property {number} limit Bars shown; the rest is counted.
 * @property {boolean} numbers
 */

export class ScoreBars extends HTMLElement {
  /** @param {Bars | null} scores */
  set scores(scores) {
    const list = part(this, "ol", HTMLOListElement);
    const rest = part(this, ".rest", HTMLElement);
    if (!scores) {
      list.replaceChildren();
      rest.hidden = true;
      return;
    }
    const { labels, row, limit } = scores;
    const order = ranking(row.logits).slice(0, limit);
    const known = new Map(Array.from(list.children, (bar) => [/** @type {HTMLElement} */ (bar).dataset.label, bar]));
    const bars = order.map((j) => {
      const bar = known.get(labels[j]) ?? clone("t-bar", HTMLLIElement);
      fill(/** @type {HTMLElement} */ (bar), scores, j);
      return bar;
    });
    // Only what moved is moved: a moved element would lose its transition and its place for a screen reader.
    bars.forEach((bar, i) => {
      if (list.children[i] !== bar) list.insertBefore(bar, list.children[i] ?? null);
    });
    while (list.children.length > bars.length) list.lastElementChild?.remove();
    rest.hidden = labels.length <= order.length;
    setText(rest, say.moreLabels(labels.length - order.length));
  }
}

/** Indices of the labels, best first. @param {Float32Array} logits */
const ranking = (logits) => Array.from(logits.keys()).sort((a, b) => logits[b] - logits[a]);

/** @param {HTMLElement} bar @param {Bars} scores @param {number} j */
function fill(bar, { labels, cut, row, numbers }, j) {
  const alone = labels.length === 1;
  const [probability, cosine, logit] = [row.overTexts[j], row.cosine[j], row.logits[j]];
  Object.assign(bar.dataset, { label: labels[j], probability, cosine, logit });
  setText(part(bar, ".label", HTMLElement), labels[j]);
  part(bar, ".label", HTMLElement).title = labels[j];
  const mark = part(bar, ".mark", HTMLElement);
  mark.hidden = !cut[j];
  setText(mark, cut[j] ? text["labels.cut"] : "");
  setText(part(bar, ".value", HTMLElement), alone ? say.cosine(format.cosine(cosine)) : format.percent(probability));
  part(bar, ".track", HTMLElement).style.setProperty("--value", String(alone ? Math.max(0, cosine) : probability));
  const detail = part(bar, ".numbers", HTMLElement);
  detail.hidden = !numbers;
  setText(detail, say.numbers(format.cosine(cosine), format.logit(logit)));
}

customElements.define("score-bars", ScoreBars);
