/**
 * Starts the engine's worker while the page's own script is still on its way: the build puts this into the HTML, so that
 * the worker's script is asked for with the first bytes of the page, and the worker asks for the engine.
 *
 * `<link rel="preload">` can't do that: which of the engine's builds runs here is known to a script only, and what a page
 * preloads a worker doesn't get, but asks its host about once more.
 */
import { isolationWouldHelp } from "./engine/running/builds.js";

// Of another view than the HTML's own nothing is there yet; the HTML's would only flash up.
if (location.hash.startsWith("#/")) document.documentElement.dataset.opening = "";

// A page that is about to be loaded once more, to be isolated, would download the wrong build.
if (!isolationWouldHelp()) start();

function start() {
  const worker = new Worker("www/engine/api/worker.js", { type: "module", name: "semblance-early" });
  /** @type {import("./engine/api/protocol.js").Early} */
  const early = { worker, messages: [] };
  const page = /** @type {{ semblanceEarly?: import("./engine/api/protocol.js").Early }} */ (globalThis);
  page.semblanceEarly = early;
  worker.onmessage = ({ data }) => early.messages.push(data);
  // Another one is started then, by whoever can say why that fails.
  worker.onerror = () => delete page.semblanceEarly;
}
