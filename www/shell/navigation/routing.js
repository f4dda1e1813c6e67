/**
 * The address: `#/search?text=boats` names a view and its fields; a fragment of fields alone (`#label=cat&label=dog`, as
 * links have it that carry labels) is the first view's. Pure.
 *
 * @typedef {{ view: string | null, fields: URLSearchParams }} Route No view: the first one is meant.
 */

/** Null where the fragment is none of ours: the id of an element, as links within the page have it.
 * @param {string} fragment @returns {Route | null} */
export function parse(fragment) {
  const given = fragment.replace(/^#/, "");
  if (given.startsWith("/")) {
    const [path, ...rest] = given.slice(1).split("?");
    return { view: path.replace(/\/$/, "") || null, fields: new URLSearchParams(rest.join("?")) };
  }
  if (given !== "" && !given.includes("=")) return null;
  return { view: null, fields: new URLSearchParams(given) };
}

/** @param {string} view @param {URLSearchParams} fields @param {boolean} first Whether it is the first view's. */
export function write(view, fields, first) {
  const given = fields.toString();
  if (first && given) return `#${given}`;
  return `#/${view}${given && `?${given}`}`;
}
