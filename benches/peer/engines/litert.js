/** LiteRT.js: XNNPACK on one file a row, since its exporter fixes the shapes. */
import { timed } from "../../measure.js";
import { made, pixelBatch, read } from "../inputs.js";

/** @typedef {import("../inputs.js").Row} Row */
/** @typedef {import("../inputs.js").Tokens} Tokens */
/** @typedef {[numbers: Float32Array | Int32Array, shape: number[]]} Batch */

const LIBRARY = made("node_modules/@litertjs/core/");

/** @type {import("./index.js").Create} */
export async function create({ threads, inputs }) {
  const { version } = await (await read(`${LIBRARY}package.json`)).json();
  /** @type {import("./libraries.js").LiteRt} */
  const { loadLiteRt, loadAndCompile, Tensor } = await import(`${LIBRARY}dist/index.js`);
  await loadLiteRt(`${LIBRARY}wasm/`, { threads: threads > 1 });

  /** @param {Row} row */
  const open = async (row) => {
    const bytes = new Uint8Array(await (await read(made(`litert/${row}.tflite`))).arrayBuffer());
    return loadAndCompile(bytes, { accelerator: "wasm", cpuOptions: { numThreads: threads } });
  };
  /** @param {import("./libraries.js").LiteRtModel} model @param {Float32Array | Int32Array} numbers @param {number[]} shape */
  const run = (model, numbers, shape) =>
    timed(async () => {
      const input = new Tensor(numbers, shape);
      const outputs = await model.run([input]);
      const vector = (await outputs[0].data()).slice(0, 512);
      for (const tensor of [input, ...outputs]) tensor.delete();
      return vector;
    });
  /** @param {Row} row @param {Float32Array | Int32Array} numbers @param {number[]} shape */
  const loaded = async (row, numbers, shape) => {
    const model = await open(row);
    return () => run(model, numbers, shape);
  };
  /** A second file of a tower, loaded when its row is first run. @type {typeof loaded} */
  const later = async (row, numbers, shape) => {
    /** @type {ReturnType<typeof open> | undefined} */
    let model;
    return async () => run(await (model ??= open(row)), numbers, shape);
  };

  return {
    version: `LiteRT.js ${version}`,
    async loadImageTower() {
      /** @param {number} count */
      const batch = (count) => /** @type {Batch} */ ([pixelBatch(inputs, count), [count, 3, 224, 224]]);
      return { image1: await loaded("image1", ...batch(1)), image8: await later("image8", ...batch(8)) };
    },
    async loadTextTower() {
      /** @param {Tokens} tokens */
      const batch = ({ ids, shape }) => /** @type {Batch} */ ([Int32Array.from(ids), shape]);
      const { labels5, labels80, captions80 } = inputs.tokens;
      return {
        labels5: await loaded("labels5", ...batch(labels5)),
        labels80: await later("labels80", ...batch(labels80)),
        captions80: await later("captions80", ...batch(captions80)),
      };
    },
  };
}
