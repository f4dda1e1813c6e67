/** The page's end of organising's worker: one for everything that is organised. */
import { Messenger, reconnecting } from "../running/messenger.js";
import { startWorker } from "../running/workers.js";

/** @typedef {Messenger<import("./protocol.js").Calls>} OrganiseClient */

/** @type {() => OrganiseClient} */
export const connectOrganise = reconnecting(
  () =>
    new Messenger(
      startWorker("www/engine/organise/worker.js", "semblance-organise"),
      (why) => `Organising's worker failed: ${why}. Try again.`,
    ),
);
