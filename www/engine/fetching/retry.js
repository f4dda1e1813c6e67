/** Trying again what may work the next time: a busy server, a connection that broke. */

/** Six tries wait for 9 seconds in all; three, where the server has never answered, for one. */
const TRIES = 6;
const TRIES_UNHEARD = 3;
const FIRST_WAIT_MS = 300;
/** What a server may ask us to wait. */
const LONGEST_WAIT_MS = 60_000;
/** So much more than ever before, and the count begins anew. */
const PROGRESS_BYTES = 64 * 1024;

/** A failure that may pass. Its name is that of other failures of the network. */
export class Interruption extends Error {
  name = "NetworkError";

  /**
   * @param {string} message
   * @param {{ cause?: unknown, waitMs?: number | null, heard?: boolean, answered?: boolean }} [options] `waitMs`: what the server asks for; `heard`: it has answered, if not this time; `answered`: it did
   */
  constructor(message, { cause, waitMs = null, heard = true, answered = true } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.waitMs = waitMs;
    this.heard = heard;
    this.answered = answered;
  }
}

/**
 * @template T
 * @param {() => Promise<T>} attempt
 * @param {AbortSignal} [signal]
 * @param {() => number} [progress] bytes so far
 * @returns {Promise<T>}
 */
export async function insist(attempt, signal, progress = () => 0) {
  let failures = 0;
  let furthest = progress();
  for (;;) {
    try {
      return await attempt();
    } catch (thrown) {
      signal?.throwIfAborted();
      if (!(thrown instanceof Interruption)) throw thrown;
      const reached = progress();
      if (reached >= furthest + PROGRESS_BYTES) {
        furthest = reached;
        failures = 0;
      }
      failures += 1;
      const wait = thrown.waitMs ?? FIRST_WAIT_MS * 2 ** (failures - 1);
      if (failures >= (thrown.heard ? TRIES : TRIES_UNHEARD) || wait > LONGEST_WAIT_MS) throw thrown;
      // Many who were sent away together don't come back together.
      await sleep(wait * (1 + 0.2 * Math.random()), signal);
    }
  }
}

/** @param {number} ms @param {AbortSignal} [signal] @returns {Promise<void>} */
function sleep(ms, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
