/** Where a model comes from → what it is made of. */
import { resolveBundle } from "./bundle.js";
import { failure } from "../errors.js";
import { resolveHub } from "./hub.js";
import { resolveLink } from "./link.js";
import { readRecord } from "../storage/records.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("../api/protocol.js").ModelSource} ModelSource */
/**
 * What a source comes to. `before`: its complete record in storage. `stream`: there are no pieces, it can only be read
 * from its start to its end.
 *
 * @typedef {{ plan: Plan, before: Plan | null, note: string | null, stream?: import("./local.js").Opened }} Resolved
 */
/** @typedef {import("../storage/store.js").Store} Store */

/**
 * @param {Exclude<ModelSource, { kind: "files" }>} source
 * @param {Store | null} store
 * @param {AbortSignal} signal
 * @returns {Promise<Resolved>}
 */
export async function resolve(source, store, signal) {
  switch (source.kind) {
    case "bundle":
      return resolveBundle(source.url, store, signal, source.manifest);
    case "link":
      return resolveLink(source.url, store, signal);
    case "hub":
      return resolveHub(source, store, signal);
    case "stored":
      return resolveStored(source.id, store);
  }
}

/** @param {string} id @param {Store | null} store @returns {Promise<Resolved>} */
async function resolveStored(id, store) {
  const before = await readRecord(store, "models", id);
  const plan = before ?? (await readRecord(store, "unfinished", id));
  const local = plan?.files.some(({ pieces }) => pieces.some(({ url }) => url === null));
  if (local && !before) throw failure("ModelError", `The import of ${plan?.source} was broken off. Delete what is there of it and import it again.`);
  if (plan) return { plan, before, note: null };
  throw failure("ModelError", "This model is not in the browser's storage any more.");
}
