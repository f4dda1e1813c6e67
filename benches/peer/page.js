/** What both pages share: which engines, how they are loaded, and what that fetches. */
import { hundredths } from "../measure.js";
import { numberOf, query } from "../report.js";
import { enginesFor } from "./engines/index.js";
import { made } from "./inputs.js";

/** @typedef {import("./engines/index.js").Create} Create */
/** @typedef {import("./engines/index.js").Engine} Engine */
/** @typedef {import("./engines/index.js").Options} Options */
/** @typedef {import("./engines/index.js").Rows} Rows */
/** Paths on this site. @typedef {{ engine: string[], model: string[] }} Files */

/** The benchmark's own files. */
const BENCH = new URL("../", import.meta.url).href;
/** Folders below `work/` that hold models; everything else of an engine is the engine. */
const MODELS = [made("models/"), made("litert/")];

export const threads = numberOf("threads", 1) ?? 1;
const bundle = new URL(query.get("bundle") ?? made("semblance/manifest.json"), location.href).href;

/** Threads have shared memory, which only such a page may have. */
export function checkIsolated() {
  if (threads > 1 && !crossOriginIsolated) throw new Error("this page is not cross-origin isolated, so there are no threads");
}

/**
 * The engines that were asked for: each word of `words` names one, or all whose names start with it.
 *
 * @param {string[] | undefined} words
 * @returns {[string, Create][]}
 */
export function chosenEngines(words) {
  const all = [...enginesFor(threads, query.has("before"))];
  if (!words) return all;
  const unknown = words.find((word) => !all.some(([name]) => name.startsWith(word)));
  if (unknown !== undefined) throw new Error(`there is no engine ${unknown} with ${threads} threads`);
  return all.filter(([name]) => words.some((word) => name.startsWith(word)));
}

/**
 * An engine with its image tower.
 *
 * @param {Create} create
 * @param {Options["inputs"]} inputs
 * @param {Options["towers"]} towers
 * @returns {Promise<{ engine: Engine, rows: Rows, ms: number }>} `ms` from nothing fetched to ready
 */
export async function loadEngine(create, inputs, towers) {
  const start = performance.now();
  const engine = await create({ threads, inputs, bundle, towers });
  const rows = await engine.loadImageTower();
  return { engine, rows, ms: hundredths(performance.now() - start) };
}

/** What this page has fetched so far; `filesSince` says what came later. */
export function fetchedSoFar() {
  return performance.getEntriesByType("resource").length;
}

/**
 * What an engine fetched: its own files and those of its model, without the benchmark's.
 *
 * @param {number} before `fetchedSoFar()` before it was loaded
 * @param {Engine} engine
 * @returns {Promise<Files>}
 */
export async function filesSince(before, engine) {
  const page = performance.getEntriesByType("resource").slice(before);
  const urls = new Set([...page.map(({ name }) => name), ...((await engine.requests?.()) ?? [])]);
  const bundleFolder = new URL("./", bundle).href;
  /** @type {Files} */
  const files = { engine: [], model: [] };
  for (const url of urls) {
    if (!url.startsWith("http") || (url.startsWith(BENCH) && !url.startsWith(made("")))) continue;
    const ofModel = [...MODELS, bundleFolder].some((folder) => url.startsWith(folder));
    files[ofModel ? "model" : "engine"].push(new URL(url).pathname);
  }
  return files;
}
