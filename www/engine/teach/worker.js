/** Teaching's worker: beside the one that owns the models, so that pictures are embedded while classifiers are made. */
import { failure } from "../errors.js";
import { answerWith } from "../running/answering.js";
import { pause } from "../running/steps.js";
import { startTeachWasm } from "./wasm.js";

/** @typedef {import("./protocol.js").Calls} Calls */
/** @typedef {import("./wasm.js").Classifier} Classifier */
/** @typedef {import("./wasm.js").Taught} Taught */
/** @typedef {import("../running/answering.js").Way} Way */
/** @typedef {{ [V in keyof Calls]: (args: Calls[V]["args"], way: Way) => Promise<Calls[V]["ok"]> }} Actions */

/** More than any classifier takes. */
const FILE_AT_MOST = 512 * 2 ** 20;

/** @type {Map<number, { classifier: Classifier, taught: Taught | null }>} */
const opened = new Map();
let lastHandle = 0;

/** @type {Actions} */
const actions = {
  async teach({ vectors, dim, labels, names, prompts, words, logitScale, method, captions, background, model }, { signal, tell }) {
    const wasm = await startTeachWasm();
    const teaching = new wasm.Teaching(vectors, dim, labels, names, words, logitScale, method);
    try {
      while (teaching.step()) {
        tell(teaching.progress());
        await pause();
        signal.throwIfAborted();
      }
      const taught = teaching.finish(captions, background, prompts, model);
      const classifier = /** @type {Classifier} */ (taught.classifier());
      return { ...open(classifier, taught), report: JSON.parse(taught.report()) };
    } finally {
      teaching.free();
    }
  },
  async open({ file }) {
    const wasm = await startTeachWasm();
    if (file.size > FILE_AT_MOST) throw failure("ModelError", "This file is too large for a classifier.");
    const bytes = await file.arrayBuffer().catch((thrown) => {
      throw failure("ModelError", "This file can't be read: it was moved, changed or deleted since it was chosen.", thrown);
    });
    return { ...open(wasm.Classifier.from_bytes(new Uint8Array(bytes)), null), report: null };
  },
  classify: async ({ handle, vectors }) => at(handle).classifier.classify(vectors),
  async threshold({ handle, threshold }) {
    const { classifier } = at(handle);
    classifier.set_threshold(threshold ?? undefined);
    return JSON.parse(classifier.about());
  },
  async learn({ handle }, { signal, tell }) {
    const { taught } = at(handle);
    if (!taught) throw failure("EngineError", "A classifier from a file has no examples to learn its curve from.");
    const points = [];
    for (const shots of taught.shots()) {
      await pause();
      signal.throwIfAborted();
      points.push(JSON.parse(taught.learning_point(shots)));
      tell([...points]);
    }
    const { expected_accuracy } = await startTeachWasm();
    const accuracies = Float64Array.from(points, ({ accuracy }) => accuracy);
    return { points, expected: expected_accuracy(Uint32Array.from(points, ({ shots }) => shots), accuracies) ?? null };
  },
  bytes: async ({ handle }) => at(handle).classifier.to_bytes(),
  async free({ handle }) {
    const one = opened.get(handle);
    opened.delete(handle);
    one?.classifier.free();
    one?.taught?.free();
    return null;
  },
  async temperature({ logits, classes, marked, right }) {
    return (await startTeachWasm()).temperature_of_marks(logits, classes, marked, right);
  },
};

/** @param {Classifier} classifier @param {Taught | null} taught */
function open(classifier, taught) {
  opened.set(++lastHandle, { classifier, taught });
  return { handle: lastHandle, about: JSON.parse(classifier.about()), dim: classifier.dim() };
}

/** @param {number} handle */
function at(handle) {
  const one = opened.get(handle);
  if (!one) throw failure("EngineError", "This classifier was freed. Teach it or open it again.");
  return one;
}

answerWith(actions, "Teaching's engine stopped in the middle of its work. Nothing that was kept is lost: teach again.");
