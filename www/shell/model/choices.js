/** Which model is meant: by a link, by the last visit, by a row of the list. Pure. */

import { modelAddress } from "../web-address.js";

/**
 * @typedef {import("../../../semblance.js").ModelEntry} ModelEntry
 * @typedef {import("../../../semblance.js").StoredModel} StoredModel
 * @typedef {import("./state.js").ModelChoice} ModelChoice
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

/** Whether it came over the network, so that what is missing can come again: its source is an address or a repository,
 * and not a file's name (which has its folder in front of it where one was picked).
 * @param {Pick<StoredModel, "source">} stored */
export const isDownload = ({ source }) => source.includes("://") || (source.includes("/") && !/\.(gguf|zip|safetensors)$/i.test(source));

/** The site's own model that this is, in whichever version. @param {StoredModel} stored @param {ModelEntry[]} entries */
const entryOf = ({ source }, entries) => entries.find(({ name }) => source.endsWith(`/models/${name}/manifest.json`));

/** One of the site's own goes by its name where its newest version may load unasked. Any other comes from storage as it
 * is, and goes on with its own download where that broke off.
 * @param {StoredModel} stored @param {ModelEntry[]} entries @returns {ModelChoice} */
export function ofStored(stored, entries) {
  const { id, name, source, complete, bytes, present } = stored;
  const entry = entryOf(stored, entries);
  if (entry && loadsUnasked(entry)) return { ...ofEntry(entry), id };
  return { name, model: `stored:${id}`, bytes: complete ? null : bytes - present, address: isDownload(stored) ? source : null, id };
}

/** The version of a whole model that the site has now, where it is another one and too large to load unasked.
 * @param {StoredModel} stored @param {ModelEntry[]} entries @returns {ModelEntry | null} */
export function newerThan(stored, entries) {
  const entry = entryOf(stored, entries);
  return stored.complete && entry && !loadsUnasked(entry) ? entry : null;
}

/** Whether its download broke off. @param {StoredModel} stored */
export const isUnfinished = (stored) => !stored.complete && stored.present > 0 && isDownload(stored);

/** The model that was at work on the last visit, if it is still here and whole. @param {StoredModel[]} stored @returns {StoredModel | null} */
export function lastUsed(stored) {
  const used = stored.filter(({ complete, lastUsed }) => complete && lastUsed !== null);
  return used.sort((a, b) => Number(b.lastUsed) - Number(a.lastUsed))[0] ?? null;
}
