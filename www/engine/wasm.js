/** The WebAssembly builds: which one this browser can run, and starting it. */
import { failure, messageOf } from "./errors.js";

/** One preprocessed picture in wasm memory. @typedef {{ free(): void }} Pixels */
/**
 * A loaded model in wasm memory.
 *
 * @typedef {object} Engine
 * @property {(rgba: Uint8ClampedArray, width: number, height: number) => Pixels} preprocess
 * @property {(pixels: Pixels[]) => Float32Array<ArrayBuffer>} embed_images consumes the pixels
 * @property {(texts: string[]) => Float32Array<ArrayBuffer>} embed_texts
 * @property {(template: string, labels: string[]) => string[]} fill
 * @property {(image: Float32Array, labels: string[], template: string) => import("./protocol.js").Score[]} classify
 * @property {(images: Float32Array, texts: string[], template: string) => import("./protocol.js").Similarity} similarity
 * @property {() => { parameters: number, dtype: string, imageSize: number, patchSize: number, embedding: number, contextLength: number, logitScale: number, cachedTexts: number }} info
 * @property {() => void} free
 */
/** @typedef {{ push(chunk: Uint8Array): void, finish(): Engine, free(): void }} Loader */
/** @typedef {(head: Uint8Array) => { width: number, height: number } | undefined} ImageSize */
/** What `wasm-bindgen --target web` makes of `src/api.rs`. */
/** @typedef {{ default(input: { module_or_path: WebAssembly.Module }): Promise<{ memory: WebAssembly.Memory }>, image_size: ImageSize, Loader: new () => Loader }} Glue */
/** @typedef {"simd" | "relaxed" | "threads"} BuildName */
/** @typedef {{ build: BuildName, threads: number, memory: WebAssembly.Memory, image_size: ImageSize, Loader: new () => Loader }} Wasm */

/** `(func (result v128) (i8x16.popcnt (i8x16.splat (i32.const 0))))`: valid where SIMD128 is. */
const SIMD_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

/** Best first; the first that this browser can run is used. @type {{ name: BuildName, runsHere: () => boolean }[]} */
const BUILDS = [{ name: "simd", runsHere: () => WebAssembly.validate(SIMD_PROBE) }];

function chooseBuild() {
  const build = typeof WebAssembly === "object" ? BUILDS.find(({ runsHere }) => runsHere()) : undefined;
  if (!build) {
    throw failure(
      "EngineError",
      "This browser has no WebAssembly SIMD, which the engine needs. Update it: Chrome 91, Firefox 89, Safari 16.4 and everything newer have it.",
    );
  }
  return build.name;
}

/** @type {Promise<Wasm> | null} */
let started = null;

/**
 * Start the engine, once for all callers. A failed start is forgotten, so that a later call tries again.
 *
 * @param {(url: string) => Promise<Response>} request
 * @returns {Promise<Wasm>}
 */
export function startWasm(request) {
  started ??= start(request).catch((thrown) => {
    started = null;
    throw thrown;
  });
  return started;
}

/** @param {(url: string) => Promise<Response>} request @returns {Promise<Wasm>} */
async function start(request) {
  const build = chooseBuild();
  const folder = new URL(`../../wasm/${build}/`, import.meta.url);
  const binary = request(new URL("semblance_bg.wasm", folder).href).then(compile);
  // A failed import leaves the compilation's own failure to be reported or, where that works too, dropped.
  binary.catch(() => {});
  /** @type {Glue} */
  const glue = await import(new URL("semblance.js", folder).href).catch((thrown) => {
    throw failure("NetworkError", `The engine's script could not be loaded (${messageOf(thrown)}).`, thrown);
  });
  const module = await binary;
  try {
    const { memory } = await glue.default({ module_or_path: module });
    return { build, threads: 1, memory, image_size: glue.image_size, Loader: glue.Loader };
  } catch (thrown) {
    throw failure("EngineError", `The engine could not be started (${messageOf(thrown)}).`, thrown);
  }
}

/** @param {Response} response */
async function compile(response) {
  try {
    // Compiling while it downloads needs the right MIME type, which some hosts don't send.
    if (response.headers.get("Content-Type") === "application/wasm") return await WebAssembly.compileStreaming(response);
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (thrown) {
    throw failure("EngineError", `The engine at ${response.url} could not be compiled (${messageOf(thrown)}).`, thrown);
  }
}

/**
 * The engine stopped in the middle of its work (a panic, memory that ran out, a stack that did): what it
 * holds in memory can't be trusted any more.
 *
 * @param {unknown} thrown
 */
export function isTrap(thrown) {
  return thrown instanceof WebAssembly.RuntimeError || (thrown instanceof RangeError && /stack|memory/i.test(thrown.message));
}
