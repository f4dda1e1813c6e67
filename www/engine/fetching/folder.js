/** Which files of a Hugging Face model folder are the model. */
import { failure } from "../errors.js";

/** Texts that the engine reads; those that exist. */
export const ENGINE_TEXTS = ["config.json", "open_clip_config.json", "preprocessor_config.json", "tokenizer.json", "vocab.json", "merges.txt"];
/** Which weights are in which file, of weights in several. */
const INDEX = "model.safetensors.index.json";
/** In the order of preference. */
const WEIGHTS = ["model.safetensors", INDEX, "open_clip_model.safetensors"];

/** A text can be read at once, weights can't. @param {string} name */
export function isText(name) {
  return /\.(json|txt)$/.test(name);
}

/** @param {Map<string, string>} texts by name */
export function engineTexts(texts) {
  return new Map([...texts].filter(([name]) => ENGINE_TEXTS.includes(name)));
}

/** @param {string[]} names in the folder itself */
export function hasWeights(names) {
  return names.some((name) => WEIGHTS.includes(name));
}

/**
 * The files of the model, texts first, weights in their order.
 *
 * @param {string[]} names in the folder itself
 * @param {string} folder for messages
 * @param {(name: string) => Promise<string>} readText
 * @param {string} [only] weights that someone asked for by name
 * @returns {Promise<string[]>}
 */
export async function chooseFiles(names, folder, readText, only) {
  const others = names.filter((name) => name.endsWith(".safetensors"));
  const weights = only ?? WEIGHTS.find((name) => names.includes(name)) ?? (others.length === 1 ? others[0] : undefined);
  if (weights === undefined) {
    const what = others.length > 0 ? `${others.length} safetensors files and none of the usual name` : "no weights in the safetensors format";
    throw failure("ModelError", `${folder} has ${what} (${WEIGHTS.join(", ")}).`);
  }
  const texts = ENGINE_TEXTS.filter((name) => names.includes(name));
  if (!texts.includes("config.json") && !texts.includes("open_clip_config.json")) {
    throw failure("ModelError", `${folder} has weights and no config.json, which says what kind of model they are.`);
  }
  if (weights !== INDEX) return [...texts, weights];
  const shards = shardsOf(await readText(INDEX), folder);
  const missing = shards.filter((shard) => !names.includes(shard));
  if (missing.length > 0) throw failure("ModelError", `${folder} lacks ${missing.join(", ")}, which ${INDEX} names.`);
  return [...texts, INDEX, ...shards];
}

/** @param {string} text @param {string} folder @returns {string[]} */
function shardsOf(text, folder) {
  let map;
  try {
    map = JSON.parse(text).weight_map;
  } catch {
    map = null;
  }
  const names = map && typeof map === "object" ? [...new Set(Object.values(map))] : [];
  const sound = names.length > 0 && names.length <= 1000 && names.every((name) => typeof name === "string" && /^[\w.-]+\.safetensors$/.test(name));
  if (!sound) throw failure("ModelError", `${INDEX} of ${folder} can't be used: its "weight_map" must name a safetensors file for each tensor.`);
  return names.sort();
}

/** Nothing but the model itself: what archives and operating systems add is left out. @param {string} path */
export function isOwn(path) {
  return !/(^|\/)(__MACOSX|\.[^/]*)(\/|$)/.test(path) && !path.endsWith("/");
}

/**
 * What lies in the folder itself, which may lie in one of its own.
 *
 * @template {{ path: string }} T
 * @param {T[]} files
 * @returns {{ name: string, file: T }[]}
 */
export function inFolder(files) {
  const own = files.filter(({ path }) => isOwn(path));
  const [top] = own[0]?.path.split("/") ?? [];
  const nested = own.length > 0 && own.every(({ path }) => path.startsWith(`${top}/`));
  return own
    .map((file) => ({ name: nested ? file.path.slice(top.length + 1) : file.path, file }))
    .filter(({ name }) => !name.includes("/"));
}
