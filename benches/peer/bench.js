/**
 * index.html: every row in every engine, in turns.
 *
 * `?threads=1|2`, and to run a part: `rows=image1,jpeg`, `engines=ort,semblance`, `rounds=5`,
 * `bundle=` a manifest's address.
 */
import { alternate, cosine, hundredths } from "../measure.js";
import { describe, main, numberOf, wordsOf } from "../report.js";
import { ROWS } from "./engines/index.js";
import { readInputs } from "./inputs.js";
import { checkIsolated, chosenEngines, fetchedSoFar, filesSince, loadEngine, threads } from "./page.js";

/** @typedef {import("./engines/index.js").Rows} Rows */
/** @typedef {import("./engines/index.js").Run} Run */
/** @typedef {import("../measure.js").Summary} Summary */
/** @typedef {import("./page.js").Files} Files */
/** @typedef {{ image: number, both: number }} Load milliseconds from nothing fetched until the image tower, or both towers, are ready */
/** @typedef {{ image1: number, labels5: number }} First milliseconds of the very first picture and texts */
/**
 * @typedef {object} Result
 * @property {number} threads
 * @property {string} userAgent
 * @property {boolean} isolated
 * @property {{ row: string, unit: "ms", engines: Record<string, Summary> }[]} rows
 * @property {Record<string, Record<string, number>>} agreement row → engine → cosine to PyTorch's f32
 * @property {Record<string, Load>} load once each; memory.html does it alone in a fresh page
 * @property {Record<string, First>} first
 * @property {Record<string, Files>} files
 * @property {Record<string, string>} versions
 * @property {Record<string, string>} absent engines that could not be loaded, and why
 */

main(async (report) => {
  checkIsolated();
  const rounds = numberOf("rounds");
  const rows = wordsOf("rows") ?? ROWS;
  const inputs = await readInputs();
  /** @type {Result} */
  const result = {
    threads,
    userAgent: navigator.userAgent,
    isolated: crossOriginIsolated,
    rows: [],
    agreement: {},
    load: {},
    first: {},
    files: {},
    versions: {},
    absent: {},
  };

  /** @type {Map<string, Rows>} */
  const engines = new Map();
  for (const [name, create] of chosenEngines(wordsOf("engines"))) {
    report(`${name} loads`);
    try {
      engines.set(name, await loadBoth(name, create));
    } catch (thrown) {
      result.absent[name] = describe(thrown);
    }
  }
  if (engines.size === 0) throw new Error(`no engine could be loaded: ${JSON.stringify(result.absent)}`);

  for (const row of ROWS.filter((row) => rows.includes(row))) {
    /** @type {Map<string, () => Promise<Run>>} */
    const able = new Map();
    for (const [name, { [row]: run }] of engines) if (run) able.set(name, run);
    if (able.size === 0) continue;
    const { times, shortest } = await alternate(able, (sentence) => report(`${row}: ${sentence}`), { rounds });
    result.rows.push({ row, unit: "ms", engines: times });
    result.agreement[row] = Object.fromEntries([...shortest].map(([name, { vector }]) => [name, cosine(vector, inputs.reference[row])]));
  }
  return result;

  /** @param {string} name @param {import("./engines/index.js").Create} create @returns {Promise<Rows>} */
  async function loadBoth(name, create) {
    const before = fetchedSoFar();
    const { engine, rows: images, ms: image } = await loadEngine(create, inputs, "both");
    const image1 = await firstRun(images.image1);
    const start = performance.now();
    const texts = await engine.loadTextTower();
    const both = hundredths(image + performance.now() - start);
    const labels5 = await firstRun(texts.labels5);
    result.load[name] = { image, both };
    result.first[name] = { image1, labels5 };
    result.files[name] = await filesSince(before, engine);
    result.versions[name] = engine.version;
    return { ...images, ...texts };
  }
});

/** @param {(() => Promise<Run>) | undefined} run */
async function firstRun(run) {
  if (!run) throw new Error("an engine must be able to do image1 and labels5");
  return hundredths((await run()).ms);
}
