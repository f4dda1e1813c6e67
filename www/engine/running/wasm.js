/** The WebAssembly engine: the fastest build that this browser runs is fetched, compiled and started, and no other. */
import { BUILDS, threadCount, whyNot } from "./builds.js";
import { failure, messageOf } from "../errors.js";
import { addressOf, importAt } from "../../site.js";

/** One preprocessed picture in wasm memory. @typedef {{ free(): void }} Pixels */
/** n × embedding numbers, and for each text whether it was cut (1) or not. @typedef {{ vectors: Float32Array<ArrayBuffer>, cut: Uint8Array<ArrayBuffer> }} TextVectors */
/** A picture that is being explained. @typedef {{ progress(): number, heat(): { side: number, cells: Float32Array } | undefined, free(): void }} Explaining */
/**
 * A loaded model in wasm memory.
 *
 * @typedef {object} Engine
 * @property {(rgba: Uint8ClampedArray, width: number, height: number) => Pixels} preprocess
 * @property {(pixels: Pixels[]) => Float32Array<ArrayBuffer>} embed_images in one pass; consumes the pixels
 * @property {(texts: string[]) => TextVectors} embed_texts
 * @property {(texts: string[]) => string[]} uncached those whose vectors the engine doesn't have, each once, in order
 * @property {(texts: string[], vectors: Float32Array, cut: Uint8Array) => void} put_texts
 * @property {() => void} forget_texts
 * @property {(templates: string[], labels: string[]) => string[]} fill of several templates, or a label of several words, a text has all prompts
 * @property {(image: Float32Array, labels: string[], templates: string[]) => import("../api/protocol.js").Score[]} classify
 * @property {(images: Float32Array, texts: string[], templates: string[]) => import("../api/protocol.js").Similarity} similarity
 * @property {(pixels: Pixels, texts: string[], label: number, method: string) => Explaining} explain consumes the pixels
 * @property {(explaining: Explaining) => boolean} explain_more whether there is more to do
 * @property {(width: number, height: number) => Float64Array} seen
 * @property {() => { parameters: number, dtype: string, compute: Compute, imageSize: number, patchSize: number, embedding: number, contextLength: number, logitScale: number, cachedTexts: number, products: { route: string, rates: Record<string, number>, reached?: number } | null }} info
 * @property {() => void} free
 */
/** @typedef {import("../../../semblance.js").BuildName} BuildName */
/** @typedef {import("../../../semblance.js").Compute} Compute */
/** @typedef {import("../../../semblance.js").Towers} Towers */
/**
 * Takes a model's bytes.
 *
 * @typedef {object} Loader
 * @property {(names: string[], texts: string[]) => void} files the texts of a Hugging Face folder, before the first push
 * @property {(chunk: Uint8Array) => void} push the weights, in chunks of any size
 * @property {() => void} next_file the next chunk is the first of another file
 * @property {number | undefined} memory bytes that the model will take at most, once that is known
 * @property {() => Engine} finish consumes the loader, even where it throws
 * @property {() => void} free
 */
/** From a `config.json`: bytes of memory that a model will take at most. @typedef {(config: string, dtype: Compute, towers: Towers) => number} MemoryNeeded */
/** From the same. @typedef {(config: string) => { imageParameters: number, textParameters: number, imageSize: number, embedding: number, contextLength: number }} ModelFacts */
/** @typedef {import("../pictures/facts.js").PictureFacts} PictureFacts */
/** Where the time went since the last call, by op; `ops`: multiplications and additions. @typedef {Record<string, { ms: number, calls: number, ops: number }>} Profile */
/**
 * What `wasm-bindgen --target web` makes of `src/api.rs`. `initThreadPool`, in the build with threads only, starts so
 * many of them beside the calling one (threads.js).
 *
 * @typedef {{ default(input: { module_or_path: WebAssembly.Module }): Promise<{ memory: WebAssembly.Memory }>, initThreadPool?(threads: number): Promise<void>, PictureFacts: new (length: number) => PictureFacts, memory_needed: MemoryNeeded, model_facts: ModelFacts, warm_up(dtype: Compute, milliseconds: number): void, take_profile(): Profile, Loader: new (dtype: Compute, towers: Towers, logitScale?: number) => Loader }} Glue
 */
