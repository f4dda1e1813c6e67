/**
 * Cross-origin isolation on hosts that can't send the headers for it, so that the engine may use threads there: the page
 * itself and the scripts of its workers are handed on with these headers added. Everything else goes its way as if this
 * script were not there. Nothing is kept. www/isolation.js says when it is used.
 */

/** @typedef {Event & { request: Request, respondWith(response: Promise<Response>): void }} FetchEvent */
/** What TypeScript's page types don't have. */
const scope = /** @type {EventTarget & { location: Location, skipWaiting(): Promise<void> }} */ (/** @type {unknown} */ (self));

const SITE = new URL("./", scope.location.href);

const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

// There is nothing of an older version that a newer one could disturb.
scope.addEventListener("install", () => scope.skipWaiting());

scope.addEventListener("fetch", (event) => {
  const { request, respondWith } = /** @type {FetchEvent} */ (event);
  if (takesHeaders(request)) respondWith.call(event, isolated(request));
});

/**
 * Only what isolation depends on. Other pages below this path are not ours to change, and files of the same site need
 * no header to be used by an isolated page.
 *
 * @param {Request} request
 */
function takesHeaders({ method, mode, destination, url }) {
  if (method !== "GET" || !url.startsWith(SITE.href)) return false;
  const path = new URL(url).pathname.slice(SITE.pathname.length);
  if (mode === "navigate") return path === "" || path === "index.html";
  return destination === "worker" && /^(www|wasm)\//.test(path);
}

/** @param {Request} request */
async function isolated(request) {
  const response = await fetch(request);
  // A redirect is the browser's to follow; what was redirected must keep its address.
  if (response.type !== "basic" || response.redirected) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
