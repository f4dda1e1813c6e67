/** Tags of a large vocabulary for all pictures of a library. The types and their meaning are in semblance.d.ts. */
import { checkOptions, checkTemplate } from "../api/check.js";
import { failure } from "../errors.js";
import { connectOrganise } from "./client.js";
import { inPortions, sampleOf } from "./inputs.js";
import { textRows } from "../running/texts.js";

/** @typedef {import("../../../semblance.js").TagOptions} TagOptions */
/** @typedef {import("../../../semblance.js").TagCorrection} TagCorrection */
/** @typedef {import("../../../semblance.js").TagSelection} TagSelection */
/** @typedef {import("../../../semblance.js").VocabularyTerm} VocabularyTerm */

/** As `crates/organise` samples. */
const SAMPLED = 2048;
const TEMPLATE = "a photo of a {}";
/** Words more than anybody lists. */
const WORDS_AT_MOST = 50_000;
const TAGS_AT_MOST = 24;

export class Tagging {
  #client;
  #handle;
  #words;
  #ids;
  /** @type {Map<string, number>} */
  #wordAt;
  /** @type {Map<number, number>} */
  #pictureAt;
  #freed = false;

  /** @param {ReturnType<typeof connectOrganise>} client @param {number} handle @param {VocabularyTerm[]} words @param {Uint32Array} ids */
  constructor(client, handle, words, ids) {
    this.#client = client;
    this.#handle = handle;
    this.#words = words;
    this.#ids = ids;
    this.#wordAt = new Map(words.map(({ word }, at) => [word, at]));
    this.#pictureAt = new Map(Array.from(ids, (id, at) => [id, at]));
  }

  get words() {
    return [...this.#words];
  }

  get ids() {
    return this.#ids.slice();
  }

  /** @param {{ precision?: number, most?: number, corrections?: TagCorrection[] }} [options] @returns {Promise<TagSelection>} */
  async select(options) {
    const { precision = 0.8, most = TAGS_AT_MOST, corrections = [] } = checkOptions(options, "select");
    if (!(precision >= 0 && precision <= 1)) throw new TypeError("precision must be a number from 0 to 1");
    if (!Number.isInteger(most) || most < 1 || most > TAGS_AT_MOST) throw new TypeError(`most must be a whole number from 1 to ${TAGS_AT_MOST}`);
    if (!Array.isArray(corrections)) throw new TypeError("corrections must be an array");
    if (this.#freed) throw failure("EngineError", "These tags were freed. Tag the library again.");
    const placed = corrections.flatMap(({ id, word, right }) => {
      const [picture, at] = [this.#pictureAt.get(id), this.#wordAt.get(word)];
      return picture === undefined || at === undefined ? [] : [{ picture, word: at, right: Boolean(right) }];
    });
    const { counts, words, probabilities, least, expected } = await this.#client.call("select", { handle: this.#handle, aim: precision, most, corrections: placed });
    let at = 0;
    const pictures = Array.from(counts, (count, picture) => {
      const tags = Array.from({ length: count }, (_, i) => ({ word: this.#words[words[at + i]].word, probability: probabilities[at + i] }));
      at += count;
      return { id: this.#ids[picture], tags };
    });
    return { pictures, least, expected };
  }

  free() {
    if (this.#freed) return;
    this.#freed = true;
    this.#client.call("free", { handle: this.#handle }).catch(() => {});
  }
}

/**
 * @param {import("./inputs.js").Library} library
 * @param {TagOptions} [options]
 */
export async function tag({ index, clip }, options) {
  const { words, template, where, signal, onProgress } = checkOptions(options, "tag");
  const client = connectOrganise();
  const { name, embedding: width } = clip.info().model;
  const terms = words === undefined ? await client.call("vocabulary", { model: name }) : termsOf(words, template);
  const ids = await index.ids(where);
  if (ids.length === 0) throw failure("EngineError", "There are no pictures to tag.");
  // Words first: what takes longer the first time and nothing the second.
  const total = terms.length + ids.length;
  const { ordered, rows } = await termRows(clip, terms, { signal, onProgress: (done) => onProgress?.(done, total) });
  const sample = await index.vectors(sampleOf(ids, SAMPLED));
  signal?.throwIfAborted();
  const handle = await client.call("tags", { words: rows, width, sample });
  const tagging = new Tagging(client, handle, ordered, ids);
  try {
    await inPortions(index, ids, (pictures) => client.call("tag", { handle, pictures }), { signal, onProgress: (done) => onProgress?.(terms.length + done, total) });
    return tagging;
  } catch (thrown) {
    tagging.free();
    throw thrown;
  }
}

/**
 * The vectors of words, each in its template.
 *
 * @param {import("../../../semblance.js").Semblance} clip
 * @param {VocabularyTerm[]} terms
 * @param {import("./inputs.js").Way} way
 */
export async function termRows(clip, terms, way) {
  const templates = [...new Set(terms.map(({ template }) => template))];
  const groups = templates.map((template) => ({ template, terms: terms.filter((term) => term.template === template) }));
  const rows = await textRows(clip, groups.map(({ template, terms }) => ({ template, texts: terms.map(({ word }) => word) })), way);
  return { ordered: groups.flatMap(({ terms }) => terms), rows };
}

/** @param {unknown} words @param {unknown} template @returns {VocabularyTerm[]} */
export function termsOf(words, template) {
  if (!Array.isArray(words) || words.length === 0 || words.length > WORDS_AT_MOST) throw new TypeError(`words must be an array of 1 to ${WORDS_AT_MOST}`);
  const all = words.map((word) => {
    const term = typeof word === "string" ? { word, kind: "own", template: checkTemplate(template ?? TEMPLATE) } : word;
    if (typeof term?.word !== "string" || term.word.trim() === "") throw failure("TextError", "One of the words is blank.");
    return { word: term.word.trim(), kind: term.kind ?? "own", template: checkTemplate(term.template ?? template ?? TEMPLATE) };
  });
  return /** @type {VocabularyTerm[]} */ ([...new Map(all.map((term) => [term.word, term])).values()]);
}

/** A file's text for each picture's tags. @param {string[][]} tags @returns {Promise<string[]>} */
export async function sidecars(tags) {
  if (!Array.isArray(tags) || !tags.every((some) => Array.isArray(some) && some.every((tag) => typeof tag === "string"))) throw new TypeError("tags must be an array of arrays of strings");
  return connectOrganise().call("sidecars", { tags });
}
