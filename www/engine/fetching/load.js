/**
 * A model, from wherever it is, into the engine: its bytes are checked piece by piece, handed on as they come and kept
 * in the browser's storage. While the engine takes one piece in, the next three are fetched and, on another thread, checked,
 * and no more than that: four pieces are the most that is ever in memory. Nobody gets the engine before all is checked.
 */
import { giveBack, letGo } from "../storage/buffers.js";
import { failure, messageOf, readableBytes } from "../errors.js";
import { Feeder } from "../running/feeder.js";
import { engineTexts, isText } from "./folder.js";
import { modelHash, sha256 } from "../storage/hash.js";
import { HashStream, startHasher } from "../storage/hashing.js";
import { openLocal, readWhole, TEXT_MOST } from "./local.js";
import { checkMemory, needFrom, needOf } from "../running/memory.js";
import { Meter } from "./meter.js";
import { ahead, obtain, stopKeeping, WrongBytes } from "./pieces.js";
import { presentBytes, presentIn } from "./plan.js";
import { needsRoom } from "../storage/quota.js";
import { beginRecord, finishRecord, noteUse } from "../storage/records.js";
import { resolve } from "./resolve.js";
import { forgetVectors } from "../storage/vectors.js";
import { isTrap } from "../running/wasm.js";
import { Wire } from "./wire.js";

/** @typedef {import("./local.js").Opened} Opened */
/** @typedef {import("./pieces.js").Supply} Supply */
/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("../api/protocol.js").LoadProgress} LoadProgress */
/** @typedef {import("../api/protocol.js").ModelSource} ModelSource */
/** @typedef {import("../storage/store.js").Store} Store */
/** @typedef {import("../running/wasm.js").Engine} Engine */
/** @typedef {import("../running/wasm.js").Wasm} Wasm */
/** How a model is to be loaded; `taken`: bytes of memory that those have which are loaded already. */
/** @typedef {{ dtype: import("../running/wasm.js").Compute, towers: import("../running/wasm.js").Towers, logitScale?: number, taken?: number }} How */
/** Where a loaded model came from; becomes a part of `info()`. */
/** @typedef {Pick<import("../api/protocol.js").Info["model"], "name" | "hash" | "source" | "stored" | "verified"> & { notes: string[] }} Origin */
/** @typedef {{ how: How, wasm: Promise<Wasm>, store: Store | null, feeder: Feeder, meter: Meter, running: Set<Promise<unknown>>, signal: AbortSignal, fresh: boolean }} Job `running`: pieces on their way; `fresh`: past the browser's cache */

/** Pieces on their way beside the one that the engine takes in. */
const AHEAD = 3;

const NO_STORE = "This browser gives this page no storage, so the model is downloaded again on the next visit.";
const UNPUBLISHED = "This model came without a manifest, so nothing says what its bytes should be.";

/**
 * @param {ModelSource} source
 * @param {How} how
 * @param {Promise<Wasm>} wasm it may still be starting: meanwhile, the model's first bytes come
 * @param {Promise<Store | null>} store
 * @param {{ signal: AbortSignal, onProgress: (progress: LoadProgress) => void }} options
 * @returns {Promise<{ engine: Engine, origin: Origin }>}
 */
export async function load(source, how, wasm, store, { signal, onProgress }) {
  signal.throwIfAborted();
  // Ends what is on its way, when the caller gives up, the engine can't be started, or it refuses what it is given.
  const reading = new AbortController();
  const giveUp = () => reading.abort(signal.reason);
  signal.addEventListener("abort", giveUp, { once: true });
  wasm.catch((thrown) => reading.abort(thrown));
  const meter = new Meter(onProgress);
  startHasher();
  /** @type {Job["running"]} */
  const running = new Set();
  let feeder = new Feeder(wasm, how, reading.signal);
  const job = async (/** @type {boolean} */ fresh) => ({ how, wasm, store: await store, feeder, meter, running, signal: reading.signal, fresh });
  try {
    let origin;
    try {
      origin = await read(source, await job(false));
    } catch (thrown) {
      if (!(thrown instanceof WrongBytes)) throw thrown;
      // Only when all of a file had come could they be told, and the engine has them already: once more from the start.
      feeder.free();
      feeder = new Feeder(wasm, how, reading.signal);
      origin = await read(source, await job(true));
    }
    reading.signal.throwIfAborted();
    meter.ready();
    return { engine: feeder.engine, origin };
  } catch (thrown) {
    // After a trap the engine takes no calls, and its memory goes with its worker.
    if (!isTrap(thrown)) feeder.free();
    throw thrown;
  } finally {
    meter.stop();
    signal.removeEventListener("abort", giveUp);
    reading.abort();
    // What has come of them is being kept.
    await Promise.allSettled(running);
    letGo();
  }
}

