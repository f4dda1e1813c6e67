/**
 * The page's end of the worker: requests get an id and a promise, cancellation goes out, progress and errors
 * come back. One worker serves everybody who asks for the same engine; when it fails, whatever waits is rejected and
 * the next call starts another.
 */
import { failure } from "../errors.js";
import { closeBitmaps, errorFromWire, isReply, transferList } from "./protocol.js";
import { watchRequests } from "./requests.js";
import { startWorker } from "../running/workers.js";

/** @typedef {import("./protocol.js").Calls} Calls */
/** @typedef {import("./protocol.js").Choice} Choice */
/** @typedef {import("./protocol.js").Info} Info */
/** @typedef {import("./protocol.js").Reply} Reply */
/** @typedef {import("./protocol.js").Verb} Verb */
/** @typedef {import("../../../semblance.js").NetworkRequest} NetworkRequest */
/** @typedef {{ signal?: AbortSignal, onProgress?: (progress: any) => void, onInfo?: (info: Info) => void }} CallOptions */
/** @typedef {{ verb: Verb, resolve: (ok: any) => void, reject: (error: unknown) => void, options: CallOptions, stopListening: () => void }} Pending */

/**
 * How long a worker is kept after its last model: wasm memory goes back only with the worker, and a next model of the
 * usual kind may follow at once.
 */
const IDLE_MS = 30_000;

/** @type {NetworkRequest[]} */
const requests = [];
/** @param {NetworkRequest["from"]} from @param {import("./protocol.js").SeenRequest[]} seen */
function note(from, seen) {
  for (const request of seen) requests.push({ ...request, at: request.at - performance.timeOrigin, from });
}
const handOverRequests = watchRequests((seen) => note("page", seen));

/** Those of other workers than this client's. @param {import("./protocol.js").SeenRequest[]} seen */
export const noteWorkersRequests = (seen) => note("worker", seen);

/** Those that take calls, by what they run. @type {Map<string, Client>} */
const clients = new Map();

/** The worker that models loaded without options live in. */
const USUAL = keyOf({}, "int8");

/** @param {Choice} choice @param {import("../../../semblance.js").Compute} dtype */
function keyOf({ build, threads }, dtype) {
  return [build, threads, dtype].join();
}

/**
 * The client of the worker that runs this engine, started now if there is none. Models of another compute type, many
 * times as large, have one of their own: its end gives their memory back.
 *
 * @param {Choice} [choice]
 * @param {import("../../../semblance.js").Compute} [dtype]
 */
export function connect(choice = {}, dtype = "int8") {
  const key = keyOf(choice, dtype);
  const client = clients.get(key) ?? new Client(key, choice);
  clients.set(key, client);
  return client;
}

/** For what any engine can do: one that runs, or else the usual one. */
export function connectAny() {
  const [first] = clients.values();
  return first ?? connect();
}

/** @returns {Promise<NetworkRequest[]>} every request of the page and its workers so far, oldest first */
export async function allRequests() {
  await Promise.all(Array.from(clients.values(), (client) => client.call("requests", {}).catch(() => {})));
  handOverRequests();
  return [...requests].sort((a, b) => a.at - b.at);
}

/** In every worker, and in the browser's storage, which any of them reaches. */
export async function forgetTexts() {
  const all = clients.size > 0 ? [...clients.values()] : [connect()];
  await Promise.all(all.map((client) => client.call("forgetTexts", {})));
}

class Client {
  #worker;
  #key;
  /** The engine that this worker starts. */
  choice;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  /** Calls given up before the worker answered. @type {Map<number, Verb>} */
  #abandoned = new Map();
  #lastId = 0;
  #models = 0;
  /** A model was here, whole or in part, and is gone: what it took of wasm memory is still taken. */
  #emptied = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #idle;
  /** Why this worker takes no more calls. @type {Error | null} */
  #stopped = null;

