/** Rules over pictures, new ones and those of a library. The types and their meaning are in semblance.d.ts. */
import { checkOptions, checkTemplate, checkTexts, isEmbedding } from "../api/check.js";
import { failure } from "../errors.js";
import { joined } from "../running/rows.js";
import { connectOrganise } from "./client.js";
import { inPortions } from "./inputs.js";
import { textRows } from "../running/texts.js";

/** @typedef {import("../../../semblance.js").Semblance} Clip */
/** @typedef {import("../../../semblance.js").Rule} Rule */
/** @typedef {import("../../../semblance.js").RuleMark} RuleMark */
/** @typedef {import("../../../semblance.js").RuleAnswer} RuleAnswer */
/** @typedef {import("../../../semblance.js").ImageInput} ImageInput */
/** @typedef {import("../../../semblance.js").ImageSource} ImageSource */
/** A rule with what was left out of it, its words' vectors, and its corrections' centre. @typedef {{ rule: Required<Omit<Rule, "threshold" | "precision">> & Pick<Rule, "threshold" | "precision">, labels: Float32Array, against: Float32Array, centre: number }} Ready */

const ACTIONS = ["hide", "blur", "tag", "list"];
const THRESHOLD = 0.5;
const RULES_AT_MOST = 200;

/** @param {number} score @param {number} centre */
const probabilityOf = (score, centre) => 1 / (1 + Math.exp(centre - score));

/**
 * @param {Clip} clip
 * @param {ImageInput | ImageInput[]} images
 * @param {Rule[]} rules
 * @param {import("../../../semblance.js").ModerateOptions} [options]
 * @returns {Promise<RuleAnswer[] | RuleAnswer[][]>}
 */
export async function moderate(clip, images, rules, options) {
  const { marks = {}, signal, onProgress } = checkOptions(options, "moderate");
  const { logitScale, embedding: width } = clip.info().model;
  const all = Array.isArray(images) ? images : [images];
  const ready = await readyRules(clip, rules, marks, signal);
  const sources = all.filter((image) => !isEmbedding(image, width));
  const made = sources.length > 0 ? await clip.embedImages(/** @type {ImageSource[]} */ (sources), { signal, onProgress }) : [];
  const pictures = joined(all.map((image) => /** @type {Float32Array} */ (isEmbedding(image, width) ? image : made.shift())));
  /** @type {RuleAnswer[][]} */
  const answers = all.map(() => []);
  for (const { rule, labels, against, centre } of all.length > 0 ? ready : []) {
    const scored = await connectOrganise().call("score", { pictures: pictures.slice(), width, labels: labels.slice(), against: against.slice(), logitScale });
    answers.forEach((some, at) => {
      const probability = probabilityOf(scored.scores[at], centre);
      some.push({ rule: rule.name, action: rule.action, score: scored.scores[at], probability, found: probability >= (rule.threshold ?? rule.precision ?? THRESHOLD), label: rule.labels[scored.labels[at]], against: rule.against[scored.against[at]] });
    });
  }
  return Array.isArray(images) ? answers : answers[0];
}

/**
 * @param {import("./inputs.js").Library} library
 * @param {Rule[]} rules
 * @param {import("../../../semblance.js").ModerateIndexOptions} [options]
 * @returns {Promise<import("../../../semblance.js").LibraryRule[]>}
 */
