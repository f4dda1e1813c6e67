/**
 * The site's own files, kept for when the network is off; and cross-origin isolation on hosts that can't send the headers
 * for it (www/shell/isolation.js).
 *
 * A version of the site is the list of files that the build writes below. Files are kept by content, each under its
 * SHA-256. A version counts as kept when its record is written: last, after every file was there and was the one on the
 * list, so a site that is half deployed is never taken. A page that is opened while a version is kept gets every file
 * from it, and so do its workers, until it is closed, whatever newer version comes meanwhile.
 *
 * Everything else goes its way as if this script were not there, but for the headers: the first visit (a version is kept
 * once the page says that it is usable), other pages below this path, and models, which the engine keeps itself.
 */

/** What TypeScript's page types don't have. @typedef {Event & { waitUntil(work: Promise<unknown>): void }} WorkEvent */
/** @typedef {WorkEvent & { request: Request, clientId: string, resultingClientId: string, respondWith(response: Promise<Response>): void }} FetchEvent */
/** @typedef {{ matchAll(options: { type: "all", includeUncontrolled: true }): Promise<{ id: string }[]> }} Clients */
/** @typedef {EventTarget & { location: Location, registration: ServiceWorkerRegistration, clients: Clients, skipWaiting(): Promise<void> }} Scope */
/** Files (path → SHA-256), and those of the host's headers that bind a page. @typedef {{ files: Record<string, string>, headers: Record<string, string> }} Version */
/** Who was opened with which version. A worker is there as long as its page is. @typedef {{ version: string, page: string, since: number }} Mark */

const scope = /** @type {Scope} */ (/** @type {unknown} */ (self));

/** `cargo xtask build` writes the site's version here. Without it nothing is kept. */
const THIS = { version: "", files: /** @type {Record<string, string>} */ ({}) };

const SITE = new URL("./", scope.location.href);
/** Several sites may lie on one host. */
const CACHE = `semblance-site ${SITE.pathname}`;
const PAGE = "index.html";
/** Where a version's files are, besides the page. */
const PARTS = /^(semblance\.js|manifest\.webmanifest)$|^(www|wasm|assets)\//;
/** The engine's builds: of these only what this browser runs is kept. */
const BUILD = /^wasm\/([^/]+)\//;

const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};
/** In small letters, as the browser lists them. The page states its referrer policy itself, and a worker's is needed here. */
const BINDING = ["content-security-policy", "permissions-policy", "x-content-type-options", "x-frame-options"];

const FETCHED_AT_A_TIME = 6;
/** Until then one who is being opened may not be among the browser's clients yet. */
const OPENING_MS = 60_000;
/** By then one who is being opened has what they need. */
const OPENED_MS = 3000;

/** @param {string} type @param {(event: any) => Promise<unknown>} work */
const on = (type, work) => scope.addEventListener(type, (event) => /** @type {WorkEvent} */ (event).waitUntil(work(event)));

on("install", install);
on("activate", tidy);
on("message", obey);

scope.addEventListener("fetch", (event) => {
  const { request, clientId, respondWith } = /** @type {FetchEvent} */ (event);
  const path = pathOf(request);
  if (path === null || (strangers.has(clientId) && !opens(request))) return;
  respondWith.call(event, answer(/** @type {FetchEvent} */ (event), path));
});

/**
 * What www/shell/offline.js asks: to `keep` these builds and all the rest, or to `apply` this version; and, through a port,
 * whether this version is kept.
 *
 * @param {MessageEvent<{ keep?: string[], apply?: true }>} event
 */
async function obey({ data, ports: [port] }) {
  if (data.apply) await quiet().catch(() => {}).then(() => scope.skipWaiting());
  const asked = data.keep ? keep(data.keep) : Promise.resolve();
  // Whoever asks is answered, whatever the storage does.
  const kept = await asked.then(() => versionOf(THIS.version)).catch(() => null);
  port?.postMessage({ kept: kept !== null });
  if (data.keep) await tidy();
}

// ── Keeping ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Whole before it waits, where a version is kept already. Where none is, that is done later; and the very first takes over
 * at once, to add the headers.
 */
async function install() {
  // A browser that gives no storage still lets the headers be added.
  const versions = await namesOf("versions").catch(() => []);
  if (versions.length === 0) return scope.registration.active ? null : scope.skipWaiting();
  const kept = new Set(await namesOf("files"));
  const files = await Promise.all(versions.map(async (version) => Object.entries((await versionOf(version))?.files ?? {})));
  // Only the code itself tells: other files of two builds may be the same.
  const code = files.flat().filter(([path, hash]) => path.endsWith(".wasm") && kept.has(hash));
  await keep(code.flatMap(([path]) => buildOf(path) ?? []));
}

