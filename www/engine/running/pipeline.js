/**
 * Pictures → vectors, as they come in from all calls. While a group of them is in the image tower, on this thread, the
 * next ones are decoded on others:
 *
 *   other threads │ decode A │ decode B C D                  │ decode E F G H I …
 *   this thread   │          │ preprocess A, image tower A   │ preprocess B C D, image tower B C D │ …
 *
 * Held at a time are the pixels decoded ahead and what the tower sees of a group; of those that wait, however many,
 * there is only what the caller sent.
 */
import { look } from "../pictures/decode.js";
import { decodeBeside } from "../pictures/decoders.js";
import { Pace, pause } from "./steps.js";
import { isTrap } from "./wasm.js";

/** @typedef {import("../pictures/decode.js").Look} Look */
/** @typedef {import("../api/protocol.js").Picture} Picture */
/** @typedef {import("../pictures/decode.js").Pixels} Pixels */
/** @typedef {import("./wasm.js").Engine} Engine */
/** Milliseconds of one picture. @typedef {{ decode: number, preprocess: number, imageTower: number }} Timings */
/** A picture's unit vector and what was seen on the way: its upright size, when it was taken, and a small one as JPEG where one was asked for. @typedef {{ vector: Float32Array<ArrayBuffer>, width: number, height: number, taken: number | null, small: Uint8Array<ArrayBuffer> | null }} Embedded */
/** Who waits for a picture. @typedef {{ picture: Picture, side?: number, signal: AbortSignal, resolve: (embedded: Embedded) => void, reject: (reason: unknown) => void }} Job */
/** Not decoded yet; null where it can't be. @typedef {Job & { look?: Promise<Look | null> }} Waiting */
/** @typedef {Job & { pixels: number, taken: number | null, rgba: Promise<Pixels>, done: boolean }} Decoding */
/** @typedef {Job & Omit<Embedded, "vector"> & { seen: import("./wasm.js").Pixels }} Ready */

/** Pictures in a group: more of them save nothing. */
const GROUP = 8;
/** Pictures decoded ahead, and the pixels they may have together: 96 MB. One alone may have more. */
const AHEAD = 8;
const AHEAD_PIXELS = 24e6;

export class Pipeline {
  #engine;
  #readFacts;
  /** @type {Waiting[]} */
  #waiting = [];
  /** @type {Decoding[]} */
  #decoding = [];
  #pace = new Pace(1, GROUP);
  /** @type {Promise<void> | null} */
  #working = null;
  /** Why nothing is done any more. @type {{ reason: unknown } | null} */
  #stopped = null;
  /** What the pictures of the next group have taken so far. */
  #spent = { decode: 0, preprocess: 0 };
  /** Of the last picture: its share of what its group took. @type {Timings | null} */
  timings = null;

  /** @param {Engine} engine @param {import("../pictures/facts.js").ReadFacts} readFacts */
  constructor(engine, readFacts) {
    this.#engine = engine;
    this.#readFacts = readFacts;
  }

