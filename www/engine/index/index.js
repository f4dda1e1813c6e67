/** A library of pictures that is searched by words and by pictures. The types and their meaning are in semblance.d.ts. */
import { checkOptions, checkTemplate, isEmbedding } from "../api/check.js";
import { failure } from "../errors.js";
import { isImageSource } from "../pictures/source.js";
import { importAt } from "../../site.js";
import { addPictures } from "./adding.js";
import { connectIndex } from "./client.js";
import { filterOf, sourcesOf } from "./inputs.js";

export { openZip } from "./inputs.js";

/** @typedef {import("../../../semblance.js").Semblance} Clip */
/** @typedef {import("../../../semblance.js").ImageSource} ImageSource */
/** @typedef {import("../../../semblance.js").IndexOptions} IndexOptions */
/** @typedef {import("../../../semblance.js").AddOptions} AddOptions */
/** @typedef {import("../../../semblance.js").SearchQuery} SearchQuery */
/** @typedef {import("../../../semblance.js").SearchImage} SearchImage */
/** @typedef {import("../../../semblance.js").SearchHit} SearchHit */
/** @typedef {import("../../../semblance.js").SearchFilter} SearchFilter */
/** @typedef {import("../../../semblance.js").Ranking} Ranking */
/** @typedef {import("./client.js").IndexClient} IndexClient */
/** @typedef {import("./protocol.js").Info} Info */
/** @typedef {import("./adding.js").EmbedFile} EmbedFile */

/** Hits that a search gives unless it is asked for more or fewer. */
const HITS = 50;
const HITS_AT_MOST = 0xffff_ffff;
const FORMATS = ["library", "npy", "safetensors", "parquet"];
/** What is kept of a name. */
const NAME_AT_MOST = 100;

export class PictureIndex {
  #client;
  #handle;
  #name;
  #clip;
  #embed;
  #neutral;
  #closed = false;
  /** One after another: both would go through the same folder. @type {Promise<unknown>} */
  #adding = Promise.resolve();

  /**
   * @param {IndexClient} client
   * @param {number} handle
   * @param {string} name
   * @param {Clip | undefined} clip
   * @param {EmbedFile} embed
   * @param {string[]} neutral captions
   */
  constructor(client, handle, name, clip, embed, neutral) {
    this.#neutral = neutral;
    this.#client = client;
    this.#handle = handle;
    this.#name = name;
    this.#clip = clip;
    this.#embed = embed;
  }

  /**
   * @param {string} name
   * @param {IndexOptions} options
   * @param {EmbedFile} [embed] of the model
   */
  static async open(name, { model, exact = false }, embed = withoutModel) {
    const client = connectIndex();
    const { hash, embedding } = model?.info().model ?? {};
    const header = hash && embedding ? { dim: embedding, exact, model: hash } : null;
    const { handle, neutral } = await client.call("open", { name: checkName(name), header });
    return new PictureIndex(client, handle, name, model, embed, neutral);
  }

  get name() {
    return this.#name;
  }

