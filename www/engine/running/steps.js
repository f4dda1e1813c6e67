/**
 * How the worker shares its one thread: long work is cut into steps, and between two steps the message queue
 * is read, so that cancellations arrive, and one waiting errand (a thumbnail) is let through.
 */

/** Errands that may run at a time. Each can hold a decoded picture of up to 400 MB. */
const ERRANDS_AT_A_TIME = 2;

/** @type {(() => void)[]} */
const breathing = [];
/** Opened when it is needed: an open one would keep a server from ending that imports this to render a page. @type {MessageChannel | undefined} */
let channel;

function openChannel() {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => breathing.shift()?.();
  return channel;
}

/**
 * Let the messages that have arrived be handled. A `MessageChannel` queues behind them; `setTimeout` would be
 * clamped to 4 ms and `scheduler.yield` may come back before them.
 *
 * @returns {Promise<void>}
 */
function breathe() {
  return new Promise((resolve) => {
    breathing.push(resolve);
    channel ??= openChannel();
    channel.port2.postMessage(null);
  });
}

/** @type {Set<Promise<unknown>>} */
const errands = new Set();
/** @type {(() => void)[]} */
const waiting = [];

/**
 * Run short work ahead of the long: at every step of a long job, the oldest errand is waited for.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function errand(work) {
  while (errands.size >= ERRANDS_AT_A_TIME) await /** @type {Promise<void>} */ (new Promise((go) => waiting.push(go)));
  const running = work();
  errands.add(running);
  try {
    return await running;
  } finally {
    errands.delete(running);
    waiting.shift()?.();
  }
}

/** The pause between two steps of a long job. */
export async function pause() {
  await breathe();
  const [oldest] = errands;
  if (oldest) await oldest.catch(() => {});
}

/**
 * A pause, after which a job that was cancelled ends.
 *
 * @param {AbortSignal} signal
 */
export async function step(signal) {
  await pause();
  signal.throwIfAborted();
}

/** What a step may take, so that a cancellation is heard soon. */
const STEP_MS = 300;

/** How much work fits into a step, learned from the steps before. */
export class Pace {
  #most;
  /** Of one; null before the first. @type {number | null} */
  #ms = null;
  #first;

  /** @param {number} first how many to begin with @param {number} most */
  constructor(first, most) {
    this.#first = first;
    this.#most = most;
  }

  get count() {
    return this.#ms === null ? this.#first : Math.max(1, Math.min(this.#most, Math.floor(STEP_MS / this.#ms)));
  }

  /** What so many are likely to take, in milliseconds. @param {number} count */
  estimate(count) {
    return count * (this.#ms ?? STEP_MS / this.#first);
  }

  /** @param {number} count @param {number} ms that they took together */
  took(count, ms) {
    this.#ms = Math.max(ms / count, 0.01);
  }
}

/** Work that runs one at a time, in the order it was asked for. A failure doesn't stop what comes after. */
export class Turns {
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /**
   * @template T
   * @param {() => T | Promise<T>} work
   * @returns {Promise<T>}
   */
  take(work) {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }
}
