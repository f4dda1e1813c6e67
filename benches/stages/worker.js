/** The engine of one build, a stage at a time; and by op, where it is asked to count. */
import { decode } from "/www/engine/pictures/decode.js";
import { openStore } from "/www/engine/storage/store.js";
import { answerCalls } from "../calls.js";
import { loadEngine } from "../engine.js";

/** @typedef {import("../engine.js").Choice} Choice */
/** @typedef {import("../peer/inputs.js").TextRow} TextRow */
/** @typedef {"preprocess" | "image1" | "image8" | TextRow} Stage */
/** As `take_profile` of the engine's module has it. @typedef {Record<string, { ms: number, calls: number, ops: number }>} Ops */
/** What is worked on. @typedef {{ photo: Blob, texts: Record<TextRow, string[]> }} Given */
/** Does the stage once and says how long it took. @typedef {() => Promise<number>} Run */

/** @type {import("../engine.js").Engine} */
let engine;
/** @type {import("../engine.js").Wasm} */
let wasm;
/** @type {Given} */
let given;

answerCalls({
  /**
   * From the browser's storage, where it is there. The time begins when this worker's scripts are here, which on a built site
   * are one file, and it runs.
   *
   * @param {{ bundle: string, choice: Choice, wire: boolean } & Given} asked `wire`: from the network, and kept nowhere
   */
  async load({ bundle, choice, wire, ...rest }) {
    const start = performance.now();
    ({ engine, wasm } = await loadEngine(bundle, choice, wire ? Promise.resolve(null) : openStore()));
    given = rest;
    return { ms: performance.now() - start, info: engine.info() };
  },
  /** The first answer after loading: the picture and 5 labels. */
  async first() {
    const start = performance.now();
    const picture = await decode(given.photo, wasm.readFacts);
    const pixels = engine.preprocess(picture.data, picture.width, picture.height);
    const image1 = timed(() => engine.embed_images([pixels]));
    const labels5 = timed(() => engine.embed_texts(given.texts.labels5));
    return { image1, labels5, all: performance.now() - start };
  },
  /** @param {Stage} stage */
  run: (stage) => stages[stage](),
  /** @param {Stage} stage */
  async profile(stage) {
    wasm.take_profile();
    const ms = await stages[stage]();
    return { ms, ops: wasm.take_profile() };
  },
});

/** @type {ReturnType<typeof decode> | undefined} */
let once;

/** @type {Record<Stage, Run>} */
const stages = {
  async preprocess() {
    const start = performance.now();
    const { data, width, height } = await decode(given.photo, wasm.readFacts);
    const pixels = engine.preprocess(data, width, height);
    const ms = performance.now() - start;
    pixels.free();
    return ms;
  },
  image1: () => images(1),
  image8: () => images(8),
  labels5: async () => prompts("labels5"),
  labels80: async () => prompts("labels80"),
  captions80: async () => prompts("captions80"),
};

/** @param {number} count */
async function images(count) {
  const { data, width, height } = await (once ??= decode(given.photo, wasm.readFacts));
  const pixels = Array.from({ length: count }, () => engine.preprocess(data, width, height));
  return timed(() => engine.embed_images(pixels));
}

/** @param {TextRow} row */
function prompts(row) {
  engine.forget_texts();
  return timed(() => engine.embed_texts(given.texts[row]));
}

/** @param {() => unknown} work */
function timed(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}