  /** @param {Parameters<typeof sourcesOf>[0]} pictures @param {AddOptions} [options] */
  add(pictures, options) {
    const { folder = null, signal, onProgress } = checkOptions(options, "add");
    if (folder !== null && (typeof folder !== "string" || folder === "" || folder.endsWith("/"))) throw new TypeError("folder must be a name, without a / at its end");
    const needs = { client: this.#client, handle: this.#held(), embed: this.#embed };
    const added = this.#adding.then(async () => addPictures(needs, await sourcesOf(pictures, folder), { folder, signal, onProgress }));
    this.#adding = added.catch(() => {});
    return added;
  }

  /** @param {SearchQuery} query @returns {Promise<SearchHit[]>} */
  async search(query) {
    return this.#hits(await this.rank(query));
  }

  /** @param {SearchQuery} query @returns {Promise<Ranking>} */
  async rank(query) {
    if (typeof query !== "object" || query === null) throw new TypeError("search: the query must be an object");
    const { text, image, minus, weights, k = HITS, where, template, signal } = query;
    const filter = filterOf(where);
    /** Positive first. @type {{ part: string | SearchImage, sign: 1 | -1 }[]} */
    const parts = [...listOf(text), ...listOf(image)].map((part) => ({ part, sign: /** @type {1} */ (1) }));
    const against = listOf(minus).map((part) => ({ part, sign: /** @type {-1} */ (-1) }));
    const all = [...parts, ...against];
    if (all.length === 0) throw failure("TextError", "There is nothing to search for: give a text or a picture.");
    if (weights !== undefined && (!Array.isArray(weights) || weights.length !== all.length || !weights.every((weight) => Number.isFinite(weight) && weight >= 0))) {
      throw new TypeError("weights must be numbers from 0 on, one for each text and picture, in the order text, image, minus");
    }
    const handle = this.#held();
    const vectors = await Promise.all(all.map(({ part }) => this.#vectorOf(part, checkTemplate(template), signal)));
    const width = vectors[0].length;
    const rows = new Float32Array(width * all.length);
    vectors.forEach((vector, i) => rows.set(vector, i * width));
    signal?.throwIfAborted();
    const signed = Float32Array.from(all, ({ sign }, i) => sign * (weights?.[i] ?? 1));
    // Neutral captions are rivals of words alone: beside pictures, or of several together, they say nothing.
    const neutral = parts.length === 1 && all.length === 1 && typeof parts[0].part === "string" ? await this.#neutralVectors(signal) : null;
    return this.#client.call("rank", { handle, parts: rows, weights: signed, neutral, k: countOf(k), where: filter, without: [] });
  }

  /** @param {number} id @param {{ k?: number, where?: SearchQuery["where"] }} [options] */
  async similarTo(id, { k = HITS, where } = {}) {
    const handle = this.#held();
    const parts = /** @type {Float32Array<ArrayBuffer>} */ (await this.#client.call("vector", { handle, id }));
    return this.#hits(await this.#client.call("rank", { handle, parts, weights: Float32Array.of(1), neutral: null, k: countOf(k), where: filterOf(where), without: [id] }));
  }

  /** @param {Ranking} ranking @returns {Promise<SearchHit[]>} */
  async #hits({ ids, cosines, standsOut }) {
    const facts = await this.facts(ids);
    return facts.map((picture, i) => ({ ...picture, cosine: cosines[i], standsOut: standsOut[i] }));
  }

  /** @param {SearchFilter} [where] */
  ids(where) {
    return this.#call("ids", { where: filterOf(where) });
  }

  /** @param {ArrayLike<number>} ids */
  facts(ids) {
    return this.#call("facts", { ids: Uint32Array.from(ids) });
  }

  /** @param {ArrayLike<number>} ids */
  vectors(ids) {
    return this.#call("vectors", { ids: Uint32Array.from(ids) });
  }

  folders() {
    return this.#call("folders", {});
  }

  /** @param {number} id @param {{ count?: number }} [options] */
  neighbours(id, { count = 24 } = {}) {
    return this.#call("neighbours", { id, count });
  }

  /** @param {number | number[]} ids */
  async remove(ids) {
    await this.#client.call("remove", { handle: this.#held(), ids: listOf(ids) });
  }

  async stats() {
    return this.#client.call("info", { handle: this.#held() });
  }

  /** @param {{ from?: number, count?: number }} [options] */
  async list({ from = 0, count = 100 } = {}) {
    return this.#client.call("list", { handle: this.#held(), from, count });
  }

  /** @param {number} id */
  async thumbnail(id) {
    return this.#client.call("thumbnail", { handle: this.#held(), id });
  }

  /** @param {import("../../../semblance.js").IndexFormat} format */
  async export(format) {
    if (!FORMATS.includes(format)) throw new TypeError(`format must be one of ${FORMATS.join(", ")}`);
    return this.#call("export", { format });
  }

  /** @param {import("../../../semblance.js").TagOptions} [options] */
  async tag(options) {
    return (await organising()).tag(this.#library(), options);
  }

  /** @param {import("../../../semblance.js").GroupOptions} [options] */
  async groups(options) {
    this.#held();
    return (await organising()).groups({ index: this, clip: this.#clip }, options);
  }

  /** @param {import("../../../semblance.js").MapOptions} [options] */
  async map(options) {
    this.#held();
    return (await organising()).map({ index: this }, options);
  }

  /** @param {import("../../../semblance.js").DuplicateOptions} [options] */
  async duplicates(options) {
    this.#held();
    return (await organising()).duplicates({ index: this }, options);
  }

  /** @param {import("../../../semblance.js").Rule[]} rules @param {import("../../../semblance.js").ModerateIndexOptions} [options] */
  async moderate(rules, options) {
    return (await organising()).moderateIndex(this.#library(), rules, options);
  }

  /** @param {import("../../../semblance.js").FacetGroup[]} groups @param {import("../../../semblance.js").FacetOptions} [options] */
  async facets(groups, options) {
    return (await organising()).facets(this.#library(), groups, options);
  }

  /** @param {string[]} products @param {import("../../../semblance.js").GapOptions} [options] */
  async gaps(products, options) {
    return (await organising()).gaps(this.#library(), products, options);
  }

  async close() {
    if (this.#closed) return;
    const handle = this.#held();
    this.#closed = true;
    await this.#adding;
    await this.#client.call("close", { handle });
  }

  /**
   * @template {import("./protocol.js").Verb} V
   * @param {V} verb
   * @param {Omit<import("./protocol.js").Calls[V]["args"], "handle">} args
   * @returns {Promise<import("./protocol.js").Calls[V]["ok"]>}
   */
  async #call(verb, args) {
    return this.#client.call(verb, /** @type {any} */ ({ handle: this.#held(), ...args }));
  }

  /** With the model, which words are embedded with. */
  #library() {
    this.#held();
    if (!this.#clip) throw failure("EngineError", withoutModelSaid);
    return { index: this, clip: this.#clip };
  }

  #held() {
    if (this.#closed) throw failure("EngineError", `The library “${this.#name}” was closed. Open it again.`);
    return this.#handle;
  }

  /** One after another. @param {AbortSignal} [signal] */
  async #neutralVectors(signal) {
    if (!this.#clip) return null;
    const vectors = await this.#clip.embedTexts(this.#neutral, { template: "{}", signal });
    const rows = new Float32Array(vectors.length * vectors[0].length);
    vectors.forEach((vector, i) => rows.set(vector, i * vector.length));
    return rows;
  }

  /** @param {string | SearchImage} part @param {string} template @param {AbortSignal} [signal] @returns {Promise<Float32Array>} */
  async #vectorOf(part, template, signal) {
    if (typeof part === "object" && "id" in part && !isImageSource(part)) return this.#client.call("vector", { handle: this.#held(), id: part.id });
    const clip = this.#clip;
    if (part instanceof Float32Array && !clip) return part;
    if (!clip) return withoutModel();
    if (typeof part === "string") return (await clip.embedTexts([part], { template, signal }))[0];
    if (isEmbedding(part, clip.info().model.embedding)) return /** @type {Float32Array} */ (part);
    return (await clip.embedImages([/** @type {ImageSource} */ (part)], { signal }))[0];
  }
}

const withoutModelSaid = "This library was opened without a model: it can be looked at, and searched by its own pictures or by embeddings.";

/** @returns {Promise<never>} */
async function withoutModel() {
  throw failure("EngineError", withoutModelSaid);
}

/** What brings order into libraries: a script of its own, fetched when somebody organises. @returns {Promise<typeof import("../organise/organise.js")>} */
const organising = () => importAt("www/engine/organise/organise.js");

/** Names of those in this browser's storage. */
export function indexes() {
  return connectIndex().call("names", {});
}

/**
 * @param {File} file
 * @param {{ name?: string, exact?: boolean }} options
 * @returns {Promise<string>} its name
 */
export async function importIndex(file, { name, exact = false }) {
  if (!(file instanceof File)) throw new TypeError("importIndex: the file must be a File");
  const called = checkName(name ?? file.name.replace(/(\.(semblance|npy|safetensors))?\.(zip|parquet)$/i, ""));
  await connectIndex().call("import", { name: called, file, exact });
  return called;
}

/** @param {string} name */
export async function deleteIndex(name) {
  await connectIndex().call("delete", { name: checkName(name) });
}

/** @param {unknown} name */
function checkName(name) {
  if (typeof name !== "string" || name.trim() === "" || name.length > NAME_AT_MOST) throw new TypeError(`an index's name must be a text of 1 to ${NAME_AT_MOST} characters`);
  return name;
}

/** @param {number} k */
function countOf(k) {
  if (k === Infinity) return HITS_AT_MOST;
  if (!Number.isInteger(k) || k < 1 || k > HITS_AT_MOST) throw new TypeError(`k must be a whole number from 1 to ${HITS_AT_MOST}, or Infinity`);
  return k;
}

/** @template T @param {T | readonly T[] | undefined} one @returns {T[]} */
function listOf(one) {
  return one === undefined ? [] : Array.isArray(one) ? [...one] : [/** @type {T} */ (one)];
}
