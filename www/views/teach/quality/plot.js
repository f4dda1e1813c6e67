/** Plots as SVG, drawn in a square of 100 units. Each has a table's words for those who don't see it. */

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} name @param {Record<string, string | number>} attributes @param {Element[]} children */
export function shape(name, attributes, children = []) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/** An empty square with its axes. @param {string} title */
export function plot(title) {
  const svg = shape("svg", { viewBox: "-2 -2 104 104", role: "img", class: "plot" });
  svg.append(Object.assign(shape("title", {}), { textContent: title }), shape("path", { class: "axes", d: "M0 0V100H100" }));
  return svg;
}

/** From a share to where it lies. @param {number} share */
export const x = (share) => 100 * share;
/** @param {number} share */
export const y = (share) => 100 - 100 * share;

/** @param {[number, number][]} points shares */
export const path = (points) => points.map(([right, up], at) => `${at ? "L" : "M"}${x(right).toFixed(2)} ${y(up).toFixed(2)}`).join("");

/** A plot with what its axes are. @param {Element} svg @param {string} axes @param {string} [title] @param {Element[]} more */
export function figure(svg, axes, title = "", more = []) {
  const element = document.createElement("figure");
  const caption = title ? [Object.assign(document.createElement("figcaption"), { textContent: title })] : [];
  element.append(...caption, svg, Object.assign(document.createElement("p"), { className: "hint", textContent: axes }), ...more);
  return element;
}
