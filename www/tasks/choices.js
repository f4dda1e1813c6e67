/** Which model is meant: by a link, by the last visit, by a row of the list. Pure. */

import { modelAddress } from "../web-address.js";

/**
 * @typedef {import("../../semblance.js").ModelEntry} ModelEntry
 * @typedef {import("../../semblance.js").StoredModel} StoredModel
 * @typedef {import("../state.js").ModelChoice} ModelChoice
 */

/** More than this is downloaded only after the page has asked. */
export const askAbove = 50e6;

/** @param {ModelEntry} entry @returns {ModelChoice} */
export const ofEntry = ({ name, stored, bytes }) => ({ name, model: name, bytes: stored ? null : bytes, address: name });

/** Whether a model of this site may load without being asked for: it is small, or already here. @param {ModelEntry} entry */
export const loadsUnasked = ({ stored, bytes }) => stored || bytes <= askAbove;

/** A site's name, or an address. @param {string} address @param {ModelEntry[]} entries @returns {ModelChoice} */
export function ofAddress(address, entries) {
  const entry = entries.find(({ name }) => name === address);
  return entry ? ofEntry(entry) : { name: modelAddress(address)?.name ?? address, model: address, bytes: null, address };
}

/** One of the site's own goes by its name: then the site says whether it is still the newest. Any other comes from
 * storage, and goes on with its download where that broke off.
 * @param {StoredModel} stored @param {ModelEntry[]} entries @returns {ModelChoice} */
export function ofStored({ id, name, source, complete, bytes, present }, entries) {
  const entry = entries.find(({ name }) => source.endsWith(`/models/${name}/manifest.json`));
  if (entry) return { ...ofEntry(entry), id };
  const address = source.includes("/") ? source : null; // else a file's name
  return { name, model: `stored:${id}`, bytes: complete ? null : bytes - present, address, id };
}

/** Whether its download broke off. @param {StoredModel} stored */
export const isUnfinished = ({ complete, present }) => !complete && present > 0;

/** The model that was at work on the last visit, if it is still here and whole. @param {StoredModel[]} stored @returns {StoredModel | null} */
export function lastUsed(stored) {
  const used = stored.filter(({ complete, lastUsed }) => complete && lastUsed !== null);
  return used.sort((a, b) => Number(b.lastUsed) - Number(a.lastUsed))[0] ?? null;
}
