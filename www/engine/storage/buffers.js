/**
 * Memory for pieces, used again and again: the browser's garbage collector would let hundreds of megabytes of it pile
 * up while a large model passes through.
 */
/** What storage puts behind a piece. */
const BEHIND = 64;
/** Nobody gains by keeping less, and a larger one than any piece is not needed twice. */
const LEAST = 2 ** 18;
const LARGEST = 16 * 2 ** 20 + BEHIND;
/** As many as a load has in its hands. */
const MOST = 4;

/** @type {ArrayBuffer[]} */
const free = [];

/** @param {number} bytes @returns {Uint8Array<ArrayBuffer>} with anything in it */
export function borrow(bytes) {
  const at = free.findIndex(({ byteLength }) => byteLength >= bytes);
  const [buffer] = at < 0 || bytes < LEAST ? [new ArrayBuffer(bytes + BEHIND)] : free.splice(at, 1);
  return new Uint8Array(buffer, 0, bytes);
}

/** Nobody will look at them any more. @param {Uint8Array<ArrayBuffer>} bytes borrowed, or any others */
export function giveBack({ buffer }) {
  const { byteLength } = buffer;
  if (byteLength >= LEAST && byteLength <= LARGEST && free.length < MOST && !free.includes(buffer)) free.push(buffer);
}

/** No piece comes any more: the memory goes back at once, without waiting for the garbage collector. */
export function letGo() {
  for (const buffer of free.splice(0)) {
    // Of the last years; elsewhere the collector sees to it.
    /** @type {ArrayBuffer & { transfer?(length: number): ArrayBuffer }} */ (buffer).transfer?.(0);
  }
}
