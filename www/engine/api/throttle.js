/** Progress that comes faster than anyone can see is left out. */
const EVERY_MS = 50;

/**
 * At most one report each 50 ms. The last before a silence comes late rather than never, and none comes after `stop`.
 *
 * @template T
 * @param {(progress: T) => void} send
 * @param {(progress: T) => unknown} [stageOf] what must not be left out: the last report of every stage, and the first
 */
export function throttled(send, stageOf = () => undefined) {
  /** @type {{ progress: T } | null} */
  let held = null;
  let sentAt = -Infinity;
  /** @type {unknown} */
  let stage;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
    held = null;
  };
  const flush = () => {
    const last = held;
    stop();
    if (!last) return;
    sentAt = performance.now();
    send(last.progress);
  };
  /** @param {T} progress */
  const report = (progress) => {
    const next = stageOf(progress);
    if (next !== stage) flush();
    const wait = next === stage ? sentAt + EVERY_MS - performance.now() : 0;
    stage = next;
    held = { progress };
    if (wait <= 0) flush();
    else timer ??= setTimeout(flush, wait);
  };
  return { report, flush, stop };
}
