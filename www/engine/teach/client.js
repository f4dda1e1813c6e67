/** The page's end of teaching's worker: one for all classifiers. */
import { Messenger, reconnecting } from "../running/messenger.js";
import { startWorker } from "../running/workers.js";

/** @typedef {Messenger<import("./protocol.js").Calls>} TeachClient */

/** @type {() => TeachClient} */
export const connectTeach = reconnecting(
  () =>
    new Messenger(
      startWorker("www/engine/teach/worker.js", "semblance-teach"),
      (why) => `Teaching's worker failed: ${why}. Nothing that was kept is lost: teach again.`,
    ),
);
