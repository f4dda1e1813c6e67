/** One helper thread of the engine (threads.js starts it): it takes its work from the memory they share, until its worker ends. */
import { messageOf } from "../errors.js";

/** @typedef {import("./threads.js").ThreadStart} ThreadStart */
/** @typedef {{ default(input: { module_or_path: WebAssembly.Module, memory: WebAssembly.Memory }): Promise<unknown>, wbg_rayon_start_worker(receiver: number): void, helper_failed(): void }} Glue */

/** @param {MessageEvent<ThreadStart>} event */
self.onmessage = async ({ data: { script, module, memory, receiver } }) => {
  /** @type {Glue} */
  let glue;
  try {
    glue = await import(script);
    await glue.default({ module_or_path: module, memory });
  } catch (thrown) {
    self.postMessage(messageOf(thrown));
    return;
  }
  self.postMessage(null);
  try {
    glue.wbg_rayon_start_worker(receiver);
  } catch (thrown) {
    tellLeader(glue);
    throw thrown;
  }
};

/** A thread that stopped in the middle of its work: whoever waits for that work is to stop, too. @param {Glue} glue */
function tellLeader(glue) {
  try {
    glue.helper_failed();
  } catch {
    // Not even that runs any more.
  }
}