  /** @param {string} key @param {Choice} choice */
  constructor(key, choice) {
    this.#key = key;
    this.choice = choice;
    const page = /** @type {{ semblanceEarly?: import("./protocol.js").Early }} */ (globalThis);
    const early = page.semblanceEarly;
    try {
      this.#worker = (key === USUAL && early?.worker) || startWorker("www/engine/api/worker.js", "semblance");
    } catch (thrown) {
      throw failure("EngineError", "The engine's worker could not be started.", thrown);
    }
    this.#worker.onmessage = ({ data }) => this.#receive(data);
    if (this.#worker === early?.worker) {
      delete page.semblanceEarly;
      for (const message of early.messages) this.#receive(message);
    }
    this.#worker.onmessageerror = () => this.#fail("a message could not be read");
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message || "its script could not be loaded");
    };
  }

  /**
   * @template {Verb} V
   * @param {V} verb
   * @param {Calls[V]["args"]} args whose buffers and bitmaps are given away, even where nothing comes of the call
   * @param {CallOptions} [options]
   * @returns {Promise<Calls[V]["ok"]>}
   */
  call(verb, args, options = {}) {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      const message = { id, verb, args };
      try {
        if (this.#stopped) throw this.#stopped;
        signal?.throwIfAborted();
        this.#worker.postMessage(message, transferList(message));
      } catch (thrown) {
        closeBitmaps(args);
        throw thrown;
      }
      const abort = () => this.#abandon(id, signal?.reason);
      signal?.addEventListener("abort", abort, { once: true });
      const stopListening = () => signal?.removeEventListener("abort", abort);
      this.#pending.set(id, { verb, resolve, reject, options, stopListening });
      clearTimeout(this.#idle);
    });
  }

  /** Give a model's memory back. @param {number} handle */
  free(handle) {
    if (this.#stopped) return;
    // The worker answers nothing but null, or fails as a whole, which rejects what waits.
    this.call("free", { handle }).catch(() => {});
    this.#models -= 1;
    this.#emptied = true;
  }

  /** @param {unknown} message */
  #receive(message) {
    if (!isReply(message)) return this.#fail("it sent something that is not an answer");
    if ("requests" in message) return note("worker", message.requests);
    if ("progress" in message) {
      this.#pending.get(message.id)?.options.onProgress?.(message.progress);
      return;
    }
    const pending = this.#pending.get(message.id);
    const verb = pending?.verb ?? this.#abandoned.get(message.id);
    this.#settle(message.id);
    if ("error" in message) {
      if (verb === "load") this.#emptied = true;
      pending?.reject(errorFromWire(message.error));
      if (message.broken) this.#retire(errorFromWire(message.error));
    } else {
      if (verb === "load") this.#models += 1;
      if (pending && message.info) pending.options.onInfo?.(message.info);
      if (pending) pending.resolve(message.ok);
      else this.#discard(message.ok);
    }
    this.#abandoned.delete(message.id);
    this.#rest();
  }

  /** @param {number} id */
  #settle(id) {
    this.#pending.get(id)?.stopListening();
    this.#pending.delete(id);
  }

  /** @param {number} id @param {unknown} reason */
  #abandon(id, reason) {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#settle(id);
    this.#abandoned.set(id, pending.verb);
    this.#worker.postMessage({ cancel: id });
    pending.reject(reason);
  }

  /** What arrived after its caller had gone. @param {any} ok */
  #discard(ok) {
    if (ok?.handle !== undefined) this.free(ok.handle);
    if (ok?.bitmap instanceof ImageBitmap) ok.bitmap.close();
  }

  /** @param {string} why */
  #fail(why) {
    this.#retire(failure("EngineError", `The engine's worker failed: ${why}. Load the model again to go on.`));
    for (const { reject } of this.#pending.values()) reject(this.#stopped);
    for (const id of [...this.#pending.keys()]) this.#settle(id);
    this.#abandoned.clear();
    this.#rest();
  }

  /** Take no more calls; those that the worker can still answer, it does. @param {Error} why */
  #retire(why) {
    this.#stopped ??= why;
    if (clients.get(this.#key) === this) clients.delete(this.#key);
  }

  #rest() {
    if (this.#pending.size > 0 || this.#abandoned.size > 0) return;
    clearTimeout(this.#idle);
    if (this.#stopped) this.#worker.terminate();
    else if (this.#emptied && this.#models === 0) this.#idle = setTimeout(() => this.#leave(), this.#key === USUAL ? IDLE_MS : 0);
  }

  async #leave() {
    // What it asked of the network stays on the record.
    await this.call("requests", {}).catch(() => {});
    if (this.#pending.size > 0 || this.#abandoned.size > 0 || this.#models > 0) return;
    this.#retire(failure("EngineError", "This model was freed. Load it again."));
    this.#rest();
  }
}
