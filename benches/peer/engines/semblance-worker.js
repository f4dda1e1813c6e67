/**
 * The worker's end of semblance.js. Drives the engine itself and not the library's front, so that no text's
 * vector comes from its cache; times are taken here, around the engine's calls, as the other engines' are.
 */
import { prepare, read as readPixels } from "/www/engine/decode.js";
import { startWasm } from "/www/engine/wasm.js";
import { read } from "../inputs.js";
import { timed } from "../measure.js";

/** @typedef {import("./index.js").Rows} Rows */
/** @typedef {import("../inputs.js").TextRow} TextRow */

const PUSH_BYTES = 2 ** 20;

/** @type {Awaited<ReturnType<typeof startWasm>>} */
let wasm;
/** @type {Rows} */
let rows = {};
/** @type {{ photo: Blob, texts: Record<TextRow, string[]> }} */
let inputs;

/** @type {Record<string, (argument: any) => unknown>} */
const actions = {
  async start({ build, threads, photo, texts }) {
    inputs = { photo, texts };
    wasm = await startWasm((url) => fetch(url), { build, threads });
    if (wasm.build !== build || wasm.threads !== threads) {
      throw new Error(`asked for ${build} with ${threads} threads, got ${wasm.build} with ${wasm.threads}`);
    }
    return `Semblance (${build})`;
  },
  /** @param {string} bundle address of its manifest */
  async load(bundle) {
    rows = await rowsOf(await load(bundle));
  },
  /** @param {import("../inputs.js").Row} row */
  run(row) {
    const run = rows[row];
    if (!run) throw new Error(`there is no row ${row}`);
    return run();
  },
  requests: () => performance.getEntriesByType("resource").map(({ name }) => name),
};

/** As the library loads a bundle: each piece checked, then fed to the engine in small parts. @param {string} bundle */
async function load(bundle) {
  const { pieces } = await (await read(bundle)).json();
  const loader = new wasm.Loader("int8");
  for (const { url, sha256 } of pieces) {
    const bytes = new Uint8Array(await (await read(new URL(url, bundle).href)).arrayBuffer());
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    if (hex(digest) !== sha256) throw new Error(`${url} is not what its manifest says`);
    for (let at = 0; at < bytes.length; at += PUSH_BYTES) loader.push(bytes.subarray(at, at + PUSH_BYTES));
  }
  const engine = loader.finish();
  engine.warm_up();
  return engine;
}

/** @param {Uint8Array} bytes */
function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {import("/www/engine/wasm.js").Engine} engine @returns {Promise<Rows>} */
async function rowsOf(engine) {
  const { photo, texts } = inputs;
  const width = engine.info().embedding;
  const decoded = async () => readPixels(await (await prepare(photo, wasm.image_size)).decode());
  const rgba = await decoded();
  /** @param {number} count */
  const images = (count) => () => {
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
