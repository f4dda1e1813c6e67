/** transformers.js, as its users have it: its own choice of onnxruntime-web's builds, `dtype: "q8"`. */
import { timed } from "../../measure.js";
import { made } from "../inputs.js";

/** @typedef {import("../inputs.js").TextRow} TextRow */

const LIBRARY = made("node_modules/@huggingface/transformers/");
/** The build that the library takes outside Safari; from here instead of its content delivery network. */
const RUNTIME = `${LIBRARY}node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify`;
const MODEL = "clip-vit-base-patch32";

/** @type {import("./index.js").Create} */
export async function create({ threads, inputs }) {
  /** @type {import("./libraries.js").Transformers} */
  const library = await import(`${LIBRARY}dist/transformers.min.js`);
  const { env } = library;
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  // A path and not a URL, which it would not ask whether the tokenizer's files are there.
  env.localModelPath = new URL(made("models/")).pathname;
  // Filling caches is no part of the work, and nothing here is loaded twice.
  env.useBrowserCache = false;
  env.useWasmCache = false;
  env.backends.onnx.wasm.wasmPaths = { mjs: `${RUNTIME}.mjs`, wasm: `${RUNTIME}.wasm` };
  env.backends.onnx.wasm.numThreads = threads;
  const options = { dtype: "q8", device: "wasm" };

  return {
    version: `transformers.js ${env.version}`,
    async loadImageTower() {
      const processor = await library.AutoProcessor.from_pretrained(MODEL);
      const tower = await library.CLIPVisionModelWithProjection.from_pretrained(MODEL, options);
      /** @param {object} pixels */
      const embed = async (pixels) => (await tower(pixels)).image_embeds.data.slice(0, 512);
      const decoded = () => library.RawImage.fromBlob(inputs.photo);
      /** @param {number} count */
      const images = (count) => {
        /** @type {Promise<object> | undefined} */
        let once;
        return async () => {
          const pixels = await (once ??= decoded().then((photo) => processor(Array(count).fill(photo))));
          return timed(() => embed(pixels));
        };
      };
      return {
        image1: images(1),
        image8: images(8),
        jpeg: () => timed(async () => embed(await processor(await decoded()))),
      };
    },
    async loadTextTower() {
      const tokenizer = await library.AutoTokenizer.from_pretrained(MODEL);
      const tower = await library.CLIPTextModelWithProjection.from_pretrained(MODEL, options);
      /** @param {TextRow} name */
      const row = (name) => () =>
        timed(async () => {
          const tokens = tokenizer(inputs.texts[name], { padding: true, truncation: true });
          return (await tower(tokens)).text_embeds.data.slice(0, 512);
        });
      return { labels5: row("labels5"), labels80: row("labels80"), captions80: row("captions80") };
    },
  };
}
