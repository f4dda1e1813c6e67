/** Descriptions, and answers to questions, with a CLIP alone: a script of its own. The types and their meaning are in semblance.d.ts. */
import { checkOptions, checkTexts } from "../api/check.js";
import { textRows } from "../running/texts.js";
import { connectDescribe } from "./client.js";

/** @typedef {import("../../../semblance.js").Semblance} Clip */
/** @typedef {import("../../../semblance.js").ImageInput} ImageInput */
/** @typedef {import("../../../semblance.js").Phrase} Phrase */
/** @typedef {import("../../../semblance.js").Question} Question */
/** @typedef {import("../../../semblance.js").DescribeOptions} DescribeOptions */
/** @typedef {import("../../../semblance.js").AskOptions} AskOptions */

/** @type {readonly import("../../../semblance.js").DescribeMode[]} */
const MODES = ["fast", "best", "negative"];
/** @type {readonly import("../../../semblance.js").PhraseBank[]} */
const BANKS = ["subject", "attribute", "action", "place", "light", "medium", "style", "own"];
const PHRASES_AT_MOST = 50_000;
const ANSWERS_AT_MOST = 1000;

/** The phrases that a model was last given, ready to describe. @type {WeakMap<Clip, { key: string, phrases: Phrase[], handle: Promise<number> }>} */
const ready = new WeakMap();

/** Those that a model knows, or all. @param {Clip} [clip] */
export function phrases(clip) {
  return connectDescribe().call("phrases", { model: clip?.info().model.name ?? null });
}

/**
 * @param {Clip} clip
 * @param {(signal?: AbortSignal) => Promise<Float32Array>} embed the picture
 * @param {DescribeOptions} [options]
 */
export async function describe(clip, embed, options) {
  const { mode = "best", beam = 3, max = 8, banks, without = [], signal, onProgress } = checkOptions(options, "describe");
  if (!MODES.includes(mode)) throw new TypeError(`mode must be one of ${MODES.join(", ")}`);
  if (!Number.isInteger(beam) || beam < 1 || beam > 16) throw new TypeError("beam must be a whole number from 1 to 16");
  if (!Number.isInteger(max) || max < 1 || max > 32) throw new TypeError("max must be a whole number from 1 to 32");
  if (!Array.isArray(without)) throw new TypeError("without must be an array of phrases");
  const given = banks === undefined ? await phrases(clip) : phrasesOf(banks);
  const { handle, phrases: known } = await describer(clip, given, { signal, onProgress });
  const image = await embed(signal);
  const out = new Set(without);
  const places = known.flatMap(({ phrase }, at) => (out.has(phrase) ? [at] : []));
  const { parts, text, cosine } = await connectDescribe().call("describe", { handle, image, options: { mode, beam, max, without: places } }, { signal });
  return { phrases: parts.map(({ phrase, gain }) => ({ ...known[phrase], gain })), text, cosine };
}

/**
 * The phrases' vectors, computed once for a model, and again where others are given.
 *
 * @param {Clip} clip
 * @param {Phrase[]} phrases
 * @param {import("../running/texts.js").Way} way
 */
async function describer(clip, phrases, way) {
  const key = JSON.stringify(phrases);
  const before = ready.get(clip);
  if (before?.key === key) {
    try {
      return { handle: await before.handle, phrases };
    } catch {
      // Whoever asked first gave it up; this one goes on where it ended.
    }
  }
  const client = connectDescribe();
  const handle = (async () => {
    const prompts = await client.call("prompts", { phrases });
    const vectors = await textRows(clip, [{ texts: prompts, template: "{}" }], way);
    return client.call("describer", { phrases, vectors, width: clip.info().model.embedding });
  })();
  const entry = { key, phrases, handle };
  ready.set(clip, entry);
  try {
    const made = await handle;
    before?.handle.then((old) => client.call("free", { handle: old })).catch(() => {});
    return { handle: made, phrases };
  } catch (thrown) {
    if (ready.get(clip) === entry) before ? ready.set(clip, before) : ready.delete(clip);
    throw thrown;
  }
}

/** @param {unknown} banks @returns {Phrase[]} each phrase once */
function phrasesOf(banks) {
  if (!Array.isArray(banks) || banks.length === 0 || banks.length > PHRASES_AT_MOST) throw new TypeError(`banks must be an array of 1 to ${PHRASES_AT_MOST} phrases`);
  /** @type {Map<string, Phrase>} */
  const all = new Map();
  for (const one of banks) {
    const { phrase, bank } = typeof one === "string" ? { phrase: one, bank: /** @type {const} */ ("own") } : (one ?? {});
    if (typeof phrase !== "string" || !BANKS.includes(bank)) throw new TypeError(`A phrase must be a text, or { phrase, bank } with one of the banks ${BANKS.join(", ")}`);
    const [text] = checkTexts([phrase.trim()], "banks");
    if (!all.has(text)) all.set(text, { phrase: text, bank });
  }
  return [...all.values()];
}

/**
 * What a question is made into.
 *
 * @param {unknown} question
 * @param {{ answers?: readonly string[], template?: string, model?: Clip }} [options]
 * @returns {Promise<Question>}
 */
export async function readQuestion(question, options) {
  const { answers = [], template, model } = checkOptions(options, "readQuestion");
  if (typeof question !== "string") throw new TypeError("question must be a string");
  if (template !== undefined && typeof template !== "string") throw new TypeError("template must be a string");
  if (!Array.isArray(answers) || answers.length > ANSWERS_AT_MOST) throw new TypeError(`answers must be an array of at most ${ANSWERS_AT_MOST} texts`);
  const own = answers.length > 0 ? checkTexts(answers, "answers") : [];
  return connectDescribe().call("read", { question, answers: own, template: template ?? null, model: model?.info().model.name ?? null });
}

/**
 * @param {Clip} clip
 * @param {(signal?: AbortSignal) => Promise<Float32Array>} embed the picture
 * @param {string} question
 * @param {AskOptions} [options]
 */
export async function ask(clip, embed, question, options) {
  const { answers, template, signal, onProgress } = checkOptions(options, "ask");
  const asked = await readQuestion(question, { answers, template, model: clip });
  const texts = [...asked.answers.flatMap(({ statements }) => statements), ...asked.neutral];
  const [image, statements] = await Promise.all([embed(signal), textRows(clip, [{ texts, template: "{}" }], { signal, onProgress })]);
  const { logitScale } = clip.info().model;
  const judged = await connectDescribe().call("judge", { asked, image, statements, logitScale }, { signal });
  return { ...judged, question: asked };
}
