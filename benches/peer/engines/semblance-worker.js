/**
 * The worker's end of semblance.js. Loads as the library does and then drives the engine itself, so that no text's
 * vector comes from its cache; times are taken here, around the engine's calls, as the other engines' are.
 */
import { prepare, read } from "/www/engine/decode.js";
import { load } from "/www/engine/load.js";
import { startWasm } from "/www/engine/wasm.js";
import { timed } from "../measure.js";

/** @typedef {import("./index.js").Rows} Rows */
/** @typedef {import("../inputs.js").TextRow} TextRow */
/** @typedef {import("/www/engine/wasm.js").Wasm} Wasm */

/** @type {{ build: Wasm["build"], threads: number, photo: Blob, texts: Record<TextRow, string[]> }} */
let given;
/** @type {Rows} */
let rows = {};

/** @type {Record<string, (argument: any) => unknown>} */
const actions = {
  /** @param {typeof given} argument */
  start(argument) {
    given = argument;
  },
  /** From the network, as on a first visit, and kept nowhere. @param {string} bundle address of its manifest */
  async load(bundle) {
    const { build, threads } = given;
    const starting = startWasm((url) => fetch(url), { build, threads });
    const options = { signal: new AbortController().signal, onProgress: () => {} };
    const { engine } = await load({ url: bundle }, "int8", starting, Promise.resolve(null), options);
    const wasm = await starting;
    if (wasm.build !== build || wasm.threads !== threads) {
      throw new Error(`asked for ${build} with ${threads} threads, got ${wasm.build} with ${wasm.threads}`);
    }
    rows = rowsOf(engine, wasm);
  },
  /** @param {import("../inputs.js").Row} row */
  run(row) {
    const run = rows[row];
    if (!run) throw new Error(`there is no row ${row}`);
    return run();
  },
  requests: () => performance.getEntriesByType("resource").map(({ name }) => name),
};

/** @param {import("/www/engine/wasm.js").Engine} engine @param {Wasm} wasm @returns {Rows} */
function rowsOf(engine, { image_size }) {
  const { photo, texts } = given;
  const width = engine.info().embedding;
  const decoded = async () => read(await (await prepare(photo, image_size)).decode());
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

self.onmessage = async ({ data: { verb, argument } }) => {
  try {
    self.postMessage({ ok: await actions[verb](argument) });
  } catch (thrown) {
    self.postMessage({ error: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) });
  }
};
