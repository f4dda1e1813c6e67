/** The page's end of measuring's worker: one for everything that is measured. */
import { Messenger, reconnecting } from "../running/messenger.js";
import { SITE } from "../../site.js";

/** @typedef {Messenger<import("./protocol.js").Calls>} MeasureClient */

/** @type {() => MeasureClient} */
export const connectMeasure = reconnecting(
  () =>
    new Messenger(
      new Worker(new URL("www/engine/measure/worker.js", SITE), { type: "module", name: "semblance-measure" }),
      (why) => `Measuring's worker failed: ${why}. Measure again.`,
    ),
);
