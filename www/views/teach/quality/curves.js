/** Coverage against risk, and accuracy against the number of pictures. */

import { say, text } from "../words.js";
import { figure, path, plot, shape, x, y } from "./plot.js";

/** @typedef {{ threshold: number, coverage: number, risk: number }} Point */

/** The point of the curve that a threshold comes to. @param {Point[]} curve strictest first @param {number | null} threshold @returns {Point} */
export function pointAt(curve, threshold) {
  const last = curve[curve.length - 1];
  if (threshold === null) return last;
  /** @type {Point} */
  let at = { threshold, coverage: 0, risk: 0 };
  for (const point of curve) if (point.threshold >= threshold) at = point;
  return at;
}

/** Of all that is refused, the share of the background. @param {number[]} background ascending @param {number | null} threshold */
export function refusedAt(background, threshold) {
  if (background.length === 0) return null;
  return threshold === null ? 0 : background.filter((score) => score < threshold).length / background.length;
}

/** @param {Point[]} curve @param {Point} now */
export function coveragePlot(curve, now) {
  const svg = plot(`${text["open.coverage"]}, ${text["open.risk"]}`);
  const most = Math.max(0.05, ...curve.map(({ risk }) => risk));
  const points = curve.map(({ coverage, risk }) => /** @type {[number, number]} */ ([coverage, risk / most]));
  svg.append(shape("path", { class: "curve", d: path(points) }));
  svg.append(shape("path", { class: "diagonal", d: `M${x(now.coverage).toFixed(2)} 0V100` }));
  svg.append(shape("circle", { class: "dot", cx: x(now.coverage).toFixed(2), cy: y(now.risk / most).toFixed(2), r: 2 }));
  return figure(svg, say.coverageAxes(most));
}

/** @param {import("../../../../semblance.js").LearningPoint[]} points @param {number | null} expected */
export function learningPlot(points, expected) {
  const svg = plot(points.map(({ shots, accuracy, interval }) => say.point(shots, accuracy, interval)).join(" "));
  const last = points[points.length - 1].shots;
  const most = Math.log2(2 * last + 1);
  const at = (/** @type {number} */ shots) => Math.log2(shots + 1) / most;
  svg.append(shape("path", { class: "curve", d: path(points.map(({ shots, accuracy }) => [at(shots), accuracy])) }));
  for (const { shots, accuracy, interval } of points) {
    svg.append(shape("path", { class: "whisker", d: `M${x(at(shots)).toFixed(2)} ${y(interval.low).toFixed(2)}V${y(interval.high).toFixed(2)}` }));
    svg.append(shape("circle", { class: "dot", cx: x(at(shots)).toFixed(2), cy: y(accuracy).toFixed(2), r: 1.6 }));
  }
  if (expected !== null) {
    const [from, to] = [points[points.length - 1], at(2 * last)];
    svg.append(shape("path", { class: "diagonal", d: path([[at(from.shots), from.accuracy], [to, expected]]) }));
  }
  return figure(svg, say.learningAxes(2 * last));
}