/** @param {ModelSource} source @param {Job} job @returns {Promise<Origin>} */
async function read(source, job) {
  if (source.kind === "files") return readLocal(await openLocal(source.files), job);
  const resolved = await resolve(source, job.store, job.signal);
  return resolved.stream ? readLocal(resolved.stream, job) : readPlan(resolved, job);
}

/**
 * @param {import("./resolve.js").Resolved} resolved
 * @param {Job} job
 * @returns {Promise<Origin>}
 */
async function readPlan({ plan, before, note }, job) {
  const { how, store, feeder, meter, running, signal, fresh } = job;
  const kept = JSON.stringify(before);
  checkMemory(plan.title, needOf(plan.facts, how.dtype), how);
  feeder.logitScale ??= plan.logitScale;
  plan.logitScale = feeder.logitScale;

  const notes = note ? [note] : [];
  const present = await presentIn(store);
  const here = presentBytes(plan, present);
  meter.begin(plan.bytes, here);
  const wire = new Wire(signal, (bytes) => meter.wire(bytes));
  /** @type {Supply} */
  const supply = { store, keep: store, wire, meter, present, running, fresh, downloaded: false, notes, signal };
  if (!store) notes.push(NO_STORE);
  try {
    if (here < plan.bytes) await makeRoom(plan, before, plan.bytes - here, supply);
    await feedTexts(plan, supply, job);
    await feedWeights(plan, supply, feeder, here < plan.bytes);
  } finally {
    wire.close();
  }
  await feeder.finish();
  plan.hash ??= await modelHash(plan.files);
  describeFrom(feeder.engine, plan, how);
  if (supply.keep) {
    try {
      // Last, so that a model counts as stored only when all of it is.
      if (supply.downloaded || JSON.stringify(plan) !== kept) await finishRecord(supply.keep, plan, signal);
      await noteUse(supply.keep, plan.id);
      if (before?.hash && before.hash !== plan.hash) forgetVectors(before.hash).catch(() => {});
    } catch (thrown) {
      signal.throwIfAborted();
      stopKeeping(supply, messageOf(thrown));
    }
  }
  if (!plan.published) notes.push(UNPUBLISHED);
  return {
    name: plan.name,
    hash: plan.hash,
    source: supply.downloaded ? "download" : "storage",
    stored: supply.keep !== null,
    verified: plan.published,
    notes,
  };
}

/** @param {Plan} plan @param {Plan | null} before @param {number} missing bytes @param {Supply} supply */
async function makeRoom(plan, before, missing, supply) {
  if (!supply.keep) return;
  try {
    const full = await needsRoom(missing);
    if (full) return stopKeeping(supply, full);
    // Where only damage is to be repaired, the model's own record names its pieces.
    if (before?.hash !== plan.hash || plan.hash === null) await beginRecord(supply.keep, plan, supply.signal);
  } catch (thrown) {
    supply.signal.throwIfAborted();
    stopKeeping(supply, messageOf(thrown));
  }
}

/**
 * The small files: before the large ones are asked for they say how much memory those will take.
 *
 * @param {Plan} plan
 * @param {Supply} supply
 * @param {Job} job
 */
async function feedTexts(plan, supply, job) {
  const files = plan.files.filter(({ name }) => isText(name));
  /** @type {Map<string, string>} */
  const texts = new Map();
  for (const file of files) {
    if (file.bytes > TEXT_MOST) throw failure("ModelError", `${file.name} is too long for a text of a model (${readableBytes(file.bytes)}).`);
    const decoder = new TextDecoder();
    let text = "";
    for await (const bytes of ahead(file.pieces, AHEAD, (piece) => obtain(file, piece, supply))) text += decoder.decode(bytes, { stream: true });
    texts.set(file.name, text + decoder.decode());
    if (file.pieces.length === 1) file.sha256 = file.pieces[0].sha256;
  }
  await hand(texts, plan.title, job);
}

