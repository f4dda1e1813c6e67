/** onnxruntime-web by itself: its smallest build, on the 8-bit files that transformers.js users download. */
import { timed } from "../../measure.js";
import { made, pixelBatch } from "../inputs.js";

/** @typedef {import("./index.js").Rows} Rows */
/** @typedef {import("../inputs.js").Tokens} Tokens */

const DIST = made("node_modules/onnxruntime-web/dist/");
const MODELS = made("models/clip-vit-base-patch32/onnx/");

/** @type {import("./index.js").Create} */
export async function create({ threads, inputs }) {
  /** @type {import("./libraries.js").Ort} */
  const ort = await import(`${DIST}ort.wasm.min.mjs`);
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = "error";
  /** @param {string} file */
  const open = (file) => ort.InferenceSession.create(MODELS + file, { executionProviders: ["wasm"], graphOptimizationLevel: "all" });

  return {
    version: `onnxruntime-web ${ort.env.versions.web}`,
    async loadImageTower() {
      const session = await open("vision_model_quantized.onnx");
      /** @param {number} count */
      const row = (count) => {
        const pixels = pixelBatch(inputs, count);
        return () =>
          timed(async () => {
            const pixel_values = new ort.Tensor("float32", pixels, [count, 3, 224, 224]);
            return (await session.run({ pixel_values })).image_embeds.data.slice(0, 512);
          });
      };
      return { image1: row(1), image8: row(8) };
    },
    async loadTextTower() {
      const session = await open("text_model_quantized.onnx");
      /** @param {Tokens} tokens */
      const row = ({ shape, ids }) => {
        const numbers = BigInt64Array.from(ids, BigInt);
        return () =>
          timed(async () => {
            const input_ids = new ort.Tensor("int64", numbers, shape);
            return (await session.run({ input_ids })).text_embeds.data.slice(0, 512);
          });
      };
      const { labels5, labels80, captions80 } = inputs.tokens;
      return { labels5: row(labels5), labels80: row(labels80), captions80: row(captions80) };
    },
  };
}
