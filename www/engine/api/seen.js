/** Every network request of the page and its workers, as they tell it. */

/** @typedef {import("../../../semblance.js").NetworkRequest} NetworkRequest */

/** @type {NetworkRequest[]} */
const requests = [];

/** @param {NetworkRequest["from"]} from @param {import("./protocol.js").SeenRequest[]} seen */
export function noteRequests(from, seen) {
  for (const request of seen) requests.push({ ...request, at: request.at - performance.timeOrigin, from });
}

/** Oldest first. */
export const seenRequests = () => [...requests].sort((a, b) => a.at - b.at);
