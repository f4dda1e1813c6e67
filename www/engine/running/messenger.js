/**
 * The page's end of a worker that does one part's work. After the worker broke it takes no more calls: what it had is gone with
 * it, and the next one begins anew (`reconnecting`). Messages are `{ id, verb, args }` and `{ id, cancel: true }`; answers `{ id, progress }`, and at the end `{ id, ok }` or
 * `{ id, error, broken }`; `{ requests }` that the worker made of the network come in between.
 */
import { failure } from "../errors.js";
import { errorFromWire, transferList } from "../api/protocol.js";

/** @typedef {{ resolve: (ok: any) => void, reject: (error: unknown) => void, onProgress?: (progress: any) => void }} Pending */
/** @typedef {import("../api/protocol.js").SeenRequest} SeenRequest */
/** @typedef {{ requests: SeenRequest[] } | { id: number, progress: any } | { id: number, ok: any } | { id: number, error: import("../api/protocol.js").WireError, broken: boolean }} Reply */

/** @template {Record<string, { args: any, ok: any }>} Calls each verb's arguments and answer */
export class Messenger {
  #worker;
  #failed;
  #onRequests;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  #lastId = 0;
  /** Why it takes no more calls. @type {Error | null} */
  #stopped = null;

  /**
   * @param {Worker} worker
   * @param {(why: string) => string} failed what to say when it fails, a sentence
   * @param {(requests: SeenRequest[]) => void} [onRequests] hears what the worker asks of the network
   */
  constructor(worker, failed, onRequests = () => {}) {
    this.#worker = worker;
    this.#failed = failed;
    this.#onRequests = onRequests;
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onmessageerror = () => this.#fail("a message could not be read");
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message || "its script could not be loaded");
    };
  }

  get stopped() {
    return this.#stopped !== null;
  }

  /**
   * @template {keyof Calls & string} V
   * @param {V} verb
   * @param {Calls[V]["args"]} args whose buffers are given away
   * @param {{ signal?: AbortSignal, onProgress?: (progress: any) => void }} [options]
   * @returns {Promise<Calls[V]["ok"]>}
   */
  async call(verb, args, { signal, onProgress } = {}) {
    signal?.throwIfAborted();
    if (this.#stopped) throw this.#stopped;
    const id = ++this.#lastId;
    const message = { id, verb, args };
    this.#worker.postMessage(message, transferList(message));
    const cancel = () => this.#worker.postMessage({ id, cancel: true });
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      return await new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject, onProgress }));
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  /** Give back what it has. @param {string} why for calls that come all the same, a sentence */
  end(why) {
    this.#stop(failure("EngineError", why));
  }

  /** @param {Reply} reply */
  #receive(reply) {
    if ("requests" in reply) return this.#onRequests(reply.requests);
    const pending = this.#pending.get(reply.id);
    if ("progress" in reply) return pending?.onProgress?.(reply.progress);
    this.#pending.delete(reply.id);
    if ("ok" in reply) return pending?.resolve(reply.ok);
    const error = errorFromWire(reply.error);
    pending?.reject(error);
    if (reply.broken) this.#stop(error);
  }

  /** @param {string} why */
  #fail(why) {
    this.#stop(failure("EngineError", this.#failed(why)));
  }

  /** @param {Error} why */
  #stop(why) {
    this.#stopped ??= why;
    this.#worker.terminate();
    for (const { reject } of this.#pending.values()) reject(why);
    this.#pending.clear();
  }
}

/**
 * One for all who ask, until it broke.
 *
 * @template {Messenger<any>} M
 * @param {() => M} make
 */
export function reconnecting(make) {
  /** @type {M | null} */
  let current = null;
  return () => {
    if (!current || current.stopped) current = make();
    return current;
  };
}
