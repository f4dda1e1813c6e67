/** The public API's arguments, checked where they come in. Wrong types are `TypeError`s: faults of the calling code. */
import { BUILDS } from "./builds.js";
import { failure } from "./errors.js";
import { checkModelHost } from "./hosts.js";
import { isModelName } from "./manifest.js";

/** @typedef {import("../../semblance.js").LoadOptions} LoadOptions */
/** @typedef {import("./protocol.js").ModelSource} ModelSource */

/** What a model computes in. @type {readonly import("../../semblance.js").Compute[]} */
const COMPUTES = ["int8", "f32"];
/** @type {readonly import("../../semblance.js").Towers[]} */
const TOWERS = ["both", "image", "text"];

/**
 * @template {object} T
 * @param {T | undefined} options
 * @param {string} verb
 * @returns {T}
 */
export function checkOptions(options, verb) {
  if (options === undefined) return /** @type {T} */ ({});
  if (typeof options !== "object" || options === null) throw new TypeError(`${verb}: options must be an object`);
  const { signal, onProgress } = /** @type {Record<string, unknown>} */ (options);
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw new TypeError(`${verb}: signal must be an AbortSignal`);
  if (onProgress !== undefined && typeof onProgress !== "function") throw new TypeError(`${verb}: onProgress must be a function`);
  return options;
}

/**
 * @param {unknown} texts
 * @param {string} name of the argument
 * @returns {string[]} a copy: the caller's array may change while the worker works
 */
export function checkTexts(texts, name) {
  if (!Array.isArray(texts) || !texts.every((text) => typeof text === "string")) {
    throw new TypeError(`${name} must be an array of strings`);
  }
  if (texts.length === 0) throw failure("TextError", `${name} is empty: give at least one.`);
  return [...texts];
}

/**
 * @param {unknown} template
 * @returns {string}
 */
export function checkTemplate(template = "{}") {
  if (typeof template !== "string") throw new TypeError("template must be a string");
  if (!template.includes("{}")) throw failure("TextError", `The template "${template}" has no {} to put the label in.`);
  return template;
}

/**
 * @param {unknown} vector
 * @param {number} length the model's
 * @returns {vector is Float32Array}
 */
export function isEmbedding(vector, length) {
  if (!(vector instanceof Float32Array)) return false;
  if (vector.length === length) return true;
  throw failure("ModelError", `This embedding has ${vector.length} numbers, and this model's have ${length}: another model made it.`);
}

/**
 * @param {unknown} model
 * @returns {ModelSource}
 */
export function checkModel(model = "pocket") {
  if (model instanceof Blob) return { file: model };
  if (isModelName(model)) return { name: model };
  if (model instanceof URL || (typeof model === "string" && /[:/]|\.(gguf|json)$/i.test(model))) {
    const url = URL.canParse(model, document.baseURI) ? new URL(model, document.baseURI) : null;
    if (!url || !/^https?:$/.test(url.protocol)) {
      throw failure("ModelError", `"${String(model).slice(0, 200)}" is not the address of a model: it must begin with https:// or http://.`);
    }
    checkModelHost(url.href);
    return { url: url.href };
  }
  throw new TypeError("model must be a model's name, the address of a bundle, or a .gguf file");
}

/**
 * How a model is to compute.
 *
 * @param {Pick<LoadOptions, "dtype" | "towers" | "build" | "threads" | "keepTexts">} options
 */
export function checkEngine({ dtype = "int8", towers = "both", build, threads, keepTexts = true }) {
  if (!COMPUTES.includes(dtype)) throw new TypeError(`dtype must be one of ${quoted(COMPUTES)}`);
  if (!TOWERS.includes(towers)) throw new TypeError(`towers must be one of ${quoted(TOWERS)}`);
  if (build !== undefined && !BUILDS.includes(build)) throw new TypeError(`build must be one of ${quoted(BUILDS)}`);
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) throw new TypeError("threads must be a whole number from 1 on");
  if (typeof keepTexts !== "boolean") throw new TypeError("keepTexts must be true or false");
  return { dtype, towers, keepTexts, choice: { build, threads } };
}

/** @param {readonly string[]} words */
const quoted = (words) => words.map((word) => `"${word}"`).join(", ");
