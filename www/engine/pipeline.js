/**
 * Pictures → vectors, as they come in from all calls. While a group of them is in the image tower, on this thread, the
 * browser decodes the next ones on others:
 *
 *   other threads │ decode A  │ decode B C D      │ decode E F G H I …
 *   this thread   │           │ prepare A, tower A│ prepare B C D, tower B C D │ …
 *
 * Held at a time are the bitmaps decoded ahead, one picture's pixels, and what the tower sees of a group; however many
 * wait, of them there is only what the caller sent.
 */
import { prepare, read } from "./decode.js";
import { closeBitmaps } from "./protocol.js";
import { Pace, pause } from "./steps.js";
import { isTrap } from "./wasm.js";

/** @typedef {import("./decode.js").Prepared} Prepared */
/** @typedef {import("./protocol.js").Picture} Picture */
/** @typedef {import("./wasm.js").Engine} Engine */
/** @typedef {import("./wasm.js").ImageSize} ImageSize */
/** Milliseconds of one picture. @typedef {{ decode: number, preprocess: number, imageTower: number }} Timings */
/** Who waits for a picture's vector. @typedef {{ picture: Picture, signal: AbortSignal, resolve: (vector: Float32Array<ArrayBuffer>) => void, reject: (reason: unknown) => void }} Job */
/** Not decoded yet; null where it can't be. @typedef {Job & { prepared?: Promise<Prepared | null> }} Waiting */
/** @typedef {Job & { pixels: number, decoded: ReturnType<Prepared["decode"]>, done: boolean }} Decoding */
/** @typedef {Job & { seen: import("./wasm.js").Pixels, decode: number, preprocess: number }} Ready */

/** Pictures in a group: more of them save nothing. */
const GROUP = 8;
/** Pictures decoded ahead, and the pixels they may have together: 128 MB. One alone may have more. */
const AHEAD = 8;
const AHEAD_PIXELS = 32e6;

export class Pipeline {
  #engine;
  #imageSize;
  /** @type {Waiting[]} */
  #waiting = [];
  /** @type {Decoding[]} */
  #decoding = [];
  #pace = new Pace(1, GROUP);
  /** @type {Promise<void> | null} */
  #working = null;
  /** Why nothing is done any more. @type {{ reason: unknown } | null} */
  #stopped = null;
  /** Of the last picture. @type {Timings | null} */
  timings = null;

  /** @param {Engine} engine @param {ImageSize} imageSize */
  constructor(engine, imageSize) {
    this.#engine = engine;
    this.#imageSize = imageSize;
  }

  /**
   * @param {Picture} picture an `ImageBitmap` that is refused stays open
   * @param {AbortSignal} signal
   * @returns {Promise<Float32Array<ArrayBuffer>>} a unit vector
   */
  run(picture, signal) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ picture, signal, resolve, reject });
      this.#working ??= this.#work();
    });
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
      await this.#decodeAhead();
      const group = await this.#take(most);
      await this.#decodeAhead();
      this.#embed(group);
      await pause();
      most = this.#pace.count;
    }
    this.#working = null;
  }

  /** Have the next ones decoded, as many as may be held. Done when the browser has read their files. */
  async #decodeAhead() {
    for (const job of this.#waiting.slice(0, AHEAD - this.#decoding.length)) job.prepared ??= this.#prepare(job);
    const reads = [];
    while (this.#waiting.length > 0 && this.#decoding.length < AHEAD) {
      const [job] = this.#waiting;
      const prepared = await (job.prepared ??= this.#prepare(job));
      const held = this.#decoding.reduce((sum, { pixels }) => sum + pixels, 0);
      const pixels = prepared?.pixels ?? AHEAD_PIXELS;
      if (prepared && held > 0 && held + pixels > AHEAD_PIXELS) break;
      this.#waiting.shift();
      if (!prepared) continue;
      /** @type {Decoding} */
      const decoding = { ...job, pixels, decoded: prepared.decode(), done: false };
      const done = () => void (decoding.done = true);
      reads.push(Promise.race([prepared.fileRead(), decoding.decoded.then(done, done)]));
      this.#decoding.push(decoding);
    }
    await Promise.all(reads);
  }

  /** @param {Job} job @returns {Promise<Prepared | null>} null: it was refused */
  async #prepare(job) {
    try {
      this.#check(job);
      return await prepare(job.picture, this.#imageSize);
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
    const start = performance.now();
    try {
      const decoded = await job.decoded;
      try {
        this.#check(job);
      } catch (thrown) {
        closeBitmaps(decoded);
        throw thrown;
      }
      const { data, width, height } = read(decoded);
      const decode = performance.now() - start;
      const seen = this.#engine.preprocess(data, width, height);
      return { ...job, seen, decode, preprocess: performance.now() - start - decode };
    } catch (thrown) {
      this.#refuse([job], thrown);
      return null;
    }
  }

  /** @param {Ready[]} group */
  #embed(group) {
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
      const width = rows.length / jobs.length;
      jobs.forEach(({ resolve }, i) => resolve(rows.slice(i * width, (i + 1) * width)));
      const { decode, preprocess } = jobs[jobs.length - 1];
      this.timings = { decode, preprocess, imageTower: took / jobs.length };
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