export async function moderateIndex({ index, clip }, rules, options) {
  const { marks = {}, where, signal, onProgress } = checkOptions(options, "moderate");
  const { logitScale, embedding: width } = clip.info().model;
  const client = connectOrganise();
  const ready = await readyRules(clip, rules, marks, signal);
  const ids = await index.ids(where);
  const found = ready.map(() => ({ scores: new Float32Array(ids.length), labels: new Uint32Array(ids.length), against: new Uint32Array(ids.length) }));
  let at = 0;
  await inPortions(index, ids, async (pictures) => {
    for (const [i, { labels, against }] of ready.entries()) {
      const some = await client.call("score", { pictures: pictures.slice(), width, labels: labels.slice(), against: against.slice(), logitScale });
      found[i].scores.set(some.scores, at);
      found[i].labels.set(some.labels, at);
      found[i].against.set(some.against, at);
    }
    at += pictures.length / width;
  }, { signal, onProgress });
  return Promise.all(
    ready.map(async ({ rule, centre }, i) => {
      const { scores, labels, against } = found[i];
      const probabilities = scores.map((score) => probabilityOf(score, centre));
      const least = rule.precision === undefined ? (rule.threshold ?? THRESHOLD) : await client.call("least", { probabilities: probabilities.slice(), aim: rule.precision });
      const order = Array.from(ids.keys()).filter((at) => least !== null && probabilities[at] >= least).sort((a, b) => scores[b] - scores[a]);
      const hits = order.map((at) => ({ id: ids[at], score: scores[at], probability: probabilities[at], label: rule.labels[labels[at]], against: rule.against[against[at]] }));
      return { rule: rule.name, action: rule.action, least, hits, ids, scores };
    }),
  );
}

/**
 * @param {Clip} clip
 * @param {unknown} rules
 * @param {Record<string, RuleMark[]>} marks
 * @param {AbortSignal} [signal]
 * @returns {Promise<Ready[]>}
 */
async function readyRules(clip, rules, marks, signal) {
  if (!Array.isArray(rules) || rules.length === 0 || rules.length > RULES_AT_MOST) throw new TypeError(`rules must be an array of 1 to ${RULES_AT_MOST}`);
  const whole = rules.map(checkRule);
  const twice = whole.find(({ name }, at) => whole.findIndex((other) => other.name === name) < at);
  if (twice) throw failure("TextError", `There are two rules “${twice.name}”. Give each a name of its own.`);
  const neutral = whole.some(({ against }) => against.length === 0) ? (await connectOrganise().call("neutral", {})) : [];
  const ready = [];
  for (const rule of whole) {
    const others = rule.against.length > 0 ? rule.against : neutral;
    const labels = await textRows(clip, [{ texts: rule.labels, template: rule.template }], { signal });
    const against = await textRows(clip, [{ texts: others, template: rule.against.length > 0 ? rule.template : "{}" }], { signal });
    const own = marks[rule.name] ?? [];
    const centre = own.length > 0 ? await connectOrganise().call("centre", { marks: own }) : 0;
    ready.push({ rule: { ...rule, against: others }, labels, against, centre });
  }
  return ready;
}

/** @param {any} rule */
function checkRule(rule) {
  if (typeof rule !== "object" || rule === null) throw new TypeError("a rule must be an object");
  const { name, labels, against = [], template = "{}", threshold, precision, action = "list" } = rule;
  if (typeof name !== "string" || name.trim() === "") throw failure("TextError", "A rule has no name: give it one.");
  if (!ACTIONS.includes(action)) throw new TypeError(`a rule's action must be one of ${ACTIONS.map((action) => `"${action}"`).join(", ")}`);
  if (threshold !== undefined && precision !== undefined) throw new TypeError("a rule has a threshold or a precision, not both");
  const least = threshold ?? precision;
  if (least !== undefined && !(least > 0 && least < 1)) throw new TypeError("a rule's threshold or precision must be a number between 0 and 1");
  const [words, others] = [checkTexts(labels, `labels of the rule “${name}”`), Array.isArray(against) && against.length === 0 ? [] : checkTexts(against, `against of the rule “${name}”`)];
  return { name, labels: words, against: others, template: checkTemplate(template), threshold, precision, action };
}

/** Ready-made rules, which are advisory, and what holds of all of them. */
export function ruleAdvice() {
  return connectOrganise().call("advice", {});
}

/** @param {RuleMark[]} marks @param {number} threshold */
export async function ruleReport(marks, threshold) {
  if (!Array.isArray(marks) || !marks.every(({ score, right }) => Number.isFinite(score) && typeof right === "boolean")) throw new TypeError("marks must be an array of { score, right }");
  return connectOrganise().call("report", { marks, threshold });
}
