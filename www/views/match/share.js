/** Labels, template and model in a link's fragment, which browsers never send to a server. Pictures never travel. */

const labelLimit = 1000;
const lengthLimit = 1000;

/** The model is the shell's to read. @param {{ labels: string[], template: string, model: string | null }} shared */
export function toFields({ labels, template, model }) {
  const fields = new URLSearchParams(labels.map((label) => ["label", label]));
  fields.set("template", template);
  if (model) fields.set("model", model);
  return fields;
}

/** What a link asks for; null where it says nothing.
 * @param {URLSearchParams} fields @returns {{ labels: string[] | null, template: string | null }} */
export function fromFields(fields) {
  const labels = fields.getAll("label").map((label) => label.trim().slice(0, lengthLimit)).filter(Boolean).slice(0, labelLimit);
  return { labels: labels.length ? labels : null, template: fields.get("template")?.slice(0, lengthLimit) || null };
}
