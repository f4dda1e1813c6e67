/** The indexes that are open in this worker: each once for all who open it, and closed with the last of them. */
import { StoredIndex } from "./stored.js";

/** @typedef {import("./stored.js").Header} Header */
/** @typedef {import("./wasm.js").IndexWasm} IndexWasm */
/** @typedef {{ opening: Promise<StoredIndex>, holders: number }} Held */

/** By name. @type {Map<string, Held>} */
const held = new Map();

/**
 * Open an index, or take part in the one that is open; `release` goes with each.
 *
 * @param {string} name
 * @param {Header | null} header
 * @param {IndexWasm} wasm
 */
export async function take(name, header, wasm) {
  for (;;) {
    const known = held.get(name);
    const one = known ?? begin(name, header, wasm);
    one.holders += 1;
    const index = await one.opening.catch((thrown) => {
      // For somebody else, who may have asked for what isn't there: it is tried once more as asked here.
      if (known) return null;
      throw thrown;
    });
    if (!index) continue;
    try {
      index.check(header);
      return index;
    } catch (thrown) {
      await release(name);
      throw thrown;
    }
  }
}

/** @param {string} name */
export async function release(name) {
  const one = held.get(name);
  if (!one || --one.holders > 0) return;
  held.delete(name);
  (await one.opening).close();
}

/** @param {string} name @param {Header | null} header @param {IndexWasm} wasm @returns {Held} */
function begin(name, header, wasm) {
  const opening = StoredIndex.open(name, header, wasm).catch((thrown) => {
    held.delete(name);
    throw thrown;
  });
  const one = { opening, holders: 0 };
  held.set(name, one);
  return one;
}
