/** The page's end of the index's worker: one for all indexes. */
import { Messenger, reconnecting } from "../running/messenger.js";
import { SITE } from "../../site.js";

/** @typedef {Messenger<import("./protocol.js").Calls>} IndexClient */

/** @type {() => IndexClient} */
export const connectIndex = reconnecting(
  () =>
    new Messenger(
      new Worker(new URL("www/engine/index/worker.js", SITE), { type: "module", name: "semblance-index" }),
      (why) => `The index's worker failed: ${why}. What was kept is in storage: open the library again.`,
    ),
);
