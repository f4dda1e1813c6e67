/** Describing's worker: phrases with their vectors, and questions, beside the worker that owns the models. */
import { failure } from "../errors.js";
import { answerWith } from "../running/answering.js";
import { startDescribeWasm } from "./wasm.js";

/** @typedef {import("./protocol.js").Calls} Calls */
/** @typedef {{ [V in keyof Calls]: (args: Calls[V]["args"]) => Promise<Calls[V]["ok"]> }} Actions */

/** Until they are freed. @type {Map<number, import("./wasm.js").Describer>} */
const kept = new Map();
let lastHandle = 0;

/** @type {Actions} */
const actions = {
  phrases: async ({ model }) => JSON.parse((await startDescribeWasm()).phrases(model ?? undefined)),
  prompts: async ({ phrases }) => (await startDescribeWasm()).prompts(JSON.stringify(phrases)),
  async describer({ phrases, vectors, width }) {
    const { Describer } = await startDescribeWasm();
    kept.set(++lastHandle, new Describer(JSON.stringify(phrases), vectors, width));
    return lastHandle;
  },
  async describe({ handle, image, options }) {
    const describer = kept.get(handle);
    if (!describer) throw failure("EngineError", "This was freed. Make it again.");
    return JSON.parse(describer.describe(image, JSON.stringify(options)));
  },
  async free({ handle }) {
    kept.get(handle)?.free();
    kept.delete(handle);
    return null;
  },
  read: async ({ question, answers, template, model }) => JSON.parse((await startDescribeWasm()).read(question, answers, template ?? undefined, model ?? undefined)),
  judge: async ({ asked, image, statements, logitScale }) => JSON.parse((await startDescribeWasm()).judge(JSON.stringify(asked), image, statements, logitScale)),
};

answerWith(actions, "Describing's engine stopped in the middle of its work. Nothing that was kept is lost: try again.");
