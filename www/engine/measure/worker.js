/** Measuring's worker: what it does takes a moment, and the page and its models go on meanwhile. */
import { answerWith } from "../running/answering.js";
import { startLabelsWasm, startMeasureWasm } from "./wasm.js";

/** @typedef {import("./protocol.js").Calls} Calls */
/** @typedef {{ [V in keyof Calls]: (args: Calls[V]["args"]) => Promise<Calls[V]["ok"]> }} Actions */

/** @type {Actions} */
const actions = {
  async evaluate({ logits, classes, truths, seed }) {
    const evaluated = (await startMeasureWasm()).evaluate(logits, classes, truths, seed);
    return { ...evaluated, report: JSON.parse(evaluated.report) };
  },
  compare: async ({ right, systems, againstBest, seed }) => JSON.parse((await startMeasureWasm()).compareAll(right, systems, againstBest, seed)),
  usual: async ({ labels, classes, neutral, captions, logitScale }) => JSON.parse((await startMeasureWasm()).usual(labels, classes, neutral, captions, logitScale)),
  usualOf: async ({ model }) => JSON.parse((await startMeasureWasm()).usual_of(model) ?? "null"),
  async domain({ labels, classes, neutral, captions, logitScale, usual, seed }) {
    return JSON.parse((await startMeasureWasm()).domain(labels, classes, neutral, captions, logitScale, JSON.stringify(usual), seed));
  },
  templates: async ({ logits, count, classes, present, seed }) => JSON.parse((await startMeasureWasm()).templates(logits, count, classes, 1, present, seed)),
  bias: async ({ cosines, bases, groups, attributes, logitScale, seed }) => JSON.parse((await startMeasureWasm()).bias(cosines, bases, groups, attributes, logitScale, seed)),
  async prompts() {
    const wasm = await startMeasureWasm();
    return { neutral: wasm.neutral_captions(), imagenet: wasm.imagenet_templates() };
  },
  labels: async ({ request, cosines }) => JSON.parse((await startLabelsWasm()).check(JSON.stringify(request), cosines)),
  pairs: async () => JSON.parse((await startLabelsWasm()).reference_pairs()),
  threshold: async ({ same, different }) => (await startLabelsWasm()).threshold_of(same, different) ?? null,
};

answerWith(actions, "Measuring's engine stopped in the middle of its work. Measure again.");
