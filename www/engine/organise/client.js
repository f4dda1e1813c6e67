/** The page's end of organising's worker: one for everything that is organised. */
import { Messenger, reconnecting } from "../running/messenger.js";
import { SITE } from "../../site.js";

/** @typedef {Messenger<import("./protocol.js").Calls>} OrganiseClient */

/** @type {() => OrganiseClient} */
export const connectOrganise = reconnecting(
  () =>
    new Messenger(
      new Worker(new URL("www/engine/organise/worker.js", SITE), { type: "module", name: "semblance-organise" }),
      (why) => `Organising's worker failed: ${why}. Try again.`,
    ),
);
