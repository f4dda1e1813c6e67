/**
 * A model's `manifest.json`, checked. Comes from outside and is trusted for nothing: what leaves this file has
 * the right types, sane sizes, piece sizes that add up, hashes that are hashes, and piece addresses on the
 * manifest's own origin.
 */
import { failure } from "../errors.js";
import { MOST_PIECE_BYTES } from "./plan.js";
import { addressOf, mayHave } from "../../site.js";

/** The list of the site's own models, each a folder beside it. */
export const modelsUrl = () => addressOf("models/index.json");

/** @param {string} name */
export function manifestUrl(name) {
  const path = `models/${name}/manifest.json`;
  if (mayHave(path)) return addressOf(path);
  throw failure("ModelError", `This package brings no model "${name}" along. Give the address of one: pocket's is what the package semblance-pocket exports.`);
}

/** WebAssembly's address space; no model beyond it can run. */
const MAX_BYTES = 2 ** 32;

/** @typedef {{ url: string, bytes: number, sha256: string }} Piece */
/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} title
 * @property {string} licence
 * @property {string} dtype
 * @property {string | null} id the original's, "org/name"
 * @property {string | null} revision the original's
 * @property {number} parameters
 * @property {number | null} imageParameters missing in older manifests, as are the text's
 * @property {number | null} textParameters
 * @property {number} bytes
 * @property {string} sha256 of the pieces put together: a name for the whole; what is checked is each piece
 * @property {readonly Piece[]} pieces with absolute addresses, in order
 */

/**
 * @param {string} text
 * @param {string} url where it came from
 * @returns {Manifest}
 */
export function parseManifest(text, url) {
  /** @param {string} what @returns {never} */
  const refuse = (what) => {
    throw failure("ModelError", `The model description at ${url} can't be used: ${what}.`);
  };
  const json = readJson(text) ?? refuse("it is not JSON");
  if (!isRecord(json)) return refuse("it is not a JSON object");
  /** @param {Record<string, unknown>} record @param {string} field @param {number} longest */
  const string = (record, field, longest) => {
    const value = record[field];
    if (typeof value !== "string" || value === "" || value.length > longest) {
      return refuse(`"${field}" must be a text of 1 to ${longest} characters`);
    }
    return value;
  };
  /** @param {Record<string, unknown>} record @param {string} field @param {number} largest */
  const count = (record, field, largest) => {
    const value = record[field];
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 1 || value > largest) {
      return refuse(`"${field}" must be a whole number from 1 to ${largest}`);
    }
    return value;
  };
  /** @template T @param {string} field @param {(record: Record<string, unknown>, field: string, most: number) => T} read @param {number} most */
  const optional = (field, read, most) => (json[field] === undefined ? null : read(json, field, most));
  /** @param {Record<string, unknown>} record */
  const hash = (record) => {
    const value = record.sha256;
    if (typeof value !== "string" || !/^[0-9a-f]{64}$/.test(value)) return refuse('"sha256" must be 64 hex digits');
    return value;
  };

  if (json.format !== 1) return refuse('"format" must be 1 (is it made for a newer Semblance?)');
  if (!Array.isArray(json.pieces) || json.pieces.length < 1 || json.pieces.length > 4096) {
    return refuse('"pieces" must be a list of 1 to 4096 pieces');
  }
  const pieces = json.pieces.map((piece) => {
    if (!isRecord(piece)) return refuse("a piece is not a JSON object");
    return { url: resolve(string(piece, "url", 2048)), bytes: count(piece, "bytes", MOST_PIECE_BYTES), sha256: hash(piece) };
  });
  /** @param {string} address */
  function resolve(address) {
    const full = URL.canParse(address, url) ? new URL(address, url) : refuse(`"${address}" is not an address`);
    if (full.origin !== new URL(url).origin) return refuse(`its piece ${full.href} is on another site`);
    return full.href;
  }
  const bytes = count(json, "bytes", MAX_BYTES);
  const sum = pieces.reduce((total, piece) => total + piece.bytes, 0);
  if (sum !== bytes) return refuse(`its pieces add up to ${sum} bytes, and "bytes" says ${bytes}`);
  return {
    name: string(json, "name", 200),
    title: string(json, "title", 500),
    licence: string(json, "licence", 200),
    dtype: string(json, "dtype", 20),
    id: optional("id", string, 200),
    revision: optional("revision", string, 100),
    parameters: count(json, "parameters", 1e11),
    imageParameters: optional("image_parameters", count, 1e11),
    textParameters: optional("text_parameters", count, 1e11),
    bytes,
    sha256: hash(json),
    pieces,
  };
}

/**
 * The names in the site's `index.json`.
 *
 * @param {string} text
 * @param {string} url
 * @returns {string[]}
 */
export function parseIndex(text, url) {
  const names = readJson(text);
  if (!Array.isArray(names) || names.length > 1000 || !names.every(isModelName)) {
    throw failure("ModelError", `The list of models at ${url} can't be used: it must be a JSON list of names.`);
  }
  return names;
}

/**
 * A model of the site is named as its folder is: letters, digits, dots, dashes, underscores.
 *
 * @param {unknown} value
 * @returns {value is string}
 */
export function isModelName(value) {
  return typeof value === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(value) && !/\.(gguf|json|safetensors|zip)$/i.test(value);
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {string} text @returns {unknown} null where it is not JSON */
function readJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
