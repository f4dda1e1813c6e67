/** A reliability diagram: bins of answers by their probability, and how many of each were right. */

import { say, text } from "../words.js";
import { figure, plot, shape, x, y } from "./plot.js";

/** @typedef {import("../../../../semblance.js").Reliability} Reliability */

/** @param {Reliability} reliability @param {string} title */
export function reliabilityPlot(reliability, title) {
  const svg = plot(`${title}: ${reliability.bins.filter(({ count }) => count > 0).map((bin) => `${say.share(bin.confidence)} → ${say.share(bin.accuracy)}`).join(", ")}`);
  const width = 1 / reliability.bins.length;
  const fullest = Math.max(...reliability.bins.map(({ count }) => count), 1);
  svg.append(shape("path", { class: "diagonal", d: "M0 100L100 0" }));
  reliability.bins.forEach(({ count, confidence, accuracy }, at) => {
    if (count === 0) return;
    // The fuller a bin, the fuller its bar.
    const opacity = 0.35 + 0.65 * Math.sqrt(count / fullest);
    svg.append(shape("rect", { class: "bar", x: x(at * width) + 0.6, width: x(width) - 1.2, y: y(accuracy), height: x(accuracy), "fill-opacity": opacity.toFixed(2) }));
    svg.append(shape("path", { class: accuracy < confidence ? "gap" : "gap under", d: `M${x(confidence).toFixed(2)} ${y(accuracy).toFixed(2)}V${y(confidence).toFixed(2)}` }));
  });
  const facts = document.createElement("dl");
  for (const [name, value] of [[text["calibration.ece"], say.ece(reliability.ece, reliability.eceInterval)], [text["calibration.brier"], say.brier(reliability.brier)]]) {
    facts.append(Object.assign(document.createElement("dt"), { textContent: name }), Object.assign(document.createElement("dd"), { textContent: value }));
  }
  return figure(svg, text["calibration.axes"], title, [facts]);
}
