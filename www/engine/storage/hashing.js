/**
 * SHA-256 on a thread of its own (hasher.js), while the engine packs what was hashed before: browsers compute even
 * `crypto.subtle`'s on the thread that asks. Where no such thread runs, this one does it.
 */
import { failure } from "../errors.js";
import { Sha256, sha256 } from "./hash.js";
import { SITE } from "../../site.js";

/** What the thread is asked: a digest of bytes, which come back; bytes more of a stream, which come back, too; and the stream's digest, which ends it. */
/** @typedef {{ id: number, bytes: Uint8Array<ArrayBuffer> } | { id: number, stream: number, bytes: Uint8Array<ArrayBuffer> } | { id: number, stream: number, end: true }} ToHash */
/** @typedef {{ id: number, bytes?: Uint8Array<ArrayBuffer>, sha256?: string } | { id: number, error: string }} Hashed */
/** What the thread says once it runs, before anything else. @typedef {"ready"} Ready */

/** Fewer are hashed sooner here than sent there. */
const LEAST = 2 ** 18;
/** A content policy may keep a worker from starting without a word. */
const READY_MS = 3000;
/** What is sent of a stream at a time, and how many of these may be on their way. */
const COPY_BYTES = 2 ** 20;
const COPIES = 4;

const STOPPED = "Checking the model's bytes stopped in the middle. Load the model again.";

/** null: there is none. @type {Promise<Worker | null> | null} */
let started = null;
/** @type {Map<number, { resolve: (hashed: any) => void, reject: (why: Error) => void }>} */
const asked = new Map();
let lastId = 0;
/** Those that broke. @type {WeakSet<Worker>} */
const gone = new WeakSet();

/** So that the first piece finds it ready. */
export function startHasher() {
  started ??= start().catch(() => null);
  return started;
}

/** @returns {Promise<Worker>} */
function start() {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("www/engine/storage/hasher.js", SITE), { type: "module", name: "semblance-hasher" });
    let ran = false;
    const giveUp = () => {
      worker.terminate();
      gone.add(worker);
      reject(new Error("no hasher"));
      // Once one ran, the next one that is asked is another one.
      if (ran) started = null;
      for (const { reject } of asked.values()) reject(failure("EngineError", STOPPED));
      asked.clear();
    };
    const timer = setTimeout(giveUp, READY_MS);
    /** @param {MessageEvent<Hashed | Ready>} event */
    worker.onmessage = ({ data }) => {
      if (data === "ready") {
        clearTimeout(timer);
        ran = true;
        return resolve(worker);
      }
      const who = asked.get(data.id);
      asked.delete(data.id);
      if ("error" in data) who?.reject(failure("EngineError", `The model's bytes could not be checked (${data.error}).`));
      else who?.resolve(data);
    };
    worker.onmessageerror = giveUp;
    worker.onerror = (event) => {
      event.preventDefault();
      giveUp();
    };
  });
}

/** @param {Worker} worker @param {any} message @returns {Promise<any>} */
function ask(worker, message) {
  return new Promise((resolve, reject) => {
    if (gone.has(worker)) return reject(failure("EngineError", STOPPED));
    const id = ++lastId;
    asked.set(id, { resolve, reject });
    worker.postMessage({ ...message, id }, message.bytes ? [message.bytes.buffer] : []);
  });
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes given away, with all of the memory that they are a part of
 * @returns {Promise<{ bytes: Uint8Array<ArrayBuffer>, sha256: string }>} the same bytes in the same memory
 */
export async function hashed(bytes) {
  const worker = bytes.length < LEAST ? null : await startHasher();
  return worker ? ask(worker, { bytes }) : { bytes, sha256: await sha256(bytes) };
}

/** The SHA-256 of bytes as they come in. */
export class HashStream {
  #number = ++lastId;
  /** Where there is no thread. @type {Sha256 | null} */
  #own = null;
  /** @type {Worker | null} */
  #worker = null;
  /** In order, as the thread takes them. @type {Promise<unknown>[]} */
  #onTheWay = [];
  /** Memory of what was taken: as garbage it would pile up. @type {ArrayBuffer[]} */
  #spare = [];

  /** @param {Uint8Array<ArrayBuffer>} bytes copied by the time that this is done */
  async update(bytes) {
    if (!this.#own && !this.#worker) {
      this.#worker = await startHasher();
      if (!this.#worker) this.#own = new Sha256();
    }
    if (!this.#worker) return void this.#own?.update(bytes);
    for (let at = 0; at < bytes.length; at += COPY_BYTES) {
      if (this.#onTheWay.length >= COPIES) await this.#onTheWay.shift();
      this.#onTheWay.push(this.#send(this.#worker, bytes.subarray(at, at + COPY_BYTES)));
    }
  }

  /** @param {Worker} worker @param {Uint8Array<ArrayBuffer>} bytes */
  #send(worker, bytes) {
    const copy = new Uint8Array(this.#spare.pop() ?? new ArrayBuffer(COPY_BYTES), 0, bytes.length);
    copy.set(bytes);
    const sent = ask(worker, { stream: this.#number, bytes: copy }).then((back) => {
      this.#spare.push(back.bytes.buffer);
    });
    // Whoever ends it hears of it.
    sent.catch(() => {});
    return sent;
  }

  /** Nothing can be added afterwards. @returns {Promise<string>} */
  async hex() {
    await Promise.all(this.#onTheWay);
    if (!this.#worker) return (this.#own ?? new Sha256()).hex();
    return (await ask(this.#worker, { stream: this.#number, end: true })).sha256;
  }
}
