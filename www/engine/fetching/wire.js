/**
 * Pieces of a model over the network. A piece that breaks off goes on where it stopped, by `Range`; where a server
 * doesn't do that, a file is read from its start, once for all of its pieces, in their order.
 */
import { borrow } from "../storage/buffers.js";
import { open } from "./download.js";
import { failure } from "../errors.js";
import { insist, Interruption } from "./retry.js";
import { Turns } from "../running/steps.js";

/** @typedef {import("./download.js").Answer} Answer */
/** @typedef {import("./plan.js").Piece} Piece */
/** `version`: of the file that it is a part of, where no hash says more. @typedef {Piece & { url: string, version?: string | null }} Wanted */
/**
 * What is known of the file at one address.
 *
 * @typedef {object} Resource
 * @property {boolean | null} ranges the server sends parts; null: nobody knows yet
 * @property {Promise<void> | null} asking the first part was asked for, and the answer will tell
 * @property {() => void} tell that it has come
 * @property {number} refused parts that were asked for in vain
 * @property {Turns} turns of the pieces, where the file is read from its start
 * @property {Answer | null} answer being read from the file's start
 * @property {Uint8Array<ArrayBuffer>} rest of it, read and not used yet
 * @property {number} furthest that it was read
 */

const NOTHING = new Uint8Array(0);

/** Some servers break off whenever a part is asked for: then all is. */
const MOST_REFUSED = 4;

/** One load's. */
export class Wire {
  #signal;
  #onBytes;
  /** @type {Map<string, Resource>} */
  #resources = new Map();

  /**
   * @param {AbortSignal} signal
   * @param {(bytes: number) => void} onBytes called with all that comes in, used or not
   */
  constructor(signal, onBytes) {
    this.#signal = signal;
    this.#onBytes = onBytes;
  }

  /**
   * A piece, whole and unchecked. More bytes than it has are never held.
   *
   * @param {Wanted} piece
   * @param {RequestCache} cache
   * @param {(here: Uint8Array<ArrayBuffer>) => void} report what of it is here; less than before, when it has to begin anew
   * @param {Uint8Array | null} [begun] what an earlier try has left of it
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  async bring(piece, cache, report, begun = null) {
    const resource = this.#resource(piece.url);
    const target = new Target(piece, report);
    if (begun) target.take(begun);
    const part = () => this.#part(piece, resource, cache, target);
    const inOrder = () => this.#inOrder(piece, resource, cache, target);
    const whole = async () => void (target.full || (await resource.turns.take(() => insist(inOrder, this.#signal, () => resource.furthest))));
    if (piece.start === null || resource.ranges !== null) {
      await insist(part, this.#signal, () => target.filled);
      await whole();
    } else if (resource.asking) {
      await resource.asking;
      return this.bring(piece, cache, report, begun);
    } else {
      resource.asking = new Promise((resolve) => (resource.tell = resolve));
      try {
        await insist(part, this.#signal, () => target.filled);
        const first = whole();
        // By now it has the first turn.
        resource.tell();
        await first;
      } finally {
        resource.asking = null;
        resource.tell();
      }
    }
    return target.bytes;
  }

  /** What is still open. */
  close() {
    for (const { answer } of this.#resources.values()) answer?.close();
  }

  /** @param {string} url */
  #resource(url) {
    const known = this.#resources.get(url);
    if (known) return known;
    /** @type {Resource} */
    const fresh = { ranges: null, asking: null, tell: () => {}, refused: 0, turns: new Turns(), answer: null, rest: NOTHING, furthest: 0 };
    this.#resources.set(url, fresh);
    return fresh;
  }

