/**
 * Where the files lie.
 *
 * As a site they lie as in the repository, and every address is relative to the root, so that it works under any path. The
 * build makes one script of many modules, which then lies elsewhere than they do, and says how far `up` from there the root
 * is (tools/site/src/scripts.rs). As it is, this module lies one folder below.
 *
 * The package's first script has no `up` and begins with `place`. On a plain host the files lie as on a site; a bundler gives
 * each a name and a place of its own. What is started from there, on whatever thread, is told so by the fragment of its own
 * address, which no server sees.
 */
const up = /** @type {{ up?: string | null }} */ (/** @type {unknown} */ (import.meta)).up;

/** A file's path below the root → its address. @typedef {Record<string, string>} Places */

/** What a bundler has moved, which is everything; null: the files are at their usual places. @type {Places | null} */
let moved = up === null ? null : placesIn(import.meta.url);
let root = up === null ? "" : new URL(up ?? "../", import.meta.url).href;
/** What a package finds beside itself; null: this is a site, below whose root there may be anything. @type {Places | null} */
let beside = null;

/** @param {string} url of this script @returns {Places | null} */
function placesIn(url) {
  const { hash } = new URL(url);
  return hash.startsWith("#%7B") ? JSON.parse(decodeURIComponent(hash.slice(1))) : null;
}

/**
 * Say where a package's files are.
 *
 * @param {Places} files as whoever brings them to the page has put them
 * @param {(root: string) => Places} neighbours addresses of what other packages have, where each is a folder of a host
 */
export function place(files, neighbours) {
  // Vite would write small files into the script itself, were they not asked for in this way.
  const places = Object.fromEntries(Object.entries(files).map(([path, url]) => [path, url.replace(/\?no-inline$/, "")]));
  const [[path, url]] = Object.entries(places);
  root = url.slice(0, url.lastIndexOf("/") + 1);
  moved = places;
  beside = {};
  if (!url.endsWith(`/${path}`)) return;
  root = url.slice(0, -path.length);
  if (Object.keys(places).some((path) => places[path] !== root + path)) return;
  moved = null;
  beside = neighbours(root);
}

/** @param {string} path of a file, or the beginning of one, below the root */
export function addressOf(path) {
  return moved?.[path] ?? beside?.[path] ?? new URL(path, root).href;
}

/** The same of a script, which is told where the others are. @param {string} path */
export function scriptAt(path) {
  return addressOf(path) + (moved ? `#${encodeURIComponent(JSON.stringify(moved))}` : "");
}

/** A script that is fetched when it is wanted; bundlers are to leave that alone. @param {string} path @returns {Promise<any>} */
export const importAt = (path) => import(/* @vite-ignore */ /* webpackIgnore: true */ scriptAt(path));

/** A package has no models of its own, but may have one beside it. @param {string} path */
export const mayHave = (path) => beside === null || path in beside;

/** The host that the engine itself comes from, which is another one than the page's where a page has the package from there. */
export const ownOrigin = () => new URL(addressOf("wasm/tiff.wasm")).origin;
