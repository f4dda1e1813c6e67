/** A search in a link's fragment, which browsers never send to a server: its library and words. Pictures never travel. */

import { asks, words } from "./state.js";

/** @typedef {Omit<import("./state.js").Part, "key">} NewPart */

const wordsMost = 32;
const lengthMost = 1000;

/** @param {Pick<import("./state.js").SearchState, "library" | "query">} state */
export function toFields({ library: { name }, query }) {
  const fields = new URLSearchParams();
  if (name) fields.set("library", name);
  if (!asks(query)) return fields;
  for (const { name, sign, image } of query.parts) if (!image) fields.append(sign < 0 ? "minus" : "text", name);
  const { text, sign } = words(query.typed);
  if (sign !== 0) fields.append(sign < 0 ? "minus" : "text", text);
  fields.set("template", query.template);
  return fields;
}

/** So many pictures at most go into an address. */
export const teachMost = 2000;

/** Where pictures of a library become a class, in the view that teaches: their numbers in base 36. @param {string} library @param {Iterable<number>} ids */
export const teachAddress = (library, ids) => `#/teach?${new URLSearchParams({ library, add: Array.from(ids, (id) => id.toString(36)).join(".") })}`;

/** What a link asks for; null where it says nothing.
 * @param {URLSearchParams} fields
 * @returns {{ library: string | null, query: { parts: NewPart[], typed: string, template?: string } | null }} */
export function fromFields(fields) {
  const library = fields.get("library")?.slice(0, 100) || null;
  const all = (/** @type {string} */ name, /** @type {1 | -1} */ sign) =>
    fields.getAll(name).map((text) => text.trim().slice(0, lengthMost)).filter(Boolean).map((name) => ({ name, sign, weight: 1, image: null, preview: "" }));
  const parts = [...all("text", 1), ...all("minus", -1)].slice(0, wordsMost);
  if (parts.length === 0) return { library, query: null };
  const template = fields.get("template")?.slice(0, lengthMost);
  // One word goes where it can be changed.
  const [only] = parts;
  const query = parts.length === 1 && only.sign > 0 && !/[,;]/.test(only.name) ? { parts: [], typed: only.name } : { parts, typed: "" };
  return { library, query: { ...query, ...(template?.includes("{}") ? { template } : {}) } };
}
