/** How fast the integer products go, as the page says it. Pure. */

/** @typedef {import("../../../semblance.js").Products} Products */

/**
 * How near the integer products come to the most that was seen on this machine.
 *
 * @param {{ route: string, rates: Record<string, number>, reached?: number }} products @param {number} threads
 * @returns {Products}
 */
export function shareOf({ route, rates, reached = 0 }, threads) {
  const most = Math.max(...Object.values(rates)) * threads;
  return { route: /** @type {Products["route"]} */ (route), rates, reached: reached || null, share: reached && most ? reached / most : null };
}
