/**
 * The page's end of captioners' worker. Its end alone gives a model's memory back, so each captioner has a worker of its own, which
 * ends with it.
 */
import { Messenger } from "../running/messenger.js";
import { startWorker } from "../running/workers.js";

/** @typedef {Messenger<import("./protocol.js").Calls>} CaptionerClient */

/** @param {(requests: import("../api/protocol.js").SeenRequest[]) => void} note hears what it asks of the network @returns {CaptionerClient} */
export const connectCaptioner = (note) =>
  new Messenger(
    startWorker("www/engine/captioner/worker.js", "semblance-captioner"),
    (why) => `The captioner's worker failed: ${why}. Load the model again to go on.`,
    note,
  );
