/** The index's own WebAssembly (`crates/index`): no model, no tokenizer. Fetched when the first index is opened. */
import { forgetModule, startModule } from "../running/module.js";

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
 * @property {(filter: Filter) => Uint32Array} ids_of those that a filter takes, in the order of paths
 * @property {() => string[]} folders that pictures are in, and those above them
 * @property {(id: number, count: number) => Uint32Array} neighbours in its folder
 * @property {(id: number) => boolean} has
 * @property {(id: number) => Facts} facts
 * @property {(path: string) => number | undefined} at_path
 * @property {(sha256: Uint8Array) => number | undefined} of_content
 * @property {(id: number) => Float32Array<ArrayBuffer>} vector
 * @property {(ids: Uint32Array) => Float32Array<ArrayBuffer>} vectors one after another
 * @property {(id: number) => Float64Array} vector_place `[at, length]` in the file
 * @property {(facts: Facts, vector: Float32Array) => Uint8Array<ArrayBuffer>} picture
 * @property {(facts: Facts, vector: Uint8Array) => Uint8Array<ArrayBuffer>} picture_with
 * @property {(id: number, facts: Facts, vector: Uint8Array) => Uint8Array<ArrayBuffer>} copy under a number of another file
 * @property {(id: number, facts: Facts) => Uint8Array<ArrayBuffer>} renewed
 * @property {(id: number) => Uint8Array<ArrayBuffer>} removal
 * @property {(bytes: Uint8Array, at: number) => void} apply
 * @property {(parts: Float32Array, weights: Float32Array) => Float32Array} combine several parts' vectors, one after another, into one unit vector
 * @property {(query: Float32Array, rivals: Float32Array, k: number, filter: Filter) => Hits & { line: number, threshold: number, middle: number, spread: number }} rank
 * @property {(query: Float32Array, ids: Uint32Array, bytes: Uint8Array) => Hits} rescore
 * @property {() => void} free
 */
/** @typedef {{ push(bytes: Uint8Array): void, finish(): { again: Reader } | { again?: undefined, index: PictureIndex, length: number, damaged: number } }} Reader */
/**
 * @typedef {object} IndexWasm
 * @property {(input: { module_or_path: WebAssembly.Module }) => Promise<unknown>} default
 * @property {() => string[]} neutral_captions
 * @property {new () => Reader} IndexReader
 * @property {new (dim: number, exact: boolean, model: Uint8Array) => PictureIndex} PictureIndex
 */

/** What is exported and read back (`crates/tables`). Lists are JSON. */
/**
 * @typedef {object} ParquetWriter
 * @property {(pictures: string, vectors: Float32Array) => Uint8Array<ArrayBuffer>} push
 * @property {() => Uint8Array<ArrayBuffer>} finish
 */
/**
 * @typedef {object} ReadTable
 * @property {() => { model: Uint8Array, dim: number, count: number }} info
 * @property {(from: number, count: number) => string} pictures
 * @property {(at: number) => Float32Array} vector
 * @property {() => void} free
 */
/**
 * @typedef {object} TablesWasm
 * @property {(input: { module_or_path: WebAssembly.Module }) => Promise<unknown>} default
 * @property {(format: "npy" | "safetensors", count: number, dim: number) => Uint8Array<ArrayBuffer>} vectors_header
 * @property {new (model: Uint8Array, dim: number) => ParquetWriter} ParquetWriter
 * @property {{ parquet(bytes: Uint8Array): ReadTable, vectors(format: "npy" | "safetensors", bytes: Uint8Array, list: Uint8Array): ReadTable }} ReadTable
 */

/** @returns {Promise<IndexWasm>} */
export const startIndexWasm = () => startModule("index");

/** Fetched with the first export or import. @returns {Promise<TablesWasm>} */
export const startTablesWasm = () => startModule("tables");

/** It has stopped. */
export const forgetTablesWasm = () => forgetModule("tables");