  /**
   * @param {Picture} picture an `ImageBitmap` is the caller's to close
   * @param {AbortSignal} signal
   * @param {number} [side] of a square that a small one of it is to fit into
   * @returns {Promise<Embedded>}
   */
  run(picture, signal, side) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ picture, side, signal, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  /**
   * What the tower sees of a picture, and the size of that, for other work than embedding it.
   *
   * @param {Picture} picture
   * @param {AbortSignal} signal
   */
  async see(picture, signal) {
    const seen = await look(picture, this.#readFacts);
    const { data, width, height } = await decodeBeside(picture, seen);
    signal.throwIfAborted();
    if (this.#stopped) throw this.#stopped.reason;
    return { seen: this.#engine.preprocess(data, width, height), width, height };
  }

  /** Refuse whatever waits. Done when nothing is at work any more. @param {unknown} reason */
  async stop(reason) {
    this.#stopped ??= { reason };
    await this.#working;
  }

  async #work() {
    // The first goes alone, so that its vector comes as soon as it can.
    let most = 1;
    await pause();
    while (this.#waiting.length > 0 || this.#decoding.length > 0) {
      await this.#waitFor(this.#decodeAhead());
      const group = await this.#take(most);
      await this.#waitFor(this.#decodeAhead());
      this.#embed(group);
      await pause();
      most = this.#pace.count;
    }
    this.#working = null;
  }

  /** Decoding takes what it is waited for. @template T @param {Promise<T>} work */
  async #waitFor(work) {
    const start = performance.now();
    try {
      return await work;
    } finally {
      this.#spent.decode += performance.now() - start;
    }
  }

  /** Have the next ones decoded, as many as may be held. */
  async #decodeAhead() {
    for (const job of this.#waiting.slice(0, AHEAD - this.#decoding.length)) job.look ??= this.#look(job);
    while (this.#waiting.length > 0 && this.#decoding.length < AHEAD) {
      const [job] = this.#waiting;
      const seen = await (job.look ??= this.#look(job));
      const held = this.#decoding.reduce((sum, { pixels }) => sum + pixels, 0);
      const pixels = seen?.pixels ?? AHEAD_PIXELS;
      if (seen && held > 0 && held + pixels > AHEAD_PIXELS) break;
      this.#waiting.shift();
      if (!seen) continue;
      /** @type {Decoding} */
      const decoding = { ...job, pixels, taken: seen.taken ?? null, rgba: decodeBeside(job.picture, seen, job.side), done: false };
      const done = () => void (decoding.done = true);
      decoding.rgba.then(done, done);
      this.#decoding.push(decoding);
    }
  }

  /** @param {Job} job @returns {Promise<Look | null>} null: it was refused */
  async #look(job) {
    try {
      this.#check(job);
      return await look(job.picture, this.#readFacts);
    } catch (thrown) {
      job.reject(thrown);
      return null;
    }
  }

  /** The next ones in order, as the tower sees them: the first is waited for, then those that are decoded by now. @param {number} most */
  async #take(most) {
    /** @type {Ready[]} */
    const group = [];
    while (group.length < most && this.#decoding.length > 0) {
      if (group.length > 0 && !this.#decoding[0].done) break;
      const [job] = this.#decoding.splice(0, 1);
      const ready = await this.#preprocess(job);
      if (ready) group.push(ready);
      await pause();
    }
    return group;
  }

  /** @param {Decoding} job @returns {Promise<Ready | null>} null: it was refused */
  async #preprocess(job) {
    try {
      const { data, width, height, small = null } = await this.#waitFor(job.rgba);
      this.#check(job);
      const start = performance.now();
      const seen = this.#engine.preprocess(data, width, height);
      this.#spent.preprocess += performance.now() - start;
      return { ...job, width, height, small, seen };
    } catch (thrown) {
      this.#refuse([job], thrown);
      return null;
    }
  }

  /** @param {Ready[]} group */
  #embed(group) {
    const { decode, preprocess } = this.#spent;
    this.#spent = { decode: 0, preprocess: 0 };
    const jobs = group.filter((job) => {
      try {
        this.#check(job);
        return true;
      } catch (thrown) {
        // After a trap the engine takes no calls.
        if (!isTrap(thrown)) job.seen.free();
        job.reject(thrown);
        return false;
      }
    });
    if (jobs.length === 0) return;
    const start = performance.now();
    try {
      const rows = this.#engine.embed_images(jobs.map(({ seen }) => seen));
      const took = performance.now() - start;
      const numbers = rows.length / jobs.length;
      jobs.forEach((job, i) => job.resolve({ vector: rows.slice(i * numbers, (i + 1) * numbers), width: job.width, height: job.height, taken: job.taken, small: job.small }));
      this.timings = { decode: decode / group.length, preprocess: preprocess / group.length, imageTower: took / jobs.length };
      this.#pace.took(jobs.length, took);
    } catch (thrown) {
      this.#refuse(jobs, thrown);
    }
  }

  /** @param {Job} job */
  #check({ signal }) {
    if (this.#stopped) throw this.#stopped.reason;
    signal.throwIfAborted();
  }

  /** @param {Job[]} jobs @param {unknown} thrown */
  #refuse(jobs, thrown) {
    if (isTrap(thrown)) this.#stopped ??= { reason: thrown };
    for (const { reject } of jobs) reject(thrown);
  }
}
