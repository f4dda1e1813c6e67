/**
 * The browser's own storage for models: `match`, `put` and `delete` by key, over the Cache API. It only keeps;
 * what comes out is checked again by who asked for it.
 */
import { failure, messageOf } from "./errors.js";

/** @typedef {{ match(key: string): Promise<Blob | null>, put(key: string, value: Uint8Array<ArrayBuffer> | string): Promise<void>, delete(key: string): Promise<void> }} Store */

const CACHE = "semblance-models-v1";

/** Cache API keys are requests; nothing is ever asked of this address. @param {string} key */
const addressOf = (key) => new URL(`../../.stored/${key}`, import.meta.url).href;

/**
 * @returns {Promise<Store | null>} null where the browser gives this page no storage (plain http, private windows)
 */
export async function openStore() {
  if (!globalThis.caches) return null;
  let cache;
  try {
    cache = await caches.open(CACHE);
  } catch {
    return null;
  }
  return {
    async match(key) {
      try {
        const response = await cache.match(addressOf(key));
        return response ? await response.blob() : null;
      } catch {
        // Unreadable is the same as not there: it is downloaded anew.
        return null;
      }
    },
    async put(key, value) {
      try {
        await cache.put(addressOf(key), new Response(value));
      } catch (thrown) {
        const full = thrown instanceof DOMException && thrown.name === "QuotaExceededError";
        const why = full ? "its storage for this site is full" : messageOf(thrown);
        throw failure("StorageError", `The browser could not keep the model: ${why}.`, thrown);
      }
    },
    async delete(key) {
      await cache.delete(addressOf(key)).catch(() => false);
    },
  };
}
