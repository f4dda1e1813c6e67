/** What this thread asked of the network, from the browser's own record (Resource Timing). */

/** @typedef {import("./protocol.js").SeenRequest} SeenRequest */

/** The browser keeps 250 entries unless told otherwise. */
const ENTRIES = 10_000;

/**
 * @param {(requests: SeenRequest[]) => void} onRequests gets those made so far and every later one, once
 * @returns {() => void} hands over at once what the browser has recorded and not yet delivered
 */
export function watchRequests(onRequests) {
  performance.setResourceTimingBufferSize(ENTRIES);
  let navigated = false;
  /** @param {PerformanceEntry} entry */
  const isNew = ({ name, entryType }) => {
    // The page itself is recorded when it is asked for and again when it has loaded.
    if (entryType === "navigation" && navigated) return false;
    navigated ||= entryType === "navigation";
    return /^https?:/.test(name);
  };
  /** @param {PerformanceEntryList} entries */
  const hand = (entries) => {
    const requests = entries.filter(isNew).map(toRequest);
    if (requests.length > 0) onRequests(requests);
  };
  const observer = new PerformanceObserver((list) => hand(list.getEntries()));
  for (const type of ["navigation", "resource"]) {
    if (PerformanceObserver.supportedEntryTypes.includes(type)) observer.observe({ type, buffered: true });
  }
  return () => hand(observer.takeRecords());
}

/** @param {PerformanceEntry} entry @returns {SeenRequest} */
function toRequest(entry) {
  const { name, entryType, startTime, transferSize, encodedBodySize, decodedBodySize, responseStatus, workerStart } = /** @type {PerformanceResourceTiming} */ (entry);
  // Another site that doesn't opt in, a request that failed, and a page that a service worker handed on show as zeros:
  // not known, rather than none.
  const unknown = transferSize === 0 && (decodedBodySize === 0 || (entryType === "navigation" && workerStart > 0));
  // Headers count for 300 bytes, also those that only say that the cached body is still right; a body that came is more.
  const cached = transferSize <= 300 && encodedBodySize > 0;
  return {
    url: name,
    at: performance.timeOrigin + startTime,
    bytes: unknown ? null : cached ? 0 : transferSize,
    status: responseStatus || null,
    sameOrigin: new URL(name).origin === self.location.origin,
  };
}
