/**
 * Whether the browser promises to keep what is stored. Runs in the page: a worker may not ask for it.
 */

/** @typedef {import("../../../semblance.js").Info} Info */

/** Some browsers ask the person, who may not answer; a load doesn't wait for that. */
const ANSWER_MS = 300;

const MAY_GO = "The browser may remove the stored model when this device runs short of space. Then it is downloaded again.";

/** Asked once while the page is open. @type {Promise<boolean> | null} */
let asked = null;

/**
 * Asks for the promise when a model was stored just now.
 *
 * @param {Pick<Info["model"], "stored" | "source">} model
 * @returns {Promise<string[]>} what there is to say about it
 */
export async function keepStored({ stored, source }) {
  if (!stored || !navigator.storage?.persisted) return [];
  try {
    if (await navigator.storage.persisted()) return [];
    if (source === "download") asked ??= navigator.storage.persist();
    const late = new Promise((resolve) => setTimeout(resolve, ANSWER_MS, false));
    return (await Promise.race([asked, late])) ? [] : [MAY_GO];
  } catch {
    // No answer is no promise.
    return [MAY_GO];
  }
}
