/** A captioner's worker: owns the module of models that write texts, and one of them. Between two tokens it may be stopped. */
import { describe } from "../fetching/describe.js";
import { respond } from "../fetching/download.js";
import { load } from "../fetching/load.js";
import { failure } from "../errors.js";
import { decode } from "../pictures/decode.js";
import { answerWith } from "../running/answering.js";
import { pause } from "../running/steps.js";
import { startWasm } from "../running/wasm.js";
import { openStore } from "../storage/store.js";
import { throttled } from "../api/throttle.js";
import { shareOf } from "../running/products.js";

/** @typedef {import("./protocol.js").Calls} Calls */
/** @typedef {import("./protocol.js").Info} Info */
/** @typedef {import("./protocol.js").Limits} Limits */
/** @typedef {import("../running/answering.js").Way} Way */
/** @typedef {import("../running/wasm.js").Wasm} Wasm */
/** @typedef {{ [V in keyof Calls]: (args: Calls[V]["args"], way: Way) => Promise<Calls[V]["ok"]> }} Actions */
/** A text that is being written. @typedef {{ progress(): number, free(): void }} Captioning */
/** What `src/api/captioner.rs` makes of a loaded model. */
/**
 * @typedef {object} Engine
 * @property {(rgba: Uint8ClampedArray, width: number, height: number) => unknown} preprocess
 * @property {(pixels: any, prompt: string, beams: number, maxTokens: number, minTokens: number) => Captioning} caption consumes the pixels
 * @property {(pixels: any, question: string, beams: number, maxTokens: number, minTokens: number) => Captioning} answer consumes the pixels
 * @property {(captioning: Captioning) => boolean} step whether there is more to do
 * @property {(captioning: Captioning) => string} so_far
 * @property {(captioning: Captioning) => any} whole
 * @property {() => any} info
 * @property {() => void} free
 */
/** @typedef {{ engine: Engine, origin: import("../fetching/load.js").Origin, wasm: Wasm, timings: Info["timings"] }} Loaded */

const PART = "captioner-";

/** @type {Map<number, Loaded>} */
const loaded = new Map();
let lastHandle = 0;
/** One text at a time. @type {Promise<unknown>} */
let turns = Promise.resolve();

/** @type {Actions} */
const actions = {
  async load({ model, dtype, choice, taken }, { signal, tell }) {
    const starting = startWasm(respond, choice, PART);
    const progress = throttled(tell, (/** @type {any} */ { stage }) => stage);
    try {
      const { engine, origin } = await load(model, { dtype, towers: "both", taken }, starting, openStore(), { signal, onProgress: progress.report });
      progress.flush();
      loaded.set(++lastHandle, { engine: /** @type {Engine} */ (/** @type {unknown} */ (engine)), origin, wasm: await starting, timings: null });
    } finally {
      progress.stop();
    }
    return { handle: lastHandle, info: infoOf(at(lastHandle)) };
  },
  async describe({ model, dtype, choice, taken }, { signal }) {
    return describe(model, { dtype, towers: "both", taken }, startWasm(respond, choice, PART), await openStore(), signal);
  },
  caption: ({ handle, picture, prompt, limits }, way) => inTurn(() => write(at(handle), picture, way, ({ engine }, pixels) => engine.caption(pixels, prompt, ...inOrder(limits)))),
  answer: ({ handle, picture, question, limits }, way) => inTurn(() => write(at(handle), picture, way, ({ engine }, pixels) => engine.answer(pixels, question, ...inOrder(limits)))),
  async free({ handle }) {
    const one = loaded.get(handle);
    loaded.delete(handle);
    await turns;
    one?.engine.free();
    return null;
  },
};

/** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
function inTurn(work) {
  const done = turns.then(work);
  turns = done.catch(() => {});
  return done;
}

/** @param {Limits} limits @returns {[number, number, number]} */
const inOrder = ({ beams, maxTokens, minTokens }) => [beams, maxTokens, minTokens];

/**
 * @param {Loaded} one
 * @param {import("./protocol.js").Picture} picture
 * @param {Way} way
 * @param {(one: Loaded, pixels: unknown) => Captioning} begin
 */
async function write(one, picture, { signal, tell }, begin) {
  signal.throwIfAborted();
  const { engine, wasm } = one;
  const { data, width, height } = await decode(picture, wasm.readFacts);
  signal.throwIfAborted();
  const start = performance.now();
  const captioning = begin(one, engine.preprocess(data, width, height));
  let [seen, tokens] = [0, 0];
  try {
    for (let said = ""; engine.step(captioning); ) {
      // The first step looks at the picture.
      if (seen === 0) seen = performance.now() - start;
      else tokens += 1;
      const text = engine.so_far(captioning);
      if (text !== said) tell((said = text));
      await pause();
      signal.throwIfAborted();
    }
    const caption = engine.whole(captioning);
    tell(caption.text);
    one.timings = { imageTower: seen, token: (performance.now() - start - seen) / Math.max(1, tokens) };
    return { caption, info: infoOf(one) };
  } finally {
    captioning.free();
  }
}

/** @param {Loaded} one @returns {Info} */
function infoOf({ engine, origin, wasm, timings }) {
  const { products, ...measures } = engine.info();
  const { notes, ...from } = origin;
  return {
    model: { ...from, ...measures },
    build: wasm.build,
    threads: wasm.threads,
    memory: wasm.memory.buffer.byteLength,
    timings,
    products: products && shareOf(products, wasm.threads),
    notes: [...wasm.notes, ...notes],
  };
}

/** @param {number} handle */
function at(handle) {
  const one = loaded.get(handle);
  if (!one) throw failure("EngineError", "This captioner was freed. Load it again.");
  return one;
}

answerWith(actions, "The captioner's engine stopped in the middle of its work. Load the model again to go on.");
