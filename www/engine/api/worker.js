/**
 * The worker: owns the WebAssembly engine and the models, and does all the work. It is never killed to cancel:
 * work is cut into steps (steps.js), and a cancelled one ends at its next step.
 */
import { listModels } from "../fetching/bundle.js";
import { readsExactPixels, thumbnail } from "../pictures/decode.js";
import { startDecoders } from "../pictures/decoders.js";
import { describe } from "../fetching/describe.js";
import { respond } from "../fetching/download.js";
import { failure, messageOf } from "../errors.js";
import { deleteModel, exportModel, importModel, storedModels, verifyModel } from "../storage/library.js";
import { load } from "../fetching/load.js";
import { Model } from "../running/model.js";
import { closeBitmaps, errorToWire, isCancel, isRequest, transferList } from "./protocol.js";
import { Shared } from "./shared.js";
import { watchRequests } from "./requests.js";
import { errand } from "../running/steps.js";
import { openStore } from "../storage/store.js";
import { throttled } from "./throttle.js";
import { forgetVectors, openVectors } from "../storage/vectors.js";
import { isTrap, startWasm } from "../running/wasm.js";

/** @typedef {import("./protocol.js").Calls} Calls */
/** @typedef {import("./protocol.js").LoadProgress} LoadProgress */
/** @typedef {import("./protocol.js").Reply} Reply */
/** @typedef {import("./protocol.js").Request} Request */
/** @typedef {import("./protocol.js").StepProgress} StepProgress */
/** @typedef {{ signal: AbortSignal, onProgress: (progress: any) => void }} Context */
/** @typedef {{ [V in keyof Calls]: (args: Calls[V]["args"], context: Context) => Promise<Calls[V]["ok"]> }} Actions */

const CHANGED_PIXELS =
  "This browser changes the pixels that pages read, against fingerprinting, so results are a little off. Allowing this site to read canvases mends that.";

/** @type {Map<number, AbortController>} */
const running = new Map();
/** @type {Map<number, Model>} */
const models = new Map();
let lastHandle = 0;
/** Loads on their way, those that were given up among them until they have let go. @type {Set<{ key: string | null, load: Shared<Model, LoadProgress> }>} */
const loads = new Set();
/** Why the engine can't go on, once it can't. @type {Error | null} */
let broken = null;

/** @type {Actions} */
const actions = {
  async load(args, context) {
    const loaded = await loadOf(args).join(context);
    loaded.hold();
    models.set(++lastHandle, loaded);
    return { handle: lastHandle };
  },
  async models(_, { signal }) {
    return listModels(await openStore(), signal);
  },
  async describe({ model, dtype, towers, choice }, { signal }) {
    return describe(model, { dtype, towers, taken: taken() }, startWasm(respond, choice), await openStore(), signal);
  },
  async storedModels() {
    await loadsGivenUp();
    return storedModels(await openStore());
  },
  async verifyModel({ id }, options) {
    return verifyModel(await openStore(), id, options);
  },
  async deleteModel({ id, unfinished }, { signal }) {
    await loadsGivenUp();
    return deleteModel(await openStore(), id, unfinished, signal);
  },
  async exportModel({ id }, options) {
    return exportModel(await openStore(), id, options);
  },
  async importModel({ files, choice }, options) {
    return importModel(await openStore(), files, startWasm(respond, choice), options);
  },
  async thumbnail({ picture, size, choice }, { signal }) {
    const { readFacts } = await startWasm(respond, choice);
    return errand(() => {
      signal.throwIfAborted();
      return thumbnail(picture, size, readFacts);
    });
  },
  async forgetTexts() {
    for (const model of models.values()) model.forgetTexts();
    await forgetVectors();
    return null;
  },
  async requests() {
    handOverRequests();
    return null;
  },
  async classify(args, { signal }) {
    return modelOf(args.handle).classify(args, signal);
  },
  async embedImages(args, { signal }) {
    return modelOf(args.handle).embedImages(args, signal);
  },
  async indexImage(args, { signal }) {
    return modelOf(args.handle).indexImage(args, signal);
  },
  async embedTexts(args, { signal }) {
    return modelOf(args.handle).embedTexts(args, signal);
  },
  async similarity(args, { signal }) {
    return modelOf(args.handle).similarity(args, signal);
  },
  async explain(args, { signal, onProgress }) {
    return modelOf(args.handle).explain(args, (done) => onProgress({ done, total: 1 }), signal);
  },
  async free({ handle }) {
    const model = models.get(handle);
    models.delete(handle);
    await model?.free();
    return null;
  },
};

