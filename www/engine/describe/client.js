/** The page's end of describing's worker. */
import { Messenger, reconnecting } from "../running/messenger.js";
import { SITE } from "../../site.js";

/** @typedef {Messenger<import("./protocol.js").Calls>} DescribeClient */

/** @type {() => DescribeClient} */
export const connectDescribe = reconnecting(
  () =>
    new Messenger(
      new Worker(new URL("www/engine/describe/worker.js", SITE), { type: "module", name: "semblance-describe" }),
      (why) => `Describing's worker failed: ${why}. Try again.`,
    ),
);
