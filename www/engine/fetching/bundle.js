/** Bundles: a GGUF in pieces and the `manifest.json` that describes it. The site's own models are bundles. */
import { downloadText } from "./download.js";
import { isAbort } from "../errors.js";
import { manifestUrl, modelsUrl, parseIndex, parseManifest } from "./manifest.js";
import { idOf, presentBytes, presentIn } from "./plan.js";
import { orStored, readRecord } from "../storage/records.js";

/** @typedef {import("../../../semblance.js").ModelEntry} ModelEntry */
/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("../storage/store.js").Store} Store */
/** @typedef {import("./resolve.js").Resolved} Resolved */

/** In the store. */
const INDEX = "index";

/** So long a list of models may be made of what loads have asked for. */
const LATELY_MS = 10_000;
/** By the manifest's address. @type {Map<string, { at: number, text: Promise<string> }>} */
const lately = new Map();

/** @param {string} url @param {Parameters<typeof downloadText>[1]} options */
function readManifest(url, options) {
  const text = downloadText(url, options);
  lately.set(url, { at: performance.now(), text });
  return text;
}

/** The same, if a load is asking or has just asked. @type {typeof readManifest} */
async function readManifestForList(url, options) {
  const { at = -Infinity, text } = lately.get(url) ?? {};
  const known = performance.now() - at < LATELY_MS ? await text?.catch(() => null) : null;
  return known ?? downloadText(url, options);
}

/**
 * As the site describes it now; as it is stored, where the site can't be asked.
 *
 * @param {string} url the manifest's
 * @param {Store | null} store
 * @param {AbortSignal} signal
 * @param {string} [manifest] its text, where that needs not be asked for
 * @param {typeof readManifest} [read]
 * @returns {Promise<Resolved>}
 */
export async function resolveBundle(url, store, signal, manifest, read = readManifest) {
  const id = await idOf(url);
  const before = await readRecord(store, "models", id);
  return orStored(before, async () => {
    const text = manifest ?? (await read(url, { signal, cache: "no-cache", once: before !== null }));
    return { plan: planOf(parseManifest(text, url), id, url) };
  });
}

/** @param {import("./manifest.js").Manifest} manifest @param {string} id @param {string} url @returns {Plan} */
function planOf(manifest, id, url) {
  const { name, title, licence, revision, dtype, bytes, sha256, parameters, imageParameters, textParameters } = manifest;
  const pieces = manifest.pieces.map((piece) => ({ key: piece.sha256, start: null, ...piece }));
  return {
    format: 1,
    id,
    name,
    title,
    licence,
    revision,
    dtype,
    bytes,
    facts: { parameters, imageParameters, textParameters },
    source: url,
    url,
    hash: sha256,
    published: true,
    files: [{ name: `${name}.gguf`, bytes, sha256, git: null, pieces }],
  };
}

/**
 * The models of the site; without the network, those that are stored. One with a broken manifest doesn't hide
 * the others.
 *
 * @param {Store | null} store
 * @param {AbortSignal} signal
 * @returns {Promise<ModelEntry[]>}
 */
export async function listModels(store, signal) {
  const names = await readIndex(store, signal);
  const present = await presentIn(store);
  const found = await Promise.allSettled(names.map((name) => resolveBundle(manifestUrl(name), store, signal, undefined, readManifestForList)));
  const entries = found.flatMap((result, i) => {
    if (result.status === "rejected") return [];
    const { plan, before } = result.value;
    const { title, bytes, dtype, licence, hash, facts } = plan;
    const stored = before !== null && before.hash === hash && presentBytes(plan, present) === bytes;
    return [{ name: names[i], title, bytes, parameters: facts?.parameters ?? 0, dtype, licence, stored }];
  });
  const failed = found.find((result) => result.status === "rejected");
  if (entries.length === 0 && failed) throw failed.reason;
  return entries;
}

/** @param {Store | null} store @param {AbortSignal} signal */
async function readIndex(store, signal) {
  const url = modelsUrl();
  const stored = await store?.readText("lists", INDEX);
  try {
    const text = await downloadText(url, { signal, cache: "no-cache", once: Boolean(stored) });
    const names = parseIndex(text, url);
    // Kept for the next time without the network; a full storage doesn't stop the list from being read.
    if (text !== stored) await store?.writeText("lists", INDEX, text).catch(() => {});
    return names;
  } catch (thrown) {
    if (isAbort(thrown) || !stored) throw thrown;
    return parseIndex(stored, url);
  }
}
