/** The page's end of the index's worker: one for all indexes. */
import { Messenger, reconnecting } from "../running/messenger.js";
import { startWorker } from "../running/workers.js";

/** @typedef {Messenger<import("./protocol.js").Calls>} IndexClient */

/** @type {() => IndexClient} */
export const connectIndex = reconnecting(
  () =>
    new Messenger(
      startWorker("www/engine/index/worker.js", "semblance-index"),
      (why) => `The index's worker failed: ${why}. What was kept is in storage: open the library again.`,
    ),
);
