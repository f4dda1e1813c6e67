/**
 * Keeping the site itself in this browser, so that it opens with the network off, and newer versions of it. The work is
 * done by service-worker.js; here it is set going, and asked.
 */
import { BUILDS, isolationWouldHelp, threadCount, whyNot } from "../engine/running/builds.js";
import { addressOf } from "../site.js";

/** How often a page that stays open looks for a newer version. */
const LOOK_EVERY_MS = 3_600_000;

/** Puts the newer version in its place and loads the page anew. @typedef {() => Promise<void>} Apply */

/**
 * To be called once the page is usable: what is fetched here should not stand in its way.
 *
 * @param {{ onUpdate: (apply: Apply) => void }} options `onUpdate` is told of each newer version that is kept and waits
 * @returns {Promise<"kept" | "unsupported" | "failed">} whether the page will open with the network off; where that
 *   failed, the next visit tries again
 */
export async function startOffline({ onUpdate }) {
  try {
    const registration = await navigator.serviceWorker?.register(addressOf("service-worker.js"));
    if (!registration) return "unsupported";
    const known = new Set();
    let arriving = Promise.resolve();
    /** @param {ServiceWorker | null} worker */
    const follow = (worker) => {
      if (worker && !known.has(worker)) arriving = arrive(worker, () => onUpdate(() => apply(registration)));
      known.add(worker);
    };
    registration.addEventListener("updatefound", () => follow(registration.installing));
    follow(registration.installing ?? registration.waiting);
    // With the network off nothing is found, and nothing wrong with that.
    const look = () => registration.update().catch(() => {});
    setInterval(look, LOOK_EVERY_MS);
    await look();
    await arriving;
    const { active } = await navigator.serviceWorker.ready;
    return active && (await ask(active, { keep: [buildToKeep()] })) ? "kept" : "failed";
  } catch {
    // The host doesn't have the script, or the browser refuses it (a private window).
    return "unsupported";
  }
}

/** The engine's build that runs here the next time: by then the page is isolated, if that takes no more than headers. */
function buildToKeep() {
  if (window.top === window && isolationWouldHelp()) return "threads";
  return BUILDS.find((build) => whyNot(build) === null && (build !== "threads" || threadCount() > 1)) ?? "";
}

/**
 * A version that is kept waits until it is asked for. Where none is kept it would wait for nothing.
 *
 * @param {ServiceWorker} worker
 * @param {() => void} offer
 */
async function arrive(worker, offer) {
  while (worker.state === "installing") await changed(worker);
  if (worker.state === "redundant") return;
  if (worker.state === "installed" && (await ask(worker, {}))) offer();
  else await takeOver(worker);
}

/**
 * Another page may have done it already; this one has the version that it was opened with until it is loaded anew.
 *
 * @param {ServiceWorkerRegistration} registration
 */
async function apply({ waiting }) {
  if (waiting) await takeOver(waiting);
  location.reload();
}

/** @param {ServiceWorker} worker */
async function takeOver(worker) {
  worker.postMessage({ apply: true });
  while (worker.state !== "activated" && worker.state !== "redundant") await changed(worker);
}

/** @param {ServiceWorker} worker */
const changed = (worker) => new Promise((resolve) => worker.addEventListener("statechange", resolve, { once: true }));

/**
 * @param {ServiceWorker} worker
 * @param {{ keep?: string[] }} question
 * @returns {Promise<boolean>} whether its version is kept
 */
function ask(worker, question) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data.kept);
    worker.addEventListener("statechange", () => worker.state === "redundant" && resolve(false));
    worker.postMessage(question, [port2]);
  });
}