/**
 * The load of this model in this way: one that is on its way already, or a new one.
 *
 * @param {Calls["load"]["args"]} args
 */
function loadOf(args) {
  const { model, dtype, towers, logitScale, keepTexts, choice } = args;
  // Files have no names to go by.
  const key = model.kind === "files" ? null : JSON.stringify([model, dtype, towers, logitScale, keepTexts]);
  for (const known of loads) if (key !== null && known.key === key && !known.load.isGivenUp) return known.load;
  const begun = new Shared(async (/** @type {Context} */ context) => {
    // Ready by the time that the first pictures and texts come.
    startDecoders();
    if (keepTexts) openVectors();
    const wasm = startWasm(respond, choice);
    const { engine, origin } = await load(model, { dtype, towers, logitScale, taken: taken() }, wasm, openStore(), context);
    if (!readsExactPixels()) origin.notes.push(CHANGED_PIXELS);
    return new Model(await wasm, engine, origin, keepTexts);
  });
  const known = { key, load: begun };
  loads.add(known);
  begun.settled().then(() => loads.delete(known));
  return begun;
}

/** What one that was given up still writes into storage belongs to what is found there. */
async function loadsGivenUp() {
  await Promise.all([...loads].filter(({ load }) => load.isGivenUp).map(({ load }) => load.settled()));
}

/** Bytes of memory that the loaded models take. */
function taken() {
  return [...new Set(models.values())].reduce((sum, model) => sum + model.memory, 0);
}

/** @param {number} handle */
function modelOf(handle) {
  const model = models.get(handle);
  if (!model) throw failure("EngineError", "This model was freed. Load it again.");
  return model;
}

/** @param {Request} message */
async function answer({ id, verb, args }) {
  const controller = new AbortController();
  const { signal } = controller;
  running.set(id, controller);
  /** @param {LoadProgress | StepProgress} progress */
  const send = (progress) => post({ id, progress });
  const progress = throttled(send, (progress) => "stage" in progress && progress.stage);
  try {
    if (broken) throw broken;
    const ok = await actions[verb](args, { signal, onProgress: progress.report });
    if (broken) throw broken;
    progress.flush();
    const handle = ok && typeof ok === "object" && "handle" in ok ? ok.handle : args.handle;
    post({ id, ok, info: models.get(handle)?.info() ?? null });
  } catch (thrown) {
    if (isTrap(thrown)) {
      broken = failure("EngineError", `The engine stopped in the middle of its work (${messageOf(thrown)}). Load the model again to go on.`, thrown);
    }
    // The client ends a broken worker after its last answer: what it asked of the network goes first.
    if (broken) handOverRequests();
    post({ id, error: errorToWire(broken ?? thrown), broken: broken !== null });
  } finally {
    progress.stop();
    running.delete(id);
    // Done with, or never come to.
    closeBitmaps(args);
  }
}

/** @param {Reply} reply */
function post(reply) {
  self.postMessage(reply, { transfer: transferList(reply) });
}

const handOverRequests = watchRequests((requests) => post({ requests }));

// Started before the page's own script (www/start.js): until that asks for something, the engine is on its way. A failure
// is told to whoever asks for the engine then.
if (self.name === "semblance-early") startWasm(respond).catch(() => {});

self.onmessage = ({ data }) => {
  if (isCancel(data)) running.get(data.cancel)?.abort();
  else if (isRequest(data)) answer(data);
  else if (Number.isSafeInteger(data?.id)) {
    // The page's script and the worker's were cached at different times.
    const error = failure("EngineError", `The engine does not know "${data.verb}". Reload the page to get all its parts in one version.`);
    post({ id: data.id, error: errorToWire(error), broken: false });
  }
};
