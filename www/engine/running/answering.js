/** The worker's end of `messenger.js`: each call's verb is done, and its answer, its progress or its error goes back. */
import { failure } from "../errors.js";
import { errorToWire, transferList } from "../api/protocol.js";
import { watchRequests } from "../api/requests.js";
import { isTrap } from "./wasm.js";

/** How work that takes a while is told to stop, and tells how far it is. @typedef {{ signal: AbortSignal, tell: (progress: any) => void }} Way */

/**
 * @template {Record<string, { args: any, ok: any }>} Calls
 * @param {{ [V in keyof Calls]: (args: Calls[V]["args"], way: Way) => Promise<Calls[V]["ok"]> }} actions
 * @param {string} stopped what to say when the engine stopped in the middle, a sentence
 */
export function answerWith(actions, stopped) {
  /** @type {Map<number, AbortController>} */
  const running = new Map();
  /** @param {import("./messenger.js").Reply} reply */
  const answer = (reply) => self.postMessage(reply, { transfer: transferList(reply) });
  const handOverRequests = watchRequests((requests) => answer({ requests }));
  /** @param {MessageEvent<{ id: number, cancel: true } | { id: number, cancel?: undefined, verb: keyof Calls, args: any }>} event */
  self.onmessage = async ({ data }) => {
    const { id } = data;
    if (data.cancel) return running.get(id)?.abort();
    const controller = new AbortController();
    running.set(id, controller);
    try {
      answer({ id, ok: await actions[data.verb](data.args, { signal: controller.signal, tell: (progress) => answer({ id, progress }) }) });
    } catch (thrown) {
      const broken = isTrap(thrown);
      answer({ id, error: errorToWire(broken ? failure("EngineError", stopped, thrown) : thrown), broken });
    } finally {
      handOverRequests();
      running.delete(id);
    }
  };
}
