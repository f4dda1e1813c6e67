/** Hands a model's bytes to the engine, a little at a time, so that cancellations are heard and wasm memory stays small. */
import { failure } from "../errors.js";
import { checkMemory } from "./memory.js";
import { step } from "./steps.js";

/** @typedef {import("../storage/hashing.js").HashStream} HashStream */
/** @typedef {import("../fetching/load.js").How} How */
/** @typedef {import("./wasm.js").Engine} Engine */
/** @typedef {import("./wasm.js").Loader} Loader */
/** @typedef {import("./wasm.js").Wasm} Wasm */

/** What the engine gets at a time: small, since it is copied into wasm memory, which never shrinks. */
const PUSH_BYTES = 2 ** 20;

/** How long the browser gets to see the engine's code at work and optimise it, a step at a time. */
const WARM_UP_MS = 60;
const WARM_UP_STEP_MS = 20;

/** Engines whose code is optimised by now. @type {WeakSet<Wasm>} */
const warmed = new WeakSet();

export class Feeder {
  #wasm;
  #how;
  #signal;
  /** @type {Promise<void> | null} */
  #warm = null;
  /** @type {Loader | null} */
  #loader = null;
  /** @type {Engine | null} */
  #engine = null;
  /** The engine has said what it will need. */
  #checked = false;
  /** For weights that have none. To be set before the first bytes. @type {number | undefined} */
  logitScale;

  /** @param {Promise<Wasm>} wasm @param {How} how @param {AbortSignal} signal */
  constructor(wasm, how, signal) {
    this.#wasm = wasm;
    this.#how = how;
    this.#signal = signal;
    this.logitScale = how.logitScale;
  }

  /** Once the first bytes have been asked for, and are waited for anyway. */
  warmUp() {
    this.#warm ??= this.#wasm.then((wasm) => warmUp(wasm, this.#how.dtype, this.#signal));
    // Heard of at the end.
    this.#warm.catch(() => {});
  }

  /** The finished model. */
  get engine() {
    if (!this.#engine) throw failure("EngineError", "The model was read and not finished.");
    return this.#engine;
  }

  /** The texts of a Hugging Face folder. @param {Map<string, string>} texts by name */
  async files(texts) {
    (await this.#begun()).files([...texts.keys()], [...texts.values()]);
  }

  /** The weights go on in another file. */
  async nextFile() {
    (await this.#begun()).next_file();
  }

  /** @param {Uint8Array<ArrayBuffer>} bytes @param {string} title of the model @param {HashStream | null} hash takes them, too */
  async push(bytes, title, hash) {
    const loader = await this.#begun();
    for (let at = 0; at < bytes.length; at += PUSH_BYTES) {
      const some = bytes.subarray(at, at + PUSH_BYTES);
      await hash?.update(some);
      loader.push(some);
      this.#checkMemory(loader, title);
      await step(this.#signal);
    }
  }

  /** Once, as soon as the weights' header is read. @param {Loader} loader @param {string} title */
  #checkMemory(loader, title) {
    const { memory } = loader;
    if (this.#checked || memory === undefined) return;
    this.#checked = true;
    checkMemory(title, (towers) => (towers === this.#how.towers ? memory : null), this.#how);
  }

  async finish() {
    const loader = await this.#begun();
    // `finish` consumes it.
    this.#loader = null;
    this.#engine = loader.finish();
    await this.#warm;
  }

  free() {
    this.#loader?.free();
    this.#engine?.free();
    this.#loader = this.#engine = null;
  }

  async #begun() {
    const { dtype, towers } = this.#how;
    const { Loader } = await this.#wasm;
    return (this.#loader ??= new Loader(dtype, towers, this.logitScale));
  }
}

/**
 * With threads a helper does it, and this one goes on.
 *
 * @param {Wasm} wasm
 * @param {import("./wasm.js").Compute} dtype
 * @param {AbortSignal} signal
 */
async function warmUp(wasm, dtype, signal) {
  const stepMs = wasm.threads > 1 ? WARM_UP_MS : WARM_UP_STEP_MS;
  for (let spent = 0; spent < WARM_UP_MS && !warmed.has(wasm); spent += stepMs) {
    wasm.warm_up(dtype, stepMs);
    await step(signal);
  }
  warmed.add(wasm);
}
