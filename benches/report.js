/** What a page of the benchmark is asked in its address, and how it answers whoever drives the browser. */

/** @typedef {(sentence: string) => void} Report */

export const query = new URLSearchParams(location.search);

/** @param {string} name @param {number} [otherwise] */
export function numberOf(name, otherwise) {
  return query.has(name) ? Number(query.get(name)) : otherwise;
}

/** The words of a list. @param {string} name */
export function wordsOf(name) {
  return query.get(name)?.split(",").filter(Boolean);
}

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
    result = await work(report);
  } catch (thrown) {
    result = { error: describe(thrown) };
  }
  shown.textContent = JSON.stringify(result, null, 1);
  Object.assign(window, { result });
}

/** @param {unknown} thrown */
export function describe(thrown) {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
