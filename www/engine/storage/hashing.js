/**
 * SHA-256 on a thread of its own (hasher.js), while the engine packs what was hashed before: browsers compute even
 * `crypto.subtle`'s on the thread that asks. Where no such thread runs, this one does it.
 */
import { Messenger } from "../running/messenger.js";
import { Sha256, sha256 } from "./hash.js";
import { startWorker } from "../running/workers.js";

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/**
 * Each verb's arguments and answer. Bytes are given away, with all of the memory that they are a part of, and come back.
 *
 * @typedef {object} Calls
 * @property {{ args: {}, ok: null }} ready
 * @property {{ args: { bytes: Bytes }, ok: { bytes: Bytes, sha256: string } }} digest
 * @property {{ args: { stream: number, bytes: Bytes }, ok: Bytes }} update
 * @property {{ args: { stream: number }, ok: string }} end
 */
/** @typedef {Messenger<{ [V in keyof Calls]: Calls[V] }>} Hasher */

/** Fewer are hashed sooner here than sent there. */
const LEAST = 2 ** 18;
/** A content policy may keep a worker from starting without a word. */
const READY_MS = 3000;
/** What is sent of a stream at a time, and how many of these may be on their way. */
const COPY_BYTES = 2 ** 20;
const COPIES = 4;

/** null: there is none. @type {Promise<Hasher | null> | null} */
let started = null;
let lastStream = 0;

/** So that the first piece finds it ready. */
export async function startHasher() {
  const hasher = await (started ??= start());
  // One that broke is followed by another one.
  return hasher?.stopped ? (started = start()) : hasher;
}

/** @returns {Promise<Hasher | null>} */
async function start() {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  try {
    const worker = startWorker("www/engine/storage/hasher.js", "semblance-hasher");
    /** @type {Hasher} */
    const hasher = new Messenger(worker, (why) => `Checking the model's bytes stopped in the middle (${why}). Load the model again.`);
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => {
        worker.terminate();
        reject(new Error("it does not answer"));
      }, READY_MS);
    });
    await Promise.race([hasher.call("ready", {}), late]);
    return hasher;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {Bytes} bytes given away, with all of the memory that they are a part of
 * @returns {Promise<{ bytes: Bytes, sha256: string }>} the same bytes in the same memory
 */
export async function hashed(bytes) {
  const hasher = bytes.length < LEAST ? null : await startHasher();
  return hasher ? hasher.call("digest", { bytes }) : { bytes, sha256: await sha256(bytes) };
}

/** The SHA-256 of bytes as they come in. */
export class HashStream {
  #number = ++lastStream;
  /** The thread, or what does it here. @type {Hasher | Sha256 | null} */
  #by = null;
  /** In order, as the thread takes them. @type {Promise<unknown>[]} */
  #onTheWay = [];
  /** Memory of what was taken: as garbage it would pile up. @type {ArrayBuffer[]} */
  #spare = [];

  /** @param {Bytes} bytes copied by the time that this is done */
  async update(bytes) {
    const by = (this.#by ??= (await startHasher()) ?? new Sha256());
    if (by instanceof Sha256) return void by.update(bytes);
    for (let at = 0; at < bytes.length; at += COPY_BYTES) {
      if (this.#onTheWay.length >= COPIES) await this.#onTheWay.shift();
      this.#onTheWay.push(this.#send(by, bytes.subarray(at, at + COPY_BYTES)));
    }
  }

  /** @param {Hasher} hasher @param {Bytes} bytes */
  #send(hasher, bytes) {
    const copy = new Uint8Array(this.#spare.pop() ?? new ArrayBuffer(COPY_BYTES), 0, bytes.length);
    copy.set(bytes);
    const sent = hasher.call("update", { stream: this.#number, bytes: copy }).then((back) => this.#spare.push(back.buffer));
    // Whoever ends it hears of it.
    sent.catch(() => {});
    return sent;
  }

  /** Nothing can be added afterwards. @returns {Promise<string>} */
  async hex() {
    await Promise.all(this.#onTheWay);
    const by = this.#by ?? new Sha256();
    return by instanceof Sha256 ? by.hex() : by.call("end", { stream: this.#number });
  }
}
