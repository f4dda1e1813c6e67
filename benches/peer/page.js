/** What both pages share: the question in the address, progress and the answer for whoever drives the browser. */
import { enginesFor } from "./engines/index.js";
import { made } from "./inputs.js";
import { hundredths } from "./measure.js";

/** @typedef {import("./engines/index.js").Create} Create */
/** @typedef {import("./engines/index.js").Engine} Engine */
/** @typedef {import("./engines/index.js").Options} Options */
/** @typedef {import("./engines/index.js").Rows} Rows */
/** @typedef {(sentence: string) => void} Report */
/** Paths on this site. @typedef {{ engine: string[], model: string[] }} Files */

const BENCH = new URL("./", import.meta.url).href;
/** Folders below `work/` that hold models; everything else of an engine is the engine. */
const MODELS = [made("models/"), made("litert/")];

export const query = new URLSearchParams(location.search);

/** @param {string} name @param {number} [otherwise] */
export function numberOf(name, otherwise) {
  return query.has(name) ? Number(query.get(name)) : otherwise;
}

export const threads = numberOf("threads", 1) ?? 1;
const bundle = new URL(query.get("bundle") ?? made("semblance/manifest.json"), BENCH).href;

/**
 * Sets `window.progress` (a sentence) on the way and `window.result` at the end: what `work` returns, or `{ error }`.
 *
 * @param {(report: Report) => Promise<object>} work
 */
export async function main(work) {
  performance.setResourceTimingBufferSize(10_000);
  const shown = /** @type {HTMLElement} */ (document.querySelector("pre"));
  /** @type {Report} */
  const report = (sentence) => {
    Object.assign(window, { progress: sentence });
    shown.textContent = sentence;
  };
  report("starts");
  /** @type {object} */
  let result;
  try {
    if (threads > 1 && !crossOriginIsolated) throw new Error("this page is not cross-origin isolated, so there are no threads");
    result = await work(report);
  } catch (thrown) {
    result = { error: describe(thrown) };
  }
  shown.textContent = JSON.stringify(result, null, 1);
  Object.assign(window, { result });
}

/**
 * The engines that were asked for: each word of `words` names one, or all whose names start with it.
 *
 * @param {string[] | undefined} words
 * @returns {[string, Create][]}
 */
export function chosenEngines(words) {
  const all = [...enginesFor(threads)];
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
 * @returns {Promise<{ engine: Engine, rows: Rows, ms: number }>} `ms` from nothing fetched to ready
 */
export async function loadEngine(create, inputs) {
  const start = performance.now();
  const engine = await create({ threads, inputs, bundle });
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

/** @param {unknown} thrown */
export function describe(thrown) {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