/** @param {Map<string, string>} texts by name @param {string} title @param {Job} job */
async function hand(texts, title, { how, wasm, feeder }) {
  if (texts.size === 0) return;
  checkMemory(title, needFrom(await wasm, texts, how.dtype), how);
  await feeder.files(engineTexts(texts));
}

/**
 * What a file's pieces are said to be does not say that they are the file: the hash of all of it is compared, too, before
 * the first time that it is believed.
 *
 * @param {Plan} plan
 * @param {Supply} supply
 * @param {Feeder} feeder
 * @param {boolean} first something of it was not in storage
 */
async function feedWeights(plan, supply, feeder, first) {
  const files = plan.files.filter(({ name }) => !isText(name));
  const parts = files.flatMap((file) => file.pieces.map((piece) => ({ file, piece })));
  const isHashed = (/** @type {import("./plan.js").PlanFile} */ { pieces }) =>
    pieces.length > 1 ? first || pieces.some(({ sha256 }) => sha256 === null) : false;
  const hashed = new Set(files.filter(isHashed));
  let hash = new HashStream();
  const work = async (/** @type {typeof parts[number]} */ { file, piece }) => ({ file, piece, bytes: await obtain(file, piece, supply) });
  feeder.warmUp();
  for await (const { file, piece, bytes } of ahead(parts, AHEAD, work)) {
    if (file !== files[0] && piece === file.pieces[0]) await feeder.nextFile();
    await feeder.push(bytes, plan.title, hashed.has(file) ? hash : null);
    giveBack(bytes);
    if (piece !== file.pieces.at(-1)) continue;
    if (hashed.has(file)) await checkWhole(file, await hash.hex(), supply);
    else if (file.pieces.length === 1) file.sha256 = piece.sha256;
    hash = new HashStream();
  }
}

/**
 * What was published of a file is the hash of all of it.
 *
 * @param {import("./plan.js").PlanFile} file
 * @param {string} found
 * @param {Supply} supply
 */
async function checkWhole(file, found, supply) {
  if (file.sha256 !== null && file.sha256 !== found) {
    for (const { key } of file.pieces) await supply.store?.remove("pieces", key);
    throw new WrongBytes(file.pieces[0].url ?? file.name);
  }
  file.sha256 = found;
}

/** What only the weights themselves say. @param {Engine} engine @param {Plan} plan @param {How} how */
function describeFrom(engine, plan, { towers }) {
  const { dtype, parameters } = engine.info();
  plan.dtype = dtype;
  if (towers === "both") plan.facts ??= { parameters, imageParameters: null, textParameters: null };
}

/**
 * Files of this machine, or what can only be read from its start to its end.
 *
 * @param {Opened} opened
 * @param {Job} job
 * @returns {Promise<Origin>}
 */
async function readLocal(opened, job) {
  const { feeder, meter } = job;
  const { name, bytes, files, remote } = opened;
  meter.begin(bytes, 0);
  /** @type {Map<string, string>} */
  const texts = new Map();
  const hashes = [];
  for (const file of files.filter(({ name }) => isText(name))) {
    const text = await readWhole(file);
    meter.file(text.length);
    texts.set(file.name, new TextDecoder().decode(text));
    hashes.push({ name: file.name, sha256: await sha256(text) });
  }
  await hand(texts, name, job);
  feeder.warmUp();
  const weights = files.filter(({ name }) => !isText(name));
  for (const file of weights) {
    if (file !== weights[0]) await feeder.nextFile();
    const hash = new HashStream();
    for await (const chunk of file.chunks()) {
      if (remote) meter.wire(chunk.length);
      meter.file(chunk.length);
      await feeder.push(chunk, name, hash);
    }
    hashes.push({ name: file.name, sha256: await hash.hex() });
  }
  await feeder.finish();
  const source = remote ? "download" : "file";
  return { name, hash: await modelHash(hashes), source, stored: false, verified: false, notes: [UNPUBLISHED] };
}
