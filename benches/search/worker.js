/** Writes a library of made-up pictures, and searches it where it lies, without messages between. */
import { answerCalls } from "../calls.js";
import { StoredIndex } from "/www/engine/index/stored.js";
import { startIndexWasm } from "/www/engine/index/wasm.js";
import { makeVectors } from "./vectors.js";

/** Different small pictures; each is written as often as it takes. */
const SMALL = 64;
const FOLDER = 500;

/** @type {StoredIndex} */
let index;

answerCalls({
  /** @param {{ name: string, count: number, dim: number, model: string, small: boolean }} choice */
  async build({ name, count, dim, model, small }) {
    index = await StoredIndex.open(name, { dim, exact: false, model }, await startIndexWasm());
    const vector = makeVectors(dim);
    const smalls = small ? await Promise.all(Array.from({ length: SMALL }, (_, i) => drawn(i))) : [];
    const start = performance.now();
    for (let number = 0; number < count; number++) {
      const hash = new Uint8Array(32);
      new DataView(hash.buffer).setUint32(0, number + 1);
      const path = `made/${Math.floor(number / FOLDER)}/${number}.jpg`;
      index.put({ path, size: 2e6, modified: 1.7e12 + number, taken: null, width: 4000, height: 3000, hash }, vector(number), small ? smalls[number % SMALL] : null);
    }
    index.flush();
    const { bytes } = index.info();
    return { ms: performance.now() - start, bytes };
  },
  /** Milliseconds of one search for the best. @param {{ query: Float32Array, k: number }} asked */
  search({ query, k }) {
    const start = performance.now();
    const { ids } = index.rank({ parts: query, weights: Float32Array.of(1), neutral: null }, k, {});
    return { ms: performance.now() - start, ids };
  },
  close() {
    index.close();
    return null;
  },
});

/** @param {number} number */
async function drawn(number) {
  const canvas = new OffscreenCanvas(256, 192);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = `hsl(${(number * 360) / SMALL} 45% 60%)`;
  context.fillRect(0, 0, 256, 192);
  context.fillStyle = "#fff";
  context.font = "80px sans-serif";
  context.fillText(String(number), 70, 120);
  return new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg" })).arrayBuffer());
}
