/** Time, and what is said of many times. */

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
 */
export async function timed(work) {
  const start = performance.now();
  const vector = await work();
  return { ms: performance.now() - start, vector };
}

/**
 * Several runs in turns: what disturbs the machine for a while disturbs them all.
 *
 * @template {{ ms: number }} Run
 * @param {Map<string, () => Promise<Run>>} runs
 * @param {(sentence: string) => void} report
 * @param {{ rounds?: number, warmUp?: number }} [choice] instead of the usual rounds, and milliseconds of warm-up
 * @returns {Promise<{ times: Record<string, Summary>, shortest: Map<string, Run> }>} `shortest` of the warm-up
 */
export async function alternate(runs, report, { rounds, warmUp: least = WARM_UP.ms } = {}) {
  /** @type {Map<string, Run>} */
  const shortest = new Map();
  for (const [name, run] of runs) {
    report(`${name} warms up`);
    shortest.set(name, await warmUp(run, least));
  }
  const longest = Math.max(...[...shortest.values()].map(({ ms }) => ms));
  const times = new Map([...runs.keys()].map((name) => [name, /** @type {number[]} */ ([])]));
  let order = [...runs];
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
  return { times: Object.fromEntries([...times].map(([name, ms]) => [name, summary(ms)])), shortest };
}

/** @template {{ ms: number }} Run @param {() => Promise<Run>} run @param {number} least milliseconds */
async function warmUp(run, least) {
  const start = performance.now();
  let shortest = await run();
  for (let calls = 1; calls < WARM_UP.calls || performance.now() - start < least; calls++) {
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
