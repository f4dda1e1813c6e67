/** One thread at the most arithmetic that it can do: the routes of ../peak/peak.rs. */
import { answerCalls } from "../calls.js";

/** Each does so many rounds and says how many operations they were. @typedef {Record<string, (rounds: number) => number>} Routes */

const ROUNDS = 20_000;
const LEAST_MS = 10;

/** @type {Routes} */
let routes;

answerCalls({
  /** @param {WebAssembly.Module} module */
  async start(module) {
    const { exports } = await WebAssembly.instantiate(module);
    routes = /** @type {Routes} */ (/** @type {unknown} */ (exports));
  },
  /** Milliseconds that 10⁹ operations take. @param {string} route */
  run(route) {
    const start = performance.now();
    let [operations, ms] = [0, 0];
    while ((ms = performance.now() - start) < LEAST_MS) operations += routes[route](ROUNDS);
    return (ms * 1e9) / operations;
  },
});
