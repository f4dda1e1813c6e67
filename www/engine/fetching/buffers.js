/**
 * Memory for pieces, used again and again: the browser's garbage collector would let hundreds of megabytes of it pile
 * up while a large model passes through.
 */
import { PIECE_BYTES } from "./plan.js";

/** A piece and what storage puts behind it. */
const BYTES = PIECE_BYTES + 64;
/** As many as a load has in its hands. */
const MOST = 4;

/** @type {ArrayBuffer[]} */
const free = [];

/** @param {number} bytes @returns {Uint8Array<ArrayBuffer>} with anything in it */
export function borrow(bytes) {
  return bytes > BYTES ? new Uint8Array(bytes) : new Uint8Array(free.pop() ?? new ArrayBuffer(BYTES), 0, bytes);
}

/** Nobody will look at them any more. @param {Uint8Array<ArrayBuffer>} bytes borrowed, or any others */
export function giveBack({ buffer }) {
  if (buffer.byteLength === BYTES && free.length < MOST && !free.includes(buffer)) free.push(buffer);
}
