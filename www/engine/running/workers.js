/** The engine's workers: each is a script of ours, wherever that comes from. */
import { scriptAt } from "../../site.js";

/** By address; a few dozen bytes each, which are kept for the next worker of the kind. @type {Map<string, string>} */
const borrowed = new Map();

/**
 * @param {string} path of its script, below the root
 * @param {string} name
 */
export function startWorker(path, name) {
  const address = scriptAt(path);
  return new Worker(isOwn(address) ? address : borrow(address), { type: "module", name });
}

/** @param {string} address */
const isOwn = (address) => new URL(address).origin === self.location.origin;

/** A worker's script must be of the page's own origin; what that imports may come from any that allows it. @param {string} address */
function borrow(address) {
  const known = borrowed.get(address) ?? URL.createObjectURL(new Blob([`import ${JSON.stringify(address)};`], { type: "text/javascript" }));
  borrowed.set(address, known);
  return known;
}
