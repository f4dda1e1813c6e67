/** The page's end of measuring's worker: one for everything that is measured. */
import { Messenger, reconnecting } from "../running/messenger.js";
import { startWorker } from "../running/workers.js";

/** @typedef {Messenger<import("./protocol.js").Calls>} MeasureClient */

/** @type {() => MeasureClient} */
export const connectMeasure = reconnecting(
  () =>
    new Messenger(
      startWorker("www/engine/measure/worker.js", "semblance-measure"),
      (why) => `Measuring's worker failed: ${why}. Measure again.`,
    ),
);
