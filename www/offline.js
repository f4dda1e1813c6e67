/**
 * Keeping the site itself in this browser, so that it opens with the network off, and newer versions of it. The work is
 * done by service-worker.js; here it is set going, and asked.
 */
import { BUILDS, isolationWouldHelp, threadCount, whyNot } from "./engine/builds.js";

/** How often a page that stays open looks for a newer version. */
const LOOK_EVERY_MS = 3_600_000;

/**
 * To be called once the page is usable: what is fetched here should not stand in its way.
 *
 * @param {{ onUpdate: (apply: () => Promise<void>) => void }} options `onUpdate` is told of a newer version that is kept
 *   and waits: `apply` puts it in its place and loads the page anew
 * @returns {Promise<"kept" | "unsupported" | "failed">} whether the page will open with the network off; where that
 *   failed, the next visit tries again
 */
export async function startOffline({ onUpdate }) {
  try {
    const registration = await navigator.serviceWorker?.register(new URL("../service-worker.js", import.meta.url));
    if (!registration) return "unsupported";
    watch(registration, onUpdate);
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

/** @param {ServiceWorkerRegistration} registration @param {(apply: () => Promise<void>) => void} onUpdate */
function watch(registration, onUpdate) {
  /** A version that could take over at once waits for nobody. @param {ServiceWorker | null} worker */
  const offer = async (worker) => {
    if (worker?.state === "installed" && (await ask(worker, {}))) onUpdate(() => apply(registration));
  };
  /** @param {ServiceWorker | null} worker */
  const follow = (worker) => worker?.addEventListener("statechange", () => offer(worker));
  registration.addEventListener("updatefound", () => follow(registration.installing));
  follow(registration.installing);
  offer(registration.waiting);
  const look = () => registration.update().catch(() => {});
  look();
  setInterval(look, LOOK_EVERY_MS);
}

/**
 * Another page may have done it already; this one keeps the version that it was opened with until it is loaded anew.
 *
 * @param {ServiceWorkerRegistration} registration
 */
async function apply({ waiting }) {
  if (waiting) {
    const decided = new Promise((resolve) => {
      waiting.addEventListener("statechange", () => /^(activated|redundant)$/.test(waiting.state) && resolve(null));
    });
    waiting.postMessage({ apply: true });
    await decided;
  }
  location.reload();
}

/**
 * @param {ServiceWorker} worker
 * @param {{ keep?: string[] }} question
 * @returns {Promise<boolean>} whether its version is kept
 */
function ask(worker, question) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data.kept);
    worker.postMessage(question, [port2]);
  });
}
