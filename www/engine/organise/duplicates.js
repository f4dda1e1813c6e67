/** The same picture twice, bursts, and merely alike. The types and their meaning are in semblance.d.ts. */
import { checkOptions } from "../api/check.js";
import { connectOrganise } from "./client.js";
import { forget, gathered } from "./inputs.js";

/** Facts at a time. */
const PORTION = 4096;
/** Small pictures that are on their way at a time. */
const AT_ONCE = 8;
/** Of the work: gathering, close pairs, their small pictures, judging. */
const SHARES = [0.1, 0.3, 0.4, 0.2];

/**
 * @param {{ index: import("../../../semblance.js").PictureIndex }} library
 * @param {import("../../../semblance.js").DuplicateOptions} [options]
 * @returns {Promise<import("../../../semblance.js").DuplicateSet[]>}
 */
export async function duplicates({ index }, options) {
  const { where, signal, onProgress } = checkOptions(options, "duplicates");
  const client = connectOrganise();
  const ids = await index.ids(where);
  if (ids.length < 2) return [];
  const { dim: width } = await index.stats();
  let begun = 0;
  const part = (/** @type {number} */ of) => {
    const from = begun;
    begun += SHARES[of];
    return (/** @type {number} */ share) => onProgress?.(from + SHARES[of] * share, 1);
  };
  const telling = SHARES.map((_, of) => part(of));
  const vectors = await gathered({ index, width, ids }, { signal, onProgress: (done, total) => telling[0](done / total) });
  const held = [vectors];
  try {
    const facts = [];
    for (let at = 0; at < ids.length; at += PORTION) {
      for (const { width, height, size, taken, modified, path, hash } of await index.facts(ids.subarray(at, at + PORTION))) facts.push({ width, height, bytes: size, taken, modified, path, hash: Array.from(hash) });
    }
    const { handle, wanted } = await client.call("closest", { handle: vectors, facts }, { signal, onProgress: telling[1] });
    held.push(handle);
    let done = 0;
    const waiting = Array.from(wanted);
    const lane = async () => {
      for (let picture = waiting.shift(); picture !== undefined; picture = waiting.shift()) {
        signal?.throwIfAborted();
        await client.call("look", { handle, picture, small: await index.thumbnail(ids[picture]) });
        telling[2](++done / wanted.length);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    const sets = await client.call("duplicates", { handle, vectors }, { signal, onProgress: telling[3] });
    return sets.map(({ kind, keep, because, members }) => ({ kind, keep: ids[keep], reason: because, ids: Uint32Array.from(members, ({ picture }) => ids[picture]), evidence: members.map(({ evidence }) => evidence) }));
  } finally {
    held.forEach(forget);
  }
}
