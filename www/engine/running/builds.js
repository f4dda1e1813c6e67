/** Which of the WebAssembly builds this browser can run, and on how many threads. Looks only; starts nothing. */

/** @typedef {import("../../../semblance.js").BuildName} BuildName */

/** Best first. @type {readonly BuildName[]} */
export const BUILDS = ["threads", "relaxed", "simd"];

/**
 * Those that this site has. The build says it in the scripts that it makes: `cargo xtask serve` serves with one of them, as
 * soon as it is there, and makes the others meanwhile.
 *
 * @type {readonly string[]}
 */
const HERE = /** @type {{ built?: string }} */ (/** @type {unknown} */ (import.meta)).built?.split(" ") ?? BUILDS;

/** `(func (result v128) (i8x16.popcnt (i8x16.splat (i32.const 0))))`: valid where SIMD128 is. */
const SIMD_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

/** `(func (result v128) (i32x4.relaxed_dot_i8x16_i7x16_add_s …))` of three zeros: valid where relaxed SIMD is. */
const RELAXED_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0, 65, 0, 253, 15, 65, 0, 253, 15, 65,
  0, 253, 15, 253, 147, 2, 11,
]);

/** `(memory 1 1 shared) (func (drop (i32.atomic.load (i32.const 0))))`: valid where threads are, isolated page or not. */
const THREADS_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 4, 1, 3, 1, 1, 10, 11, 1, 9, 0, 65, 0, 254, 16, 2, 0, 26,
  11,
]);

/** @param {Uint8Array<ArrayBuffer>} probe */
const has = (probe) => typeof WebAssembly === "object" && WebAssembly.validate(probe);

/**
 * How many threads serve best on so many cores.
 *
 * Matrix products keep a core's arithmetic units full, so a second thread on the same core (hyper-threading, half of
 * what most desktops report) adds nothing and takes cache; up to four cores, reported as such, all are used. On a
 * phone about half of the cores are slow ones, for which the fast ones would wait, and all of them heat the same hand.
 *
 * @param {{ cores: number, mobile: boolean }} machine
 */
export function threadsFor({ cores, mobile }) {
  const half = Math.floor(cores / 2);
  if (mobile) return Math.min(cores, Math.max(2, Math.min(4, half)));
  return cores <= 4 ? cores : Math.max(4, Math.min(8, half));
}

/** As the browser reports it; some report less, against fingerprinting. */
function machine() {
  return { cores: navigator.hardwareConcurrency ?? 1, mobile: isPhone() };
}

export function isPhone() {
  const { userAgentData } = /** @type {{ userAgentData?: { mobile: boolean } }} */ (/** @type {unknown} */ (navigator));
  return userAgentData?.mobile || /Android|iPhone|iPod|Mobile/.test(navigator.userAgent);
}

/** @param {number} [most] the caller's own limit, which may go up to the number of cores */
export function threadCount(most) {
  return most === undefined ? threadsFor(machine()) : Math.max(1, Math.min(most, machine().cores));
}

/** Whether the engine would run on more threads if this page were cross-origin isolated. */
export function isolationWouldHelp() {
  return self.crossOriginIsolated === false && HERE.includes("threads") && threadCount() > 1 && has(RELAXED_PROBE) && has(THREADS_PROBE);
}

/**
 * Why a build can't run here, as the first half of a sentence; null where it can.
 *
 * @param {BuildName} build
 * @returns {string | null}
 */
export function whyNot(build) {
  if (!has(SIMD_PROBE)) {
    return "This browser has no WebAssembly SIMD, which the engine needs. Update it: Chrome 91, Firefox 89, Safari 16.4 and everything newer have it";
  }
  if (!HERE.includes(build)) return `This site is without the engine's build “${build}”; where it is still being made, reload the page later`;
  if (build === "simd") return null;
  if (!has(RELAXED_PROBE)) return "This browser has no relaxed SIMD for WebAssembly";
  if (build === "relaxed") return null;
  if (!has(THREADS_PROBE)) return "This browser has no threads for WebAssembly";
  // Where only this is missing, the page's host can mend it.
  if (!self.crossOriginIsolated) {
    return "This page is not cross-origin isolated (its host does not send the headers Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy)";
  }
  return typeof SharedArrayBuffer === "function" ? null : "This browser shares no memory between threads";
}
