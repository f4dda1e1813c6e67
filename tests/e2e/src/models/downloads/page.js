/** The page of the runs with faults: tries, and what lies in storage, read without the engine's own code. */

const ROOT = "semblance-models-v2";
/** A SHA-256's; each file in storage ends with its own. */
const TRAILER = 32;

/**
 * One try in a worker of its own. It is stopped when so many bytes are here: by its signal (`abort`), or by ending the
 * worker in the middle of whatever it does (`kill`), as closing the tab does.
 */
export function attempt(given) {
  // By its address the server tells which try a request belongs to.
  const worker = new Worker(`/packed/worker.js?${given.number}`, { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }) => resolve(data);
    worker.postMessage(given);
  }).finally(() => {
    worker.terminate();
    // It works on for a moment; then its lock is free.
    return navigator.locks.request(`try ${given.number}`, () => {});
  });
}

/**
 * Every stored piece, or part of one: its name, its bytes without the trailer, their SHA-256, and whether the trailer is
 * that. Not `read`: what the trailer says is believed.
 */
export async function stored(folder = "pieces", read = true) {
  const found = [];
  for await (const [name, handle] of (await open(folder)).entries()) {
    const blob = await handle.getFile();
    const bytes = Math.max(0, blob.size - TRAILER);
    const noted = hex(await blob.slice(bytes).arrayBuffer());
    const sha256 = read ? hex(await crypto.subtle.digest("SHA-256", await blob.slice(0, bytes).arrayBuffer())) : noted;
    found.push({ name, bytes, sha256, intact: sha256 === noted });
  }
  return found;
}

/**
 * Each of `harm` is [folder, name, how, at]: remove a stored file (no name: the only one), cut it short, or change a bit
 * of it. `at` is a share of its length. In a worker: a page would have the browser copy the whole file for that.
 */
export async function damage(...harm) {
  const worker = new Worker("/packed/damage.js", { type: "module" });
  await new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = resolve;
    worker.postMessage({ root: ROOT, harm });
  }).finally(() => worker.terminate());
}

export async function empty() {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(ROOT, { recursive: true }).catch(() => {});
}

async function open(folder) {
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(ROOT, { create: true });
  return root.getDirectoryHandle(folder, { create: true });
}

function hex(bytes) {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
