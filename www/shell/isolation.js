/**
 * Threads need a cross-origin isolated page: two headers, which some hosts can't send. There a service worker adds them
 * (service-worker.js), from the moment that the page is loaded once more. That is done for whoever has only just come;
 * nobody's work is ever thrown away for it.
 */
import { addressOf } from "../site.js";

/** In the tab's storage once it was reloaded: never twice, whatever comes of it. */
const RELOADED = "semblance-reloaded-for-isolation";

/** How long the model may be kept waiting. Later, the next visit is early enough. */
const PATIENCE_MS = 1500;

const GESTURES = ["pointerdown", "keydown", "dragenter", "drop", "paste"];

/**
 * Done when the page is to go on: `"as it is"` where there is nothing to be gained, or nothing that can be done;
 * `"next time"` where it will be isolated the next time it is loaded. A page on its way out doesn't go on.
 *
 * @param {boolean} helps the engine would run on more threads
 * @returns {Promise<"as it is" | "next time">}
 */
export async function isolate(helps) {
  // In a frame it takes the outer page, too. Without https there are no service workers.
  if (!helps || window.top !== window || !navigator.serviceWorker || wasReloaded()) return "as it is";
  let touched = false;
  const touch = () => void (touched = true);
  for (const gesture of GESTURES) window.addEventListener(gesture, touch, { capture: true });
  try {
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, "late"));
    if ((await Promise.race([active(), late])) === "late" || touched || !rememberReload()) return "next time";
    // A browser that keeps this page for later would bring it back the next time somebody reloads.
    window.addEventListener("unload", () => {});
    location.reload();
    await shownAgain();
    return "next time";
  } catch {
    // The host doesn't have the script, or the browser refuses it.
    return "as it is";
  } finally {
    for (const gesture of GESTURES) window.removeEventListener(gesture, touch, { capture: true });
  }
}

/** Until the service worker takes requests. */
async function active() {
  await navigator.serviceWorker.register(addressOf("service-worker.js"));
  await navigator.serviceWorker.ready;
}

/** It may have been kept all the same. @returns {Promise<void>} */
function shownAgain() {
  return new Promise((resolve) => window.addEventListener("pageshow", ({ persisted }) => persisted && resolve()));
}

function wasReloaded() {
  try {
    return sessionStorage.getItem(RELOADED) !== null;
  } catch {
    return false;
  }
}

/** @returns {boolean} false where the tab has no storage: who can't remember must not begin */
function rememberReload() {
  try {
    sessionStorage.setItem(RELOADED, "yes");
    return wasReloaded();
  } catch {
    return false;
  }
}
