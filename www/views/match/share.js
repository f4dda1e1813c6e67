/** Labels, template and model in a link's fragment, which browsers never send to a server. Pictures never travel. */

/** @typedef {{ labels: string[] | null, template: string | null, model: string | null }} Shared */

const labelLimit = 1000;
const lengthLimit = 1000;

/** @param {{ labels: string[], template: string, model: string | null }} shared */
export function toFragment({ labels, template, model }) {
  const fields = new URLSearchParams(labels.map((label) => ["label", label]));
  fields.set("template", template);
  if (model) fields.set("model", model);
  return `#${fields}`;
}

/** What a link asks for; null where it says nothing.
 * @param {string} fragment @returns {Shared} */
export function fromFragment(fragment) {
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  const labels = fields.getAll("label").map((label) => label.trim().slice(0, lengthLimit)).filter(Boolean).slice(0, labelLimit);
  const field = (/** @type {string} */ name) => fields.get(name)?.slice(0, lengthLimit) || null;
  return { labels: labels.length ? labels : null, template: field("template"), model: field("model") };
}