/** Of two modules of the engine, that of a CLIP and that of models that write texts, the folders. @typedef {"" | "captioner-"} Part */
/** What someone asks for: by default the fastest build, on as many threads as serve best. @typedef {{ build?: BuildName, threads?: number }} Choice */
/** @typedef {{ build: BuildName, threads: number, memory: WebAssembly.Memory, readFacts: import("../pictures/facts.js").ReadFacts, memory_needed: MemoryNeeded, model_facts: ModelFacts, warm_up: Glue["warm_up"], take_profile: Glue["take_profile"], Loader: Glue["Loader"], notes: string[] }} Wasm */

/** What it costs to go without a build. @type {Record<BuildName, string>} */
const COST = {
  threads: "so the engine runs on one thread.",
  relaxed: "so the engine runs on one thread and with plain SIMD, slower than it could.",
  simd: "",
};

/** @type {Promise<Wasm> | null} */
let started = null;

/**
 * Start the engine, once for all callers of this worker. A failed start is forgotten, so that a later call tries again.
 *
 * @param {(url: string) => Promise<Response>} request
 * @param {Choice} [choice] of the first call
 * @param {Part} [part] of the first call
 * @returns {Promise<Wasm>}
 */
export function startWasm(request, choice = {}, part = "") {
  started ??= start(request, choice, part).catch((thrown) => {
    started = null;
    throw thrown;
  });
  return started;
}

/**
 * The first build, best first, that can run here and starts. Why a better one doesn't run is told in `notes`.
 *
 * @param {(url: string) => Promise<Response>} request
 * @param {Choice} choice a build that is asked for by name is the only one tried
 * @param {Part} part
 * @returns {Promise<Wasm>}
 */
async function start(request, { build: asked, threads: most }, part) {
  const threads = threadCount(most);
  const candidates = asked ? [asked] : BUILDS.filter((build) => build !== "threads" || threads > 1);
  /** Why not, and what that costs. @type {Map<string, string>} */
  const notes = new Map();
  let last;
  for (const build of candidates) {
    let why = whyNot(build);
    if (why === null) {
      try {
        const wasm = await startBuild(request, `${part}${build}`, build, build === "threads" ? Math.max(2, threads) : 1);
        return { ...wasm, notes: Array.from(notes, ([why, cost]) => `${why}, ${cost}`) };
      } catch (thrown) {
        last = thrown;
        const { message, cause } = /** @type {Error} */ (thrown);
        why = `The build “${build}” could not be started (${(cause instanceof Error ? cause.message : message).replace(/\.$/, "")})`;
      }
    } else {
      last = failure("EngineError", asked && build !== "simd" ? `${why}, so the build “${build}” does not run here.` : `${why}.`);
    }
    // One that lacks what a better one lacks, too, says what both cost.
    notes.set(why, COST[build]);
  }
  throw last;
}

/**
 * @param {(url: string) => Promise<Response>} request
 * @param {string} name of its folder
 * @param {BuildName} build
 * @param {number} threads
 * @returns {Promise<Wasm>}
 */
async function startBuild(request, name, build, threads) {
  const binary = request(addressOf(`wasm/${name}/semblance_bg.wasm`)).then(compile);
  // A failed import leaves the compilation's own failure to be reported or, where that works too, dropped.
  binary.catch(() => {});
  /** @type {Glue} */
  const glue = await importAt(`wasm/${name}/semblance.js`).catch((thrown) => {
    throw failure("NetworkError", `The engine's script could not be loaded (${messageOf(thrown)}).`, thrown);
  });
  const module = await binary;
  try {
    // Of shared memory the browser sets the address space aside at once, and may have none to give.
    const { memory } = await glue.default({ module_or_path: module });
    if (threads > 1) await glue.initThreadPool?.(threads - 1);
    const { PictureFacts, memory_needed, model_facts, warm_up, take_profile, Loader } = glue;
    const readFacts = (/** @type {number} */ length) => new PictureFacts(length);
    return { build, threads, memory, readFacts, memory_needed, model_facts, warm_up, take_profile, Loader, notes: [] };
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
