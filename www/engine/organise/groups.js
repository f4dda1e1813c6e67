/** Clusters in every fineness, and a map. The types and their meaning are in semblance.d.ts. */
import { checkOptions, checkSeed } from "../api/check.js";
import { failure } from "../errors.js";
import { connectOrganise } from "./client.js";
import { forget, gathered } from "./inputs.js";
import { termRows, termsOf } from "./tags.js";

/** @typedef {import("../../../semblance.js").PictureIndex} PictureIndex */
/** @typedef {import("../../../semblance.js").Semblance} Clip */

/** Of the work of grouping, gathering is so much, and words for names so much more. */
const GATHERING = 0.1;
const WORDS = 0.3;

export class Grouping {
  #client;
  #vectors;
  #opened;
  #ids;
  #words;
  #freed = false;

  /** @param {ReturnType<typeof connectOrganise>} client @param {number} vectors @param {{ handle: number, most: number, suggested: number }} opened @param {Uint32Array} ids @param {string[]} words */
  constructor(client, vectors, opened, ids, words) {
    this.#client = client;
    this.#vectors = vectors;
    this.#opened = opened;
    this.#ids = ids;
    this.#words = words;
  }

  get ids() {
    return this.#ids.slice();
  }

  get most() {
    return this.#opened.most;
  }

  get suggested() {
    return this.#opened.suggested;
  }

  /** @param {number} count @returns {Promise<import("../../../semblance.js").PictureGroup[]>} */
  async cut(count) {
    if (!Number.isInteger(count) || count < 1 || count > this.most) throw new TypeError(`count must be a whole number from 1 to ${this.most}`);
    if (this.#freed) throw failure("EngineError", "These groups were freed. Make them again.");
    const groups = await this.#client.call("cut", { handle: this.#opened.handle, count });
    const idsOf = (/** @type {ArrayLike<number>} */ places) => Array.from(places, (place) => this.#ids[place]);
    return groups.map(({ pictures, central, names }) => ({ ids: Uint32Array.from(idsOf(pictures)), central: idsOf(central), names: names.map((name) => this.#words[name]) }));
  }

  free() {
    if (this.#freed) return;
    this.#freed = true;
    for (const handle of [this.#opened.handle, this.#vectors]) this.#client.call("free", { handle }).catch(() => {});
  }
}

/**
 * @param {{ index: PictureIndex, clip: Clip | undefined }} library
 * @param {import("../../../semblance.js").GroupOptions} [options]
 */
export async function groups({ index, clip }, options) {
  const { words, template, where, seed, signal, onProgress } = checkOptions(options, "groups");
  const named = !(Array.isArray(words) && words.length === 0);
  if (named && !clip) throw failure("EngineError", "This library was opened without a model: groups have no names there. Give `words: []`.");
  const client = connectOrganise();
  const ids = await index.ids(where);
  if (ids.length === 0) throw failure("EngineError", "There are no pictures to group.");
  const { dim: width } = await index.stats();
  const tell = (/** @type {number} */ share) => onProgress?.(share, 1);
  /** @type {{ ordered: { word: string }[], rows: Float32Array }} */
  let terms = { ordered: [], rows: new Float32Array(0) };
  if (named && clip) {
    const all = words === undefined ? await client.call("vocabulary", { model: clip.info().model.name }) : termsOf(words, template);
    terms = await termRows(clip, all, { signal, onProgress: (done, total) => tell((WORDS * done) / total) });
  }
  const begun = named ? WORDS : 0;
  const vectors = await gathered({ index, width, ids }, { signal, onProgress: (done, total) => tell(begun + (GATHERING * done) / total) });
  try {
    const rest = begun + GATHERING;
    const opened = await client.call("groups", { handle: vectors, terms: terms.rows, seed: checkSeed(seed) }, { signal, onProgress: (share) => tell(rest + (1 - rest) * share) });
    return new Grouping(client, vectors, opened, ids, terms.ordered.map(({ word }) => word));
  } catch (thrown) {
    forget(vectors);
    throw thrown;
  }
}

/**
 * @param {{ index: PictureIndex }} library
 * @param {import("../../../semblance.js").MapOptions} [options]
 * @returns {Promise<import("../../../semblance.js").PictureMap>}
 */
export async function map({ index }, options) {
  const { where, seed, onPlaces, signal, onProgress } = checkOptions(options, "map");
  const ids = await index.ids(where);
  if (ids.length === 0) throw failure("EngineError", "There are no pictures for a map.");
  const { dim: width } = await index.stats();
  const client = connectOrganise();
  const vectors = await gathered({ index, width, ids }, { signal, onProgress: (done, total) => onProgress?.((GATHERING * done) / total, 1) });
  let told = 0;
  try {
    const places = await client.call("map", { handle: vectors, seed: checkSeed(seed) }, {
      signal,
      onProgress: ({ share, places }) => {
        onProgress?.(GATHERING + (1 - GATHERING) * share, 1);
        // The first ones are the principal components'.
        if (places) onPlaces?.(spread(ids, places, told++ === 0 ? "principal-components" : "neighbours"));
      },
    });
    return spread(ids, places, "neighbours");
  } finally {
    forget(vectors);
  }
}

/**
 * Into -1 to 1, the longer side all of it.
 *
 * @param {Uint32Array} ids @param {Float32Array} places @param {"principal-components" | "neighbours"} method
 */
function spread(ids, places, method) {
  const [x, y] = [0, 1].map((axis) => Float32Array.from(ids, (_, i) => places[2 * i + axis]));
  const ends = (/** @type {Float32Array} */ numbers) => numbers.reduce(([low, high], number) => [Math.min(low, number), Math.max(high, number)], [Infinity, -Infinity]);
  const [[left, right], [top, bottom]] = [ends(x), ends(y)];
  const scale = 2 / Math.max(right - left, bottom - top, 1e-9);
  return { ids, x: x.map((number) => (number - (left + right) / 2) * scale), y: y.map((number) => (number - (top + bottom) / 2) * scale), method };
}
