/** Semblance: its engine in a worker, as the library runs it, one worker a build. */
import { startWorker } from "../../calls.js";

/** @typedef {import("./index.js").Run} Run */
/** @typedef {import("../inputs.js").Row} Row */
/** @typedef {"simd" | "relaxed" | "threads"} Build */

/** @param {Build} build @param {import("../../engine.js").Base} base @returns {import("./index.js").Create} */
export const createOf =
  (build, base) =>
  async ({ threads, inputs, bundle, towers }) => {
    const { photo, texts } = inputs;
    const { call } = startWorker(new URL("semblance-worker.js", import.meta.url));
    await call("start", { build, threads, base, photo, texts });
    /** @param {Row} name */
    const row = (name) => /** @returns {Promise<Run>} */ () => call("run", name);
    return {
      version: `Semblance (${build}${base && ", before"})`,
      // A bundle is read once, for one tower or for both, so the second load finds its tower there.
      async loadImageTower() {
        await call("load", { bundle, towers });
        return { image1: row("image1"), image8: row("image8"), jpeg: row("jpeg") };
      },
      async loadTextTower() {
        return { labels5: row("labels5"), labels80: row("labels80"), captions80: row("captions80") };
      },
      requests: () => call("requests"),
    };
  };
