/** The page's end of the index's worker: one for all indexes, started with the first call, and anew after it broke. */
import { failure } from "../errors.js";
import { errorFromWire, transferList } from "../api/protocol.js";
import { SITE } from "../../site.js";

/** @typedef {import("./protocol.js").Calls} Calls */
/** @typedef {import("./protocol.js").Reply} Reply */
/** @typedef {import("./protocol.js").Verb} Verb */
/** @typedef {{ resolve: (ok: any) => void, reject: (error: unknown) => void }} Pending */

/** @type {IndexClient | null} */
let client = null;

export function connectIndex() {
  return (client ??= new IndexClient());
}

export class IndexClient {
  #worker;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  #lastId = 0;
  /** Why this worker takes no more calls. @type {Error | null} */
  #stopped = null;

  constructor() {
    this.#worker = new Worker(new URL("www/engine/index/worker.js", SITE), { type: "module", name: "semblance-index" });
    this.#worker.onmessage = ({ data }) => this.#receive(data);
    this.#worker.onmessageerror = () => this.#fail("a message could not be read");
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message || "its script could not be loaded");
    };
  }

  /**
   * @template {Verb} V
   * @param {V} verb
   * @param {Calls[V]["args"]} args whose buffers are given away
   * @returns {Promise<Calls[V]["ok"]>}
   */
  call(verb, args) {
    return new Promise((resolve, reject) => {
      if (this.#stopped) throw this.#stopped;
      const message = { id: ++this.#lastId, verb, args };
      this.#worker.postMessage(message, transferList(message));
      this.#pending.set(message.id, { resolve, reject });
    });
  }

  /** @param {Reply} reply */
  #receive(reply) {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if ("ok" in reply) return pending?.resolve(reply.ok);
    const error = errorFromWire(reply.error);
    pending?.reject(error);
    if (reply.broken) this.#stop(error);
  }

  /** @param {string} why */
  #fail(why) {
    this.#stop(failure("EngineError", `The index's worker failed: ${why}. What was kept is in storage: open the library again.`));
  }

  /** @param {Error} why */
  #stop(why) {
    this.#stopped ??= why;
    this.#worker.terminate();
    for (const { reject } of this.#pending.values()) reject(why);
    this.#pending.clear();
    if (client === this) client = null;
  }
}
