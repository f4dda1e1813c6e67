/**
 * index.html: classifiers of made-up vectors, taught and asked as a page does it.
 *
 * `?dim=`, `rounds=`.
 */
import { teach } from "/www/engine/teach/teach.js";
import { hundredths, summary } from "../measure.js";
import { main, numberOf } from "../report.js";
import { makeVectors } from "../search/vectors.js";

/** @typedef {import("../measure.js").Summary} Summary */
/**
 * @typedef {object} Row
 * @property {string} name
 * @property {number} classes
 * @property {number} pictures of each
 * @property {Summary} time milliseconds
 */

const dim = numberOf("dim", 512) ?? 512;
const rounds = numberOf("rounds", 9) ?? 9;
const vector = makeVectors(dim);

/** What teaching asks of a model. */
const model = /** @type {any} */ ({
  info: () => ({ model: { hash: "5e".repeat(32), embedding: dim, logitScale: 100 } }),
  embedTexts: async (/** @type {string[]} */ texts) => texts.map((_, i) => vector(-1 - i)),
});

/** Pictures of one class lie around one centre of `makeVectors`, which has a thousand. @param {number} label @param {number} at */
const picture = (label, at) => vector(label + 1000 * (at + 1));

/** @param {number} classes @param {number} pictures of each */
function lessons(classes, pictures) {
  return Array.from({ length: classes }, (_, label) => {
    const examples = new Float32Array(pictures * dim);
    for (let at = 0; at < pictures; at++) examples.set(picture(label, at), at * dim);
    return { name: `class ${label}`, examples };
  });
}

main(async (report) => {
  /** @type {Row[]} */
  const rows = [];
  /** @param {string} name @param {number} classes @param {number} pictures @param {number} times @param {() => Promise<void>} work */
  const measure = async (name, classes, pictures, times, work) => {
    report(`${name}, ${classes} classes`);
    await work();
    const all = [];
    for (let round = 0; round < times; round++) {
      const start = performance.now();
      await work();
      all.push(hundredths(performance.now() - start));
    }
    rows.push({ name, classes, pictures, time: summary(all) });
  };
  /** @param {number} classes @param {number} pictures @param {import("../../semblance.js").TeachMethod | "auto"} method @param {number} times */
  const taught = async (classes, pictures, method, times) => {
    const given = lessons(classes, pictures);
    await measure(`taught, ${method}`, classes, pictures, times, async () => (await teach(given, { model, method })).free());
  };
  await taught(10, 50, "linear-probe", rounds);
  await taught(10, 50, "auto", rounds);
  await taught(4, 8, "auto", rounds);
  await taught(1000, 10, "auto", 1);
  for (const [classes, pictures] of [[10, 50], [1000, 10]]) {
    const classifier = await teach(lessons(classes, pictures), { model, method: "nearest-class-mean" });
    const asked = new Float32Array(1000 * dim);
    for (let at = 0; at < 1000; at++) asked.set(picture(at % classes, 500 + at), at * dim);
    await measure("1,000 pictures classified", classes, pictures, rounds, async () => {
      await classifier.classifyEmbeddings(asked);
    });
    classifier.free();
  }
  return { dim, rows };
});