  /**
   * The bytes that are missing, alone, if the server does that.
   *
   * @param {Wanted} piece
   * @param {Resource} resource
   * @param {RequestCache} cache
   * @param {Target} target
   */
  async #part(piece, resource, cache, target) {
    const { url, bytes, start } = piece;
    const all = start === null && target.filled === 0;
    if (resource.ranges === false && !all) return;
    const from = (start ?? 0) + target.filled;
    let answer;
    try {
      answer = sameFile(piece, await open(url, { signal: this.#signal, cache, ...(all ? {} : { from, to: (start ?? 0) + bytes - 1 }) }));
    } catch (thrown) {
      if (all || resource.ranges || !(thrown instanceof Interruption) || thrown.answered || ++resource.refused < MOST_REFUSED) throw thrown;
      resource.ranges = false;
      return;
    }
    const isRight = all ? !answer.isPart : answer.isPart && !answer.compressed && (answer.claimed ?? from) === from;
    if (!isRight && resource.ranges && ++resource.refused < MOST_REFUSED) {
      // It could do that before, so it may again; all of the file would be much more.
      answer.close();
      throw new Interruption(`${url} came otherwise than it was asked for.`);
    }
    if (!all) resource.ranges = isRight;
    // All of the file comes: nobody else needs to ask for it again.
    const keep = !isRight && !answer.isPart && !resource.answer;
    if (keep) Object.assign(resource, { answer, rest: NOTHING });
    if (isRight) resource.tell();
    try {
      while (isRight && !target.full) target.take(await this.#read(answer, url, bytes - target.filled));
    } finally {
      if (!keep) answer.close();
    }
  }

  /**
   * From the file's start, or from where the piece before this one ended.
   *
   * @param {Wanted} piece
   * @param {Resource} resource
   * @param {RequestCache} cache
   * @param {Target} target
   */
  async #inOrder(piece, resource, cache, target) {
    const { url, bytes, start } = piece;
    target.empty();
    const begin = start ?? 0;
    const here = () => (resource.answer?.at ?? 0) - resource.rest.length;
    try {
      if (!resource.answer || here() > begin) {
        resource.answer?.close();
        resource.answer = null;
        resource.rest = NOTHING;
        resource.answer = sameFile(piece, await open(url, { signal: this.#signal, cache }));
      }
      while (!target.full) {
        if (resource.rest.length === 0) resource.rest = await this.#read(resource.answer, url, begin + bytes - here());
        const skipped = Math.min(resource.rest.length, Math.max(0, begin - here()));
        const rest = resource.rest.subarray(skipped);
        const taken = Math.min(rest.length, bytes - target.filled);
        target.take(rest.subarray(0, taken));
        resource.rest = rest.subarray(taken);
      }
    } catch (thrown) {
      resource.furthest = Math.max(resource.furthest, resource.answer?.at ?? 0);
      resource.answer?.close();
      resource.answer = null;
      resource.rest = NOTHING;
      throw thrown;
    }
  }

  /** @param {Answer} answer @param {string} url @param {number} missing */
  async #read(answer, url, missing) {
    const chunk = await answer.read();
    if (!chunk) throw new Interruption(`${url} broke off: ${missing} bytes are missing.`);
    this.#onBytes(chunk.length);
    return chunk;
  }
}

/**
 * Parts of two files would make a model that nobody has made.
 *
 * @param {Wanted} piece
 * @param {Answer} answer
 */
function sameFile({ url, version }, answer) {
  if (!version || !answer.version || version === answer.version) return answer;
  answer.close();
  throw failure("NetworkError", `${url} is another file by now than the one whose beginning is here. Load it anew by its address.`);
}

/** A piece that is being filled. */
class Target {
  #report;
  filled = 0;

  /** @param {Piece} piece @param {(here: Uint8Array<ArrayBuffer>) => void} report */
  constructor(piece, report) {
    this.bytes = borrow(piece.bytes);
    this.#report = report;
  }

  get full() {
    return this.filled === this.bytes.length;
  }

  /** @param {Uint8Array} chunk which may be longer than what is missing */
  take(chunk) {
    const useful = chunk.subarray(0, this.bytes.length - this.filled);
    this.bytes.set(useful, this.filled);
    this.filled += useful.length;
    this.#report(this.bytes.subarray(0, this.filled));
  }

  empty() {
    if (this.filled > 0) this.#report(this.bytes.subarray(0, 0));
    this.filled = 0;
  }
}
