/** The index's own WebAssembly (`crates/index`): no model, no tokenizer. Fetched when the first index is opened. */
import { failure, messageOf } from "../errors.js";
import { respond } from "../fetching/download.js";
import { SITE } from "../../site.js";

/** A part of another file, with the CRC-32 of its bytes. @typedef {{ at: number, length: number, crc: number }} Place */
/**
 * What is known of a picture besides its vector.
 *
 * @typedef {object} Facts
 * @property {string} path with `/` between folders
 * @property {number} size bytes of the file
 * @property {number} modified milliseconds since 1970
 * @property {number | null} taken as its EXIF says, on the camera's own clock
 * @property {number} width of the upright picture
 * @property {number} height
 * @property {Uint8Array} hash SHA-256 of the file
 * @property {Place | null} thumbnail
 */
/** @typedef {{ folder?: string, from?: number, until?: number, smallest?: number, largest?: number, pixels?: number, shape?: "landscape" | "portrait" | "square" }} Filter */
/** @typedef {{ ids: Uint32Array, cosines: Float32Array }} Hits */
/**
 * An index in wasm memory. Its methods make records, which count once they were appended to the file and applied.
 *
 * @typedef {object} PictureIndex
 * @property {() => { dim: number, exact: boolean, model: Uint8Array, pictures: number, bytes: number, waste: number }} info
 * @property {() => Uint32Array} ids in the order of paths
 * @property {(folder: string) => Uint32Array} inside numbers of the pictures in a folder, at any depth
 * @property {(id: number) => boolean} has
 * @property {(id: number) => Facts} facts
 * @property {(path: string) => number | undefined} at_path
 * @property {(sha256: Uint8Array) => number | undefined} of_content
 * @property {(id: number) => Float32Array<ArrayBuffer>} vector
 * @property {(id: number) => Float64Array} vector_place `[at, length]` in the file
 * @property {(facts: Facts, vector: Float32Array) => Uint8Array<ArrayBuffer>} picture
 * @property {(facts: Facts, vector: Uint8Array) => Uint8Array<ArrayBuffer>} picture_with
 * @property {(id: number, facts: Facts, vector: Uint8Array) => Uint8Array<ArrayBuffer>} copy under a number of another file
 * @property {(id: number, facts: Facts) => Uint8Array<ArrayBuffer>} renewed
 * @property {(id: number) => Uint8Array<ArrayBuffer>} removal
 * @property {(bytes: Uint8Array, at: number) => void} apply
 * @property {(parts: Float32Array, weights: Float32Array) => Float32Array} combine several parts' vectors, one after another, into one unit vector
 * @property {(query: Float32Array, k: number, filter: Filter) => Hits} search
 * @property {(query: Float32Array, ids: Uint32Array, bytes: Uint8Array) => Hits} rescore
 * @property {() => void} free
 */
/** @typedef {{ push(bytes: Uint8Array): void, finish(): { again: Reader } | { again?: undefined, index: PictureIndex, length: number, damaged: number } }} Reader */
/**
 * @typedef {object} IndexWasm
 * @property {(input: { module_or_path: WebAssembly.Module }) => Promise<unknown>} default
 * @property {new () => Reader} IndexReader
 * @property {new (dim: number, exact: boolean, model: Uint8Array) => PictureIndex} PictureIndex
 */

/** @type {Promise<IndexWasm> | null} */
let started = null;

/** Once for all; one that could not be started is tried again with the next index. */
export function startIndexWasm() {
  started ??= start().catch((thrown) => {
    started = null;
    throw thrown;
  });
  return started;
}

async function start() {
  const folder = new URL("wasm/index/", SITE);
  const compiled = respond(new URL("index_bg.wasm", folder).href).then(async (response) => WebAssembly.compile(await response.arrayBuffer()));
  compiled.catch(() => {});
  try {
    /** @type {IndexWasm} */
    const glue = await import(new URL("index.js", folder).href);
    await glue.default({ module_or_path: await compiled });
    return glue;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "NetworkError") throw thrown;
    throw failure("EngineError", `The index's engine at ${folder.href} could not be started (${messageOf(thrown)}).`, thrown);
  }
}
