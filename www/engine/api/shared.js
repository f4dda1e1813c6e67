/** Work that several callers wait for: done once, and given up when the last of them has gone. */

/**
 * @template T, P
 */
export class Shared {
  #controller = new AbortController();
  /** Those that wait. @type {Set<(progress: P) => void>} */
  #listeners = new Set();
  /** What one who comes later has missed. @type {{ progress: P } | null} */
  #last = null;
  #work;

  /** @param {(context: { signal: AbortSignal, onProgress: (progress: P) => void }) => Promise<T>} work */
  constructor(work) {
    this.#work = work({ signal: this.#controller.signal, onProgress: (progress) => this.#report(progress) });
  }

  /** Nobody waits any more: it can't be joined. */
  get isGivenUp() {
    return this.#controller.signal.aborted;
  }

  /** When it has ended, whichever way. */
  async settled() {
    await this.#work.catch(() => {});
  }

  /**
   * One who leaves is let go at once; the last one only when the work has ended, and with what came of it all the same.
   *
   * @param {{ signal: AbortSignal, onProgress: (progress: P) => void }} caller
   * @returns {Promise<T>}
   */
  join({ signal, onProgress }) {
    // A function of its own: one caller may come twice.
    const listener = (/** @type {P} */ progress) => onProgress(progress);
    this.#listeners.add(listener);
    if (this.#last) onProgress(this.#last.progress);
    const left = new Promise((_, reject) => {
      const leave = () => {
        this.#listeners.delete(listener);
        if (this.#listeners.size === 0) this.#controller.abort(signal.reason);
        else reject(signal.reason);
      };
      if (signal.aborted) leave();
      else signal.addEventListener("abort", leave, { once: true });
    });
    return Promise.race([this.#work, left]);
  }

  /** @param {P} progress */
  #report(progress) {
    this.#last = { progress };
    for (const listener of this.#listeners) listener(progress);
  }
}
