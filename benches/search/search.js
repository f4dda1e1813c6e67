/**
 * index.html: a library of so many made-up pictures, written, opened and searched as a page does it, beside a loop in
 * JavaScript over one array, and beside an approximate index from npm.
 *
 * `?pictures=`, `dim=`, `small` (with small pictures in the one that the view opens), `peak=` the compiled ../peak/peak.rs, `loop`, `hnsw=` the address of
 * hnswlib-wasm.
 */
import { Semblance } from "/semblance.js";
import { startWorker } from "../calls.js";
import { hundredths, summary } from "../measure.js";
import { main, numberOf, query } from "../report.js";
import { makeVectors } from "./vectors.js";

/** @typedef {import("../measure.js").Summary} Summary */
/**
 * @typedef {object} Result
 * @property {number} pictures
 * @property {number} write seconds for the whole library
 * @property {number} bytes of it in storage
 * @property {number} open seconds
 * @property {Summary} worker milliseconds of a search for the best 50 where the vectors lie
 * @property {Summary} page the same as the page waits for it, with messages
 * @property {Summary} all a ranking of all pictures, as the page waits for it
 * @property {number} bandwidth GB a second that one thread reads here
 * @property {number} [recall] of the ten best, by 8 bits alone
 * @property {Summary} [loop] the loop in JavaScript
 * @property {Hnsw} [hnsw]
 *
 * @typedef {{ build: number, query: Summary, recall: number, pictures: number }} Hnsw `build`: seconds
 */

const K = 50;
const QUERIES = 41;
/** The hash of a model that there is not. */
const NOBODYS = "5e".repeat(32);
/** The page's own model: the view opens a library of its vectors. */
const POCKET = new URL("/models/pocket/", location.href);
const POCKET_DIM = 128;
/** Bytes that are read for the bandwidth: more than any cache has. */
const READ = 256 * 2 ** 20;

const pictures = numberOf("pictures", 100_000) ?? 100_000;
const dim = numberOf("dim", 512) ?? 512;

main(async (report) => {
  const vector = makeVectors(dim);
  const queries = Array.from({ length: QUERIES }, (_, i) => vector(-1 - i));
  const name = `bench-${pictures}`;
  for (const old of await Semblance.indexes()) await Semblance.deleteIndex(old);

  report(`${pictures} pictures are written`);
  const worker = startWorker(new URL("worker.js", import.meta.url));
  const { ms: written, bytes } = await worker.call("build", { name, count: pictures, dim, model: NOBODYS, small: false });
  report("searched in the worker");
  const inWorker = [];
  for (const one of queries) inWorker.push((await worker.call("search", { query: one, k: K })).ms);
  await worker.call("close");
  report("a library for the view is written");
  const { sha256 } = await (await fetch(new URL("manifest.json", POCKET))).json();
  await worker.call("build", { name: `view-${pictures}`, count: pictures, dim: POCKET_DIM, model: sha256, small: query.has("small") });
  await worker.call("close");
  worker.end();

  report("opened");
  const start = performance.now();
  const index = await Semblance.openIndex(name);
  const open = performance.now() - start;
  const [inPage, found] = await timed(queries, (image) => index.rank({ image, k: K }));
  report("all of them ranked");
  const [all] = await timed(queries.slice(0, 9), (image) => index.rank({ image, k: Infinity }));
  await index.close();

  /** @type {Result} */
  const result = {
    pictures,
    write: hundredths(written / 1000),
    bytes,
    open: hundredths(open / 1000),
    worker: summary(inWorker.slice(1)),
    page: inPage,
    all,
    bandwidth: await bandwidth(),
  };
  if (query.has("loop")) {
    report("the loop in JavaScript");
    const rows = new Float32Array(pictures * dim);
    for (let i = 0; i < pictures; i++) rows.set(vector(i), i * dim);
    const [loop, truth] = await timed(queries, async (one) => plain(rows, one, K));
    result.loop = loop;
    result.recall = recall(found.map(({ ids }) => Array.from(ids, (id) => id - 1)), truth);
    const hnsw = query.get("hnsw");
    if (hnsw) result.hnsw = await approximate(hnsw, rows, queries, truth, report);
  }
  return result;
});

/**
 * @template T
 * @param {Float32Array[]} queries the first is not counted
 * @param {(query: Float32Array) => Promise<T>} work
 * @returns {Promise<[Summary, T[]]>}
 */
async function timed(queries, work) {
  const times = [];
  const answers = [];
  for (const one of queries) {
    const start = performance.now();
    answers.push(await work(one));
    times.push(performance.now() - start);
  }
  return [summary(times.slice(1)), answers];
}

/** As people write it: a dot product with each row, the best kept in order. @param {Float32Array} rows @param {Float32Array} one @param {number} k */
function plain(rows, one, k) {
  /** @type {{ at: number, score: number }[]} */
  const best = [];
  for (let at = 0; at < rows.length / dim; at++) {
    let score = 0;
    for (let i = 0, from = at * dim; i < dim; i++) score += rows[from + i] * one[i];
    if (best.length === k && score <= best[k - 1].score) continue;
    let place = best.length;
    while (place > 0 && best[place - 1].score < score) place -= 1;
    best.splice(place, 0, { at, score });
    if (best.length > k) best.pop();
  }
  return best.map(({ at }) => at);
}

/** Of the ten best. @param {number[][]} found @param {number[][]} truth */
function recall(found, truth) {
  const shares = found.map((ids, i) => ids.slice(0, 10).filter((id) => truth[i].slice(0, 10).includes(id)).length / 10);
  return shares.reduce((sum, share) => sum + share) / shares.length;
}

/**
 * @param {string} address @param {Float32Array} rows @param {Float32Array[]} queries @param {number[][]} truth
 * @param {(sentence: string) => void} report
 * @returns {Promise<Hnsw>}
 */
async function approximate(address, rows, queries, truth, report) {
  const { loadHnswlib } = await import(address);
  const library = await loadHnswlib();
  const count = Math.min(pictures, numberOf("approximate", pictures) ?? pictures);
  const index = new library.HierarchicalNSW("ip", dim, "");
  // The library's own defaults.
  index.initIndex(count, 32, 128, 100);
  const start = performance.now();
  for (let at = 0; at < count; at++) {
    index.addPoint(rows.subarray(at * dim, (at + 1) * dim), at, false);
    if (at % 500 === 0) {
      report(`hnswlib-wasm: ${at} added`);
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  const build = hundredths((performance.now() - start) / 1000);
  index.setEfSearch(128);
  const some = count === pictures ? truth : queries.map((one) => plain(rows.subarray(0, count * dim), one, K));
  const [times, found] = await timed(queries, async (one) => index.searchKnn(one, K, undefined).neighbors);
  return { build, query: times, recall: recall(found, some), pictures: count };
}

/** What one thread reads of memory, in GB a second. */
async function bandwidth() {
  const { instance } = await WebAssembly.instantiateStreaming(fetch(query.get("peak") ?? ""));
  const { memory, read_memory } = /** @type {{ memory: WebAssembly.Memory, read_memory: (at: number, count: number) => bigint }} */ (/** @type {unknown} */ (instance.exports));
  const at = memory.grow(READ / 65_536) * 65_536;
  // Memory that nobody has written to is one page of zeros.
  new Uint8Array(memory.buffer, at).fill(7);
  const times = [];
  for (let round = 0; round < 9; round++) {
    const start = performance.now();
    read_memory(at, READ / 64);
    times.push(performance.now() - start);
  }
  return hundredths(READ / 1e6 / summary(times.slice(2)).median);
}
