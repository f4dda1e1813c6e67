/**
 * Where this site lies: every address of its files is relative to here, so that it works under any path.
 *
 * The build makes one script of many modules, which then lies elsewhere than they do, and says how far up from there the
 * site's root is (tools/site/src/scripts.rs). As it is, this module lies one folder below.
 */
export const SITE = new URL(/** @type {{ up?: string }} */ (/** @type {unknown} */ (import.meta)).up ?? "../", import.meta.url);
