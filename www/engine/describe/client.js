/** The page's end of describing's worker. */
import { Messenger, reconnecting } from "../running/messenger.js";
import { startWorker } from "../running/workers.js";

/** @typedef {Messenger<import("./protocol.js").Calls>} DescribeClient */

/** @type {() => DescribeClient} */
export const connectDescribe = reconnecting(
  () =>
    new Messenger(
      startWorker("www/engine/describe/worker.js", "semblance-describe"),
      (why) => `Describing's worker failed: ${why}. Try again.`,
    ),
);
