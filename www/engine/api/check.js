/** The public API's arguments, checked where they come in. Wrong types are `TypeError`s: faults of the calling code. */
import { BUILDS } from "../running/builds.js";
import { failure } from "../errors.js";
import { checkModelHost, HUB } from "../fetching/hosts.js";
import { repositoryAt } from "../fetching/hub.js";
import { isModelName, manifestUrl } from "../fetching/manifest.js";
import { WITH } from "./protocol.js";

/** @typedef {import("../../../semblance.js").LoadOptions} LoadOptions */
/** @typedef {import("./protocol.js").ModelSource} ModelSource */

/** What a model computes in. @type {readonly import("../../../semblance.js").Compute[]} */
const COMPUTES = ["int8", "f32"];
/** @type {readonly import("../../../semblance.js").Towers[]} */
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
  const blank = texts.findIndex((text) => text.trim() === "");
  if (blank >= 0) throw failure("TextError", `${name}[${blank}] is blank: there is nothing in it to compare a picture with.`);
  return [...texts];
}

/**
 * Labels, each a text or several words for the same.
 *
 * @param {unknown} labels
 * @param {string} name of the argument
 * @returns {string[]} words of one label joined by `WITH`
 */
export function checkLabels(labels, name) {
  if (!Array.isArray(labels)) throw new TypeError(`${name} must be an array`);
  const words = labels.map((label) => (Array.isArray(label) ? label : [label]));
  if (!words.flat().every((word) => typeof word === "string")) throw new TypeError(`${name} must be strings, or arrays of them`);
  if (labels.length === 0) throw failure("TextError", `${name} is empty: give at least one.`);
  const blank = words.findIndex((label) => label.length === 0 || label.some((/** @type {string} */ word) => word.trim() === ""));
  if (blank >= 0) throw failure("TextError", `${name}[${blank}] is blank: there is nothing in it to compare a picture with.`);
  return words.map((label) => label.join(WITH));
}

/**
 * @param {unknown} template one, or several whose vectors are averaged
 * @returns {string[]}
 */
export function checkTemplates(template = "{}") {
  const templates = Array.isArray(template) ? [...template] : [template];
  if (templates.length === 0) throw failure("TextError", "There is no template: give at least one.");
  return templates.map(checkTemplate);
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
 * @param {unknown} hub
 * @returns {ModelSource}
 */
export function checkModel(model = "pocket", hub = HUB) {
  if (model instanceof Blob || Array.isArray(model)) return { kind: "files", files: checkFiles(model) };
  const base = checkHub(hub);
  const text = typeof model === "string" ? model : "";
  const [, id] = /^stored:([0-9a-f]{32})$/.exec(text) ?? [];
  if (id) return { kind: "stored", id };
  const [, repository, revision = "main"] = REPOSITORY.exec(text) ?? [];
  if (repository && !WEIGHTS.test(text)) return { kind: "hub", repository, revision, hub: base };
  if (isModelName(model)) return { kind: "bundle", url: manifestUrl(model) };
  if (isManifest(model)) return { kind: "bundle", url: addressOfModel(model.pieces[0].url).href, manifest: JSON.stringify(model) };
  if (model instanceof URL || (typeof model === "string" && /[:/]|\.(gguf|json|safetensors)$/i.test(model))) {
    const url = addressOfModel(model);
    return repositoryAt(url.href) ?? { kind: url.pathname.endsWith(".json") ? "bundle" : "link", url: url.href };
  }
  throw new TypeError("model must be a model's name, a repository's id, the address of a model, its manifest, or files");
}

/** @param {string | URL} text */
function addressOfModel(text) {
  const url = URL.canParse(text, document.baseURI) ? new URL(text, document.baseURI) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw failure("ModelError", `"${String(text).slice(0, 200)}" is not the address of a model: it must begin with https:// or http://.`);
  }
  checkModelHost(url.href);
  return url;
}

/** The rest of it is checked where it is read. @type {(model: unknown) => model is import("../../../semblance.js").ModelManifest} */
const isManifest = (model) => typeof (/** @type {any} */ (model)?.pieces?.[0]?.url) === "string";

/** "org/name", and perhaps a revision. */
const REPOSITORY = /^([A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*)(?:@([\w./-]+))?$/;
/** What looks like a repository's id and is a file on this site. */
const WEIGHTS = /\.(gguf|json|safetensors)$/i;

/** @param {unknown} hub @returns {string} */
function checkHub(hub) {
  const url = typeof hub === "string" && URL.canParse(hub, document.baseURI) ? new URL(hub.replace(/\/*$/, "/"), document.baseURI) : null;
  if (!url) throw new TypeError("hub must be an address");
  checkModelHost(url.href);
  return url.href;
}

/**
 * @param {unknown} files one or several
 * @returns {import("./protocol.js").LocalFile[]}
 */
export function checkFiles(files) {
  const all = Array.isArray(files) ? files : [files];
  if (all.length === 0) throw failure("ModelError", "There is no file in what was chosen.");
  if (!all.every((file) => file instanceof Blob)) throw new TypeError("files must be Files or Blobs");
  // The path within a folder doesn't survive the way to the worker by itself.
  return all.map((file) => ({ path: file instanceof File ? file.webkitRelativePath || file.name : "model.gguf", file }));
}

/** Of what is drawn by chance. @param {unknown} seed */
export function checkSeed(seed = 1) {
  if (!Number.isInteger(seed) || Number(seed) < 0 || Number(seed) > 0xffff_ffff) throw new TypeError("seed must be a whole number from 0 to 4294967295");
  return Number(seed);
}

/** @param {unknown} id */
export function checkId(id) {
  if (typeof id !== "string" || !/^[0-9a-f]{32}$/.test(id)) throw new TypeError("id must be a stored model's");
  return id;
}

/**
 * How a model is to compute.
 *
 * @param {Pick<LoadOptions, "dtype" | "towers" | "build" | "threads" | "keepTexts" | "logitScale">} options
 */
export function checkEngine({ dtype = "int8", towers = "both", build, threads, keepTexts = true, logitScale }) {
  if (!COMPUTES.includes(dtype)) throw new TypeError(`dtype must be one of ${quoted(COMPUTES)}`);
  if (!TOWERS.includes(towers)) throw new TypeError(`towers must be one of ${quoted(TOWERS)}`);
  if (build !== undefined && !BUILDS.includes(build)) throw new TypeError(`build must be one of ${quoted(BUILDS)}`);
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) throw new TypeError("threads must be a whole number from 1 on");
  if (typeof keepTexts !== "boolean") throw new TypeError("keepTexts must be true or false");
  if (logitScale !== undefined && !(Number.isFinite(logitScale) && logitScale > 0)) throw new TypeError("logitScale must be a number above 0");
  return { dtype, towers, keepTexts, logitScale, choice: { build, threads } };
}

/** @param {readonly string[]} words */
const quoted = (words) => words.map((word) => `"${word}"`).join(", ");