/** Until nobody is being opened, within reason: Chromium leaves them half way when the worker changes. */
async function quiet() {
  const latest = Date.now() + 3 * OPENED_MS;
  const lastOpened = async () => {
    const marks = await Promise.all((await namesOf("clients")).map((client) => markOf(client)));
    return Math.max(...marks.map((mark) => mark?.since ?? 0));
  };
  while (Date.now() < latest && Date.now() - (await lastOpened()) < OPENED_MS) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * This version's files, those that are not kept yet, and then its record.
 *
 * @param {string[]} builds
 */
function keep(builds) {
  return navigator.locks.request(CACHE, async () => {
    const { version, files } = THIS;
    if (!version) throw new Error("This site was not built: nothing says what its files are.");
    const whole = (await versionOf(version)) !== null;
    // The page itself is asked for in any case: with it come the host's headers.
    const { headers } = whole ? new Response() : await keepFile(PAGE, files[PAGE]);
    const kept = new Set(await namesOf("files"));
    const missing = Object.entries(files).filter(([path, hash]) => {
      const build = buildOf(path);
      return !kept.has(hash) && (build === null || builds.includes(build));
    });
    const some = async () => {
      for (let file; (file = missing.pop()); ) await keepFile(...file);
    };
    await Promise.all(Array.from({ length: FETCHED_AT_A_TIME }, some));
    if (!whole) await put("versions", version, jsonOf({ files, headers: only(BINDING, headers) }));
  });
}

/**
 * A file from the network, if it is the one that it should be.
 *
 * @param {string} path
 * @param {string} hash
 */
async function fetchFile(path, hash) {
  const response = await fetch(new URL(path, SITE), { cache: "no-cache" });
  const bytes = await response.arrayBuffer();
  if (!response.ok || (await sha256(bytes)) !== hash) throw new Changed(path);
  return { headers: response.headers, file: new Response(bytes, { headers: only(["content-type"], response.headers) }) };
}

/** The same, kept. @param {string} path @param {string} hash */
async function keepFile(path, hash) {
  const fetched = await fetchFile(path, hash);
  await put("files", hash, fetched.file);
  return fetched;
}

class Changed extends Error {
  /** @param {string} path */
  constructor(path) {
    super(`${path} is not the file of this version: the site has changed, or is just being changed. Reload the page.`);
  }
}

// ── Answering ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Who was opened while nothing was kept. */
const strangers = new Set();

/** Who was given the script at this address last. @type {Map<string, Mark | null>} */
const given = new Map();

/**
 * What a request means: the page, a file of the site, or (null) nothing that is looked after here.
 *
 * @param {Request} request
 */
function pathOf({ method, mode, url }) {
  if (method !== "GET" || !url.startsWith(SITE.href)) return null;
  const path = new URL(url).pathname.slice(SITE.pathname.length);
  if (mode === "navigate") return path === "" || path === PAGE ? PAGE : null;
  return PARTS.test(path) ? path : null;
}

/** @param {Request} request */
const opens = ({ mode, destination }) => mode === "navigate" || destination === "worker";

/**
 * @param {FetchEvent} event
 * @param {string} path
 */
async function answer({ request, clientId, resultingClientId }, path) {
  const mark = await (request.mode === "navigate" ? newMark(resultingClientId) : markOf(clientId, request)).catch(() => null);
  const response = mark && (await fileOf(mark.version, path));
  given.set(request.url, response ? mark : null);
  if (!response) {
    if (resultingClientId) strangers.add(resultingClientId);
    return opens(request) ? isolated(request) : fetch(request);
  }
  if (resultingClientId) await setMark(resultingClientId, { ...mark, since: Date.now() });
  return response;
}

/** A page that is opened now gets this version, once that is kept. @param {string} page @returns {Promise<Mark | null>} */
async function newMark(page) {
  const version = await versionOf(THIS.version);
  const there = version && (await match("files", version.files[PAGE]));
  return there && page ? { version: THIS.version, page, since: 0 } : null;
}

/**
 * A version's file; null where it is none of them.
 *
 * @param {string} name
 * @param {string} path
 */
async function fileOf(name, path) {
  const version = await versionOf(name);
  const hash = version?.files[path];
  if (!hash) return null;
  try {
    let file = await match("files", hash);
    if (!file) {
      ({ file } = await fetchFile(path, hash));
      // A full storage doesn't stand in the way of a file that is here and right.
      await put("files", hash, file.clone()).catch(() => {});
    }
    const headers = { ...only(["content-type"], file.headers), ...version.headers, ...ISOLATION };
    return new Response(file.body, { headers });
  } catch (thrown) {
    if (!(thrown instanceof Changed)) throw thrown;
    scope.registration.update().catch(() => {});
    return new Response(thrown.message, { status: 409, statusText: thrown.message });
  }
}

/** From the network, with the headers that isolate. @param {Request} request */
async function isolated(request) {
  const response = await fetch(request);
  // A redirect is the browser's to follow; what was redirected must keep its address.
  if (response.type !== "basic" || response.redirected) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ISOLATION)) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

