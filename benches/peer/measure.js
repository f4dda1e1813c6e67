/** Time, and what is said of many times. */

/** @typedef {import("./engines/index.js").Run} Run */
/** @typedef {{ median: number, p25: number, p75: number, n: number }} Summary milliseconds */

/** A browser runs wasm from its baseline compiler until the optimising one is done, so warm-up has a least time too. */
const WARM_UP = { calls: 3, ms: 2000 };
const ROUNDS = 21;
/** Rows that take longer than this are run less often. */
const LONG = { ms: 400, rounds: 9 };
/** Helper threads of an engine spin for a while after their work, and would disturb the next engine's. */
const PAUSE_MS = 60;

/**
 * How long `work` takes until its first vector can be read.
 *
 * @param {() => Float32Array | Promise<Float32Array>} work
 * @returns {Promise<Run>}
 */
export async function timed(work) {
  const start = performance.now();
  const vector = await work();
  return { ms: performance.now() - start, vector };
}

/**
 * The same row in every engine, in turns: what disturbs the machine for a while disturbs them all.
 *
 * @param {Map<string, () => Promise<Run>>} engines
 * @param {number | undefined} rounds instead of the usual number
 * @param {(sentence: string) => void} report
 * @returns {Promise<{ engines: Record<string, Summary>, vectors: Map<string, Float32Array> }>}
 */
export async function alternate(engines, rounds, report) {
  /** @type {Map<string, Float32Array>} */
  const vectors = new Map();
  let longest = 0;
  for (const [name, run] of engines) {
    report(`${name} warms up`);
    const { ms, vector } = await warmUp(run);
    longest = Math.max(longest, ms);
    vectors.set(name, vector);
  }
  const times = new Map([...engines.keys()].map((name) => [name, /** @type {number[]} */ ([])]));
  let order = [...engines];
  const count = rounds ?? (longest > LONG.ms ? LONG.rounds : ROUNDS);
  for (let round = 1; round <= count; round++) {
    report(`round ${round} of ${count}`);
    for (const [name, run] of order) {
      await pause(PAUSE_MS);
      const { ms } = await run();
      times.get(name)?.push(ms);
    }
    // Each comes first equally often.
    order = [...order.slice(1), order[0]];
  }
  return { engines: Object.fromEntries([...times].map(([name, ms]) => [name, summary(ms)])), vectors };
}

/** @param {() => Promise<Run>} run @returns {Promise<Run>} the shortest call */
async function warmUp(run) {
  const start = performance.now();
  let shortest = await run();
  for (let calls = 1; calls < WARM_UP.calls || performance.now() - start < WARM_UP.ms; calls++) {
    const next = await run();
    if (next.ms < shortest.ms) shortest = next;
  }
  return shortest;
}

/** @param {number[]} times @returns {Summary} */
export function summary(times) {
  const sorted = [...times].sort((a, b) => a - b);
  /** @param {number} share of the times that are below, with linear interpolation */
  const quantile = (share) => {
    const at = share * (sorted.length - 1);
    const below = Math.floor(at);
    const above = Math.min(below + 1, sorted.length - 1);
    return hundredths(sorted[below] + (at - below) * (sorted[above] - sorted[below]));
  };
  return { median: quantile(0.5), p25: quantile(0.25), p75: quantile(0.75), n: times.length };
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
export function cosine(a, b) {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return dot / Math.sqrt(aa * bb);
}

/** @param {number} ms */
export function hundredths(ms) {
  return Math.round(ms * 100) / 100;
}

/** @param {number} ms */
export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
