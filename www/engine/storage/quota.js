/** Whether there is room in this browser's storage. */
import { readableBytes } from "../errors.js";

/** For records, and what a disk adds to each file. */
const SPARE = 2e6;

/** @param {number} bytes to be stored @returns {Promise<{ available: number | null, enough: boolean }>} `null` where the browser doesn't say */
export async function roomFor(bytes) {
  const { quota, usage } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  const available = quota === undefined || usage === undefined ? null : Math.max(0, quota - usage);
  return { available, enough: bytes === 0 || available === null || bytes + SPARE <= available };
}

/** @param {number} bytes @returns {Promise<string | null>} a sentence where there is not enough */
export async function needsRoom(bytes) {
  const { available, enough } = await roomFor(bytes);
  if (enough) return null;
  return `The model is not kept: ${readableBytes(bytes)} of it are to be stored, and this browser has ${readableBytes(available ?? 0)} left for this site.`;
}
