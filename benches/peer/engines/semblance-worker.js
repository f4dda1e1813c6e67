/**
 * The worker's end of semblance.js. Loads as the library does and then drives the engine itself, so that no text's
 * vector comes from its cache; times are taken here, around the engine's calls, as the other engines' are.
 */
import { answerCalls } from "../../calls.js";
import { loadEngine, moduleOf } from "../../engine.js";
import { timed } from "../../measure.js";

/** @typedef {import("./index.js").Rows} Rows */
/** @typedef {import("../inputs.js").TextRow} TextRow */
/** @typedef {import("../../engine.js").Choice} Choice */

/** @type {Choice & { base: import("../../engine.js").Base, photo: Blob, texts: Record<TextRow, string[]> }} */
let given;
/** @type {Rows} */
let rows = {};

answerCalls({
  /** @param {typeof given} argument */
  start(argument) {
    given = argument;
  },
  /** From the network, as on a first visit, and kept nowhere. @param {Pick<import("./index.js").Options, "bundle" | "towers">} what */
  async load({ bundle, towers }) {
    const { engine, wasm } = await loadEngine(bundle, given, Promise.resolve(null), towers, given.base);
    const { decode } = await moduleOf(given.base, "pictures/decode.js");
    rows = rowsOf(engine, () => decode(given.photo, wasm.readFacts));
  },
  /** @param {import("../inputs.js").Row} row */
  run(row) {
    const run = rows[row];
    if (!run) throw new Error(`there is no row ${row}`);
    return run();
  },
  requests: () => performance.getEntriesByType("resource").map(({ name }) => name),
});

/** @param {import("../../engine.js").Engine} engine @param {() => Promise<import("/www/engine/pictures/decode.js").Pixels>} decoded the photo @returns {Rows} */
function rowsOf(engine, decoded) {
  const { texts } = given;
  const width = engine.info().embedding;
  /** @type {ReturnType<typeof decoded> | undefined} */
  let once;
  /** @param {number} count */
  const images = (count) => async () => {
    const rgba = await (once ??= decoded());
    const pixels = Array.from({ length: count }, () => engine.preprocess(rgba.data, rgba.width, rgba.height));
    return timed(() => engine.embed_images(pixels).slice(0, width));
  };
  /** @param {TextRow} row */
  const prompts = (row) => () => {
    engine.forget_texts();
    return timed(() => engine.embed_texts(texts[row]).vectors.slice(0, width));
  };
  return {
    image1: images(1),
    image8: images(8),
    jpeg: () =>
      timed(async () => {
        const { data, width, height } = await decoded();
        return engine.embed_images([engine.preprocess(data, width, height)]);
      }),
    labels5: prompts("labels5"),
    labels80: prompts("labels80"),
    captions80: prompts("captions80"),
  };
}
