/** What a load would take, before any of it: bytes, memory, room. */
import { downloadText } from "./download.js";
import { isText } from "./folder.js";
import { openLocal, readWhole } from "./local.js";
import { memoryLimit, needFrom, needOf } from "../running/memory.js";
import { readPiece } from "./pieces.js";
import { presentBytes, presentIn } from "./plan.js";
import { roomFor } from "../storage/quota.js";
import { resolve } from "./resolve.js";

/** @typedef {import("../../../semblance.js").Offer} Offer */
/** @typedef {import("./load.js").How} How */
/** @typedef {import("../running/memory.js").Facts} Facts */
/** @typedef {import("../running/memory.js").Need} Need */
/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("../api/protocol.js").ModelSource} ModelSource */
/** @typedef {import("../storage/store.js").Store} Store */
/** @typedef {import("../running/wasm.js").Wasm} Wasm */

/** Where a model folder's texts say what it is. */
const CONFIGS = ["config.json", "open_clip_config.json"];

/**
 * @param {ModelSource} source
 * @param {How} how
 * @param {Promise<Wasm>} wasm
 * @param {Store | null} store
 * @param {AbortSignal} signal
 * @returns {Promise<Offer>}
 */
export async function describe(source, how, wasm, store, signal) {
  const keeps = store?.kind ?? "memory";
  if (source.kind === "files") {
    const opened = await openLocal(source.files);
    const { name, bytes } = opened;
    const { facts, need } = await learnFrom(opened, wasm, how);
    const about = { id: "", name, title: name, licence: "", revision: null, dtype: "", url: null };
    return { ...about, bytes: bytes ?? 0, missing: 0, ...(await measures(facts, need, how, 0)), keeps };
  }
  const { plan, stream } = await resolve(source, store, signal);
  const { id, name, title, licence, revision, dtype, url } = plan;
  const bytes = stream ? (stream.bytes ?? 0) : plan.bytes;
  const missing = bytes - presentBytes(plan, await presentIn(store));
  const config = plan.files.find(({ name }) => CONFIGS.includes(name));
  const { facts, need } = config ? await learn(wasm, config.name, await textOf(config, store, signal), how) : { facts: plan.facts, need: needOf(plan.facts, how.dtype) };
  const weights = plan.files.filter(({ name }) => !isText(name)).reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    ...{ id, name, title, licence, revision, url },
    dtype: dtype || widthOf(weights, facts),
    bytes,
    missing,
    ...(await measures(facts, need, how, stream ? 0 : missing)),
    keeps: stream ? "memory" : keeps,
  };
}

/** @param {Facts | null} facts @param {Need} need @param {How} how @param {number} missing */
async function measures(facts, need, { towers, taken = 0 }, missing) {
  const memory = need(towers);
  const memoryMost = memoryLimit() - taken;
  return { parameters: facts?.parameters ?? null, memory, memoryLimit: memoryMost, fits: (memory ?? 0) <= memoryMost, quota: await roomFor(missing) };
}

/**
 * @param {import("./local.js").Opened} opened
 * @param {Promise<Wasm>} wasm
 * @param {How} how
 * @returns {Promise<{ facts: Facts | null, need: Need }>}
 * @throws a `ModelError` where they can't be a model's
 */
export async function learnFrom({ files }, wasm, how) {
  const config = files.find(({ name }) => CONFIGS.includes(name));
  if (config) return learn(wasm, config.name, new TextDecoder().decode(await readWhole(config)), how);
  return { facts: null, need: await needOfFile(files[0], wasm, how) };
}

/** @param {Promise<Wasm>} wasm @param {string} name @param {string} config @param {How} how */
async function learn(wasm, name, config, { dtype }) {
  const engine = await wasm;
  const { imageParameters, textParameters } = engine.model_facts(config);
  const facts = { parameters: imageParameters + textParameters, imageParameters, textParameters };
  return { facts, need: needFrom(engine, new Map([[name, config]]), dtype) };
}

/** @param {import("./plan.js").PlanFile} file @param {Store | null} store @param {AbortSignal} signal */
async function textOf({ pieces: [piece] }, store, signal) {
  const kept = await readPiece(store, piece);
  return kept ? new TextDecoder().decode(kept.bytes) : downloadText(piece.url ?? "", { signal });
}

/** Until the weights themselves tell: 32 or 16 bits for each. @param {number} bytes @param {Facts | null} facts */
function widthOf(bytes, facts) {
  const each = facts ? bytes / facts.parameters : 0;
  return each > 3.5 ? "f32" : each > 1.8 && each < 2.2 ? "16 bits" : "";
}

/**
 * Only as much of it as its header has.
 *
 * @param {import("./local.js").OpenedFile} file
 * @param {Promise<Wasm>} wasm
 * @param {How} how
 * @returns {Promise<Need>}
 */
async function needOfFile(file, wasm, { dtype, towers, logitScale }) {
  const { Loader } = await wasm;
  const loader = new Loader(dtype, towers, logitScale);
  let freed = false;
  try {
    for await (const chunk of file.chunks()) {
      for (let at = 0; at < chunk.length && loader.memory === undefined; at += 2 ** 20) loader.push(chunk.subarray(at, at + 2 ** 20));
      if (loader.memory !== undefined) break;
    }
    const { memory } = loader;
    freed = memory === undefined;
    // It knows best what is missing.
    if (memory === undefined) loader.finish().free();
    return () => memory ?? null;
  } finally {
    if (!freed) loader.free();
  }
}
