/** Markup that a script makes, for what few ever open. */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {Record<string, string>} attributes @param {(string | Node)[]} inside Text goes in as text.
 */
export function make(tag, attributes, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
}

const svg = "http://www.w3.org/2000/svg";

/** One of the page's icons. @param {string} name */
export function icon(name) {
  const [picture, use] = [document.createElementNS(svg, "svg"), document.createElementNS(svg, "use")];
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${name}`);
  picture.append(use);
  return picture;
}