// ── What is kept: `files` by SHA-256, `versions` by name, `clients` (marks) by the browser's id ─────────────────────────

/** @typedef {"files" | "versions" | "clients"} Kind */

/** Nothing is ever asked of these addresses. @param {Kind} kind @param {string} name */
const addressOf = (kind, name) => new URL(`.kept/${kind}/${name}`, SITE).href;

/** @param {Kind} kind @param {string} name */
const match = async (kind, name) => (await caches.open(CACHE)).match(addressOf(kind, name));

/** @param {Kind} kind @param {string} name @param {Response} value */
const put = async (kind, name, value) => (await caches.open(CACHE)).put(addressOf(kind, name), value);

/** @param {Kind} kind @param {string} name */
const remove = async (kind, name) => (await caches.open(CACHE)).delete(addressOf(kind, name));

/** @param {Kind} kind */
async function namesOf(kind) {
  const folder = addressOf(kind, "");
  const keys = await (await caches.open(CACHE)).keys();
  return keys.flatMap(({ url }) => (url.startsWith(folder) ? [url.slice(folder.length)] : []));
}

/** @param {Version | Mark} value */
const jsonOf = (value) => new Response(JSON.stringify(value));

/** @type {Map<string, Version>} */
const versions = new Map();

/** @param {string} name @returns {Promise<Version | null>} null where it is not kept */
async function versionOf(name) {
  const version = versions.get(name) ?? (await (await match("versions", name))?.json());
  if (!version) return null;
  versions.set(name, version);
  return version;
}

/** @type {Map<string, Mark>} */
const marks = new Map();

/**
 * @param {string} client
 * @param {Request} [request]
 * @returns {Promise<Mark | null>}
 */
async function markOf(client, request) {
  if (!client) return request ? markOfNested(request) : null;
  const mark = marks.get(client) ?? (await (await match("clients", client))?.json());
  // Browsers may not say whom they open for a worker.
  if (!mark) return (request && given.get(request.referrer)) ?? null;
  marks.set(client, mark);
  return mark;
}

/**
 * Chromium doesn't say who asks where a worker was started by a worker: the one that was given the asking script last.
 *
 * @param {Request} request
 * @returns {Promise<Mark | null>}
 */
async function markOfNested({ referrer }) {
  const mark = given.get(referrer);
  if (mark !== undefined) return mark;
  const [version, another] = await namesOf("versions");
  return version && !another ? { version, page: "", since: 0 } : null;
}

/** Written down: the browser ends this script whenever it is idle. @param {string} client @param {Mark} mark */
async function setMark(client, mark) {
  marks.set(client, mark);
  // Where the storage is full, the page opens all the same: only there can it be emptied.
  await put("clients", client, jsonOf(mark)).catch(() => {});
}

/** Remove what belongs to versions that nobody has open any more. */
async function tidy() {
  const { installing, waiting } = scope.registration;
  // What it has kept so far, or will be applied, is not this version's to judge.
  if (installing || waiting) return;
  await navigator.locks.request(CACHE, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    const open = await scope.clients.matchAll({ type: "all", includeUncontrolled: true });
    const there = new Set(open.map(({ id }) => id));
    const used = new Set([THIS.version]);
    for (const client of await namesOf("clients")) {
      const mark = await markOf(client);
      if (mark && (there.has(mark.page) || Date.now() - mark.since < OPENING_MS)) used.add(mark.version);
      else await remove("clients", client);
    }
    const needed = new Set(Object.values(THIS.files));
    for (const name of await namesOf("versions")) {
      const version = used.has(name) ? await versionOf(name) : null;
      if (version) Object.values(version.files).forEach((hash) => needed.add(hash));
      else await remove("versions", name);
    }
    for (const hash of await namesOf("files")) {
      if (!needed.has(hash)) await remove("files", hash);
    }
  });
}

/** @param {string} path */
const buildOf = (path) => BUILD.exec(path)?.[1] ?? null;

/** @param {string[]} names @param {Headers} headers @returns {Record<string, string>} */
const only = (names, headers) => Object.fromEntries(Array.from(headers).filter(([name]) => names.includes(name)));

/** @param {ArrayBuffer} bytes */
async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
