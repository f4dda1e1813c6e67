/** The page's end of teaching's worker: one for all classifiers. */
import { Messenger, reconnecting } from "../running/messenger.js";
import { SITE } from "../../site.js";

/** @typedef {Messenger<import("./protocol.js").Calls>} TeachClient */

/** @type {() => TeachClient} */
export const connectTeach = reconnecting(
  () =>
    new Messenger(
      new Worker(new URL("www/engine/teach/worker.js", SITE), { type: "module", name: "semblance-teach" }),
      (why) => `Teaching's worker failed: ${why}. Nothing that was kept is lost: teach again.`,
    ),
);
