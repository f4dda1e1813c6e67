/** The engine of one build, a stage at a time; and by op, where it is asked to count. */
import { decode } from "/www/engine/pictures/decode.js";
import { openStore } from "/www/engine/storage/store.js";
import { answerCalls } from "../calls.js";
import { loadEngine } from "../engine.js";

/** @typedef {import("../engine.js").Choice} Choice */
/** @typedef {import("../peer/inputs.js").TextRow} TextRow */
/** @typedef {"preprocess" | "image1" | "image8" | TextRow} Stage */
/** As `Engine.take_profile` has it. @typedef {Record<string, { ms: number, calls: number, ops: number }>} Ops */
/** What is worked on. @typedef {{ photo: Blob, texts: Record<TextRow, string[]> }} Given */
/** Does the stage once and says how long it took. @typedef {() => Promise<number>} Run */

/** Counts each op's time. @typedef {import("../engine.js").Engine & { profile(on: boolean): void, take_profile(): Ops }} Engine */
/** @type {Engine} */
let engine;
/** @type {import("../engine.js").Wasm["readFacts"]} */
let readFacts;
/** @type {Given} */
let given;

answerCalls({
  /** From the browser's storage, where it is there. @param {{ bundle: string, choice: Choice } & Given} asked */
  async load({ bundle, choice, ...rest }) {
    const loaded = await loadEngine(bundle, choice, openStore());
    engine = /** @type {Engine} */ (loaded.engine);
    readFacts = loaded.wasm.readFacts;
    given = rest;
    return engine.info();
  },
  /** The first answer after loading: the picture and 5 labels. */
  async first() {
    const start = performance.now();
    const picture = await decode(given.photo, readFacts);
    const pixels = engine.preprocess(picture.data, picture.width, picture.height);
    const image1 = timed(() => engine.embed_images([pixels]));
    const labels5 = timed(() => engine.embed_texts(given.texts.labels5));
    return { image1, labels5, all: performance.now() - start };
  },
  /** @param {Stage} stage */
  run: (stage) => stages[stage](),
  /** @param {Stage} stage */
  async profile(stage) {
    engine.profile(true);
    engine.take_profile();
    const ms = await stages[stage]();
    engine.profile(false);
    return { ms, ops: engine.take_profile() };
  },
});

/** @type {ReturnType<typeof decode> | undefined} */
let once;

/** @type {Record<Stage, Run>} */
const stages = {
  async preprocess() {
    const start = performance.now();
    const { data, width, height } = await decode(given.photo, readFacts);
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
  const { data, width, height } = await (once ??= decode(given.photo, readFacts));
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
