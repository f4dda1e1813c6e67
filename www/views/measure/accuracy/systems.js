/** The systems that are compared: each with its model, loaded if it is not the one that is there, and how it answers. */

import { labelOf } from "../state.js";
import { say, text } from "../words.js";

/** @typedef {import("../../../../semblance.js").Semblance} Clip */
/** @typedef {import("../../../shell/view.js").Shell} Shell */
/** @typedef {import("../state.js").System} System */
/** @typedef {import("../state.js").Words} Words */

/** Below it a probability's logarithm says no more. */
const least = 1e-12;

/** @param {System} system @param {string} loaded what the loaded model is called */
export function nameOf({ modelName, dtype, words, template, classifier }, loaded) {
  const model = modelName || loaded;
  const said = { template: `“${template}”`, imagenet: text["systems.imagenet"], classifier: classifier?.name ?? text["systems.classifier"] }[words];
  return `${model} · ${dtype} · ${said}`;
}

/**
 * @param {System[]} systems
 * @param {object} needs
 * @param {Clip} needs.present the model that is loaded
 * @param {Shell} needs.shell
 * @param {Words[]} needs.classes
 * @param {AbortSignal} needs.signal
 * @param {(done: number, total: number) => void} needs.onLoad
 * @returns {AsyncGenerator<{ clip: Clip, system: System, name: string, answer: (vectors: Float32Array[]) => Promise<Float32Array> }>}
 */
export async function* readEach(systems, { present, shell, classes, signal, onLoad }) {
  const { name: loaded, compute } = present.info().model;
  for (const system of systems) {
    const own = system.model === null && system.dtype === compute;
    const clip = own ? present : await load(system, present, shell, signal, onLoad);
    try {
      const labels = classes.map(labelOf);
      const template = system.words === "imagenet" ? await shell.library.imagenetTemplates() : system.template;
      const taught = system.words === "classifier" ? await open(system, clip, shell, classes) : null;
      /** @param {Float32Array[]} vectors */
      const answer = async (vectors) => (taught ? taught(vectors) : (await clip.similarity(vectors, labels, { template, signal })).logits);
      yield { clip, system, name: nameOf(system, loaded), answer };
    } finally {
      if (!own) clip.free();
    }
  }
}

/** @param {System} system @param {Clip} present @param {Shell} shell @param {AbortSignal} signal @param {(done: number, total: number) => void} onLoad */
async function load({ model, dtype }, present, shell, signal, onLoad) {
  const chosen = shell.getState().model.choice?.model;
  const wanted = model ?? chosen ?? present.info().model.name;
  return shell.library.load({ model: wanted, dtype, signal, onProgress: ({ loaded, total }) => onLoad(loaded, total ?? loaded) });
}

/** A taught head's logits, in the order of the classes here. @param {System} system @param {Clip} clip @param {Shell} shell @param {Words[]} classes */
async function open({ classifier: file }, clip, shell, classes) {
  if (!file) throw new Error(text["systems.noClassifier"]);
  const classifier = await shell.library.loadClassifier(file, { model: clip });
  const places = classes.map(({ name }) => classifier.classes.findIndex((other) => other.toLowerCase() === name.toLowerCase()));
  const missing = classes.filter((_, at) => places[at] < 0).map(({ name }) => name);
  if (missing.length > 0) {
    classifier.free();
    throw new Error(say.otherClasses(file.name, missing));
  }
  const known = classifier.classes.length;
  return async (/** @type {Float32Array[]} */ vectors) => {
    const width = vectors[0].length;
    const rows = new Float32Array(vectors.length * width);
    vectors.forEach((vector, at) => rows.set(vector, at * width));
    const { probabilities } = await classifier.classifyEmbeddings(rows);
    classifier.free();
    return Float32Array.from({ length: vectors.length * classes.length }, (_, at) => {
      const [row, place] = [Math.floor(at / classes.length), places[at % classes.length]];
      return Math.log(Math.max(least, probabilities[row * known + place]));
    });
  };
}
