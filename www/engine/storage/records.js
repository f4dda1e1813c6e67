/**
 * Which models are in storage: a record each, its plan. One that is on its way has a record among the unfinished, so
 * that its pieces are known to belong to somebody; among the models it gets one last of all, when everything is here.
 */
import { failure, isAbort, messageOf } from "../errors.js";
import { piecesOf, presentBytes, presentIn } from "../fetching/plan.js";
import { alone } from "./store.js";

/** @typedef {import("../fetching/plan.js").Plan} Plan */
/** @typedef {import("./store.js").Store} Store */

/**
 * @param {Store | null} store
 * @param {"models" | "unfinished"} folder
 * @param {string} id
 * @returns {Promise<Plan | null>} null where it isn't there, is damaged, or another version wrote it
 */
export async function readRecord(store, folder, id) {
  const text = await store?.readText(folder, id);
  if (!text) return null;
  try {
    const plan = JSON.parse(text);
    return plan.format === 1 && plan.id === id ? plan : null;
  } catch {
    return null;
  }
}

/**
 * What a source says, or what is stored where it can't be asked.
 *
 * @param {Plan | null} before
 * @param {() => Promise<{ plan: Plan, stream?: import("../fetching/local.js").Opened }>} ask
 * @returns {Promise<import("../fetching/resolve.js").Resolved>}
 */
export async function orStored(before, ask) {
  try {
    return { before, note: null, ...(await ask()) };
  } catch (thrown) {
    if (isAbort(thrown) || !before) throw thrown;
    return { plan: before, before, note: `The stored model is used, as it was kept. ${messageOf(thrown)}` };
  }
}

/**
 * @param {Store} store
 * @returns {Promise<{ plan: Plan, finished: boolean }[]>} each model once
 */
export async function allRecords(store) {
  // In this order: one that is finished meanwhile is seen all the same.
  const unfinished = await readAll(store, "unfinished");
  const models = await readAll(store, "models");
  const finished = new Set(models.map(({ id }) => id));
  return [
    ...models.map((plan) => ({ plan, finished: true })),
    ...unfinished.filter(({ id }) => !finished.has(id)).map((plan) => ({ plan, finished: false })),
  ];
}

/** @param {Store} store @param {"models" | "unfinished"} folder */
async function readAll(store, folder) {
  const names = [...(await store.list(folder)).keys()];
  const plans = await Promise.all(names.map((id) => readRecord(store, folder, id)));
  return plans.filter((plan) => plan !== null);
}

/** Before the first piece is kept. @param {Store} store @param {Plan} plan @param {AbortSignal} signal */
export function beginRecord(store, plan, signal) {
  const text = JSON.stringify(plan);
  return alone("records", signal, async () => {
    // What is there already is not put at risk by writing it anew.
    if ((await store.readText("unfinished", plan.id)) !== text) await store.writeText("unfinished", plan.id, text);
  });
}

/**
 * After the last. What only a former version needed goes.
 *
 * @param {Store} store
 * @param {Plan} plan
 * @param {AbortSignal} signal
 */
export function finishRecord(store, plan, signal) {
  return alone("records", signal, async () => {
    if (presentBytes(plan, await presentIn(store)) < plan.bytes) {
      await sweep(store);
      throw failure("StorageError", "The model was removed from the browser's storage while it was loading.");
    }
    await store.writeText("models", plan.id, JSON.stringify(plan));
    await store.remove("unfinished", plan.id);
    await sweep(store);
  });
}

/** A model, or what of it lies in these folders, and what only that needs.
 * @param {Store} store @param {string} id @param {("models" | "unfinished" | "used")[]} folders @param {AbortSignal} signal */
export function removeRecord(store, id, folders, signal) {
  return alone("records", signal, async () => {
    // The record first: a model without all of its pieces is never taken for complete.
    for (const folder of folders) await store.remove(folder, id);
    await sweep(store);
  });
}

/** Remove the pieces that no record names. @param {Store} store */
async function sweep(store) {
  const plans = [...(await readAll(store, "models")), ...(await readAll(store, "unfinished"))];
  const records = (await store.list("models")).size + (await store.list("unfinished")).size;
  // Whose record can't be read just now, its pieces are not nobody's.
  if (plans.length < records) return;
  const needed = new Set(plans.flatMap(piecesOf).map(({ key }) => key));
  for (const folder of /** @type {const} */ (["pieces", "parts"])) {
    for (const key of (await store.list(folder)).keys()) if (!needed.has(key)) await store.remove(folder, key);
  }
}

/** @param {Store | null} store @param {string} id */
export async function noteUse(store, id) {
  await store?.writeText("used", id, String(Date.now())).catch(() => {});
}

/** @param {Store} store @param {string} id @returns {Promise<number | null>} milliseconds since the epoch */
export async function lastUse(store, id) {
  const text = await store.readText("used", id);
  return text ? Number(text) : null;
}
