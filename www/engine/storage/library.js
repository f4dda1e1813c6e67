/** The models in this browser's storage: listing, checking, removing them, and taking them in and out as files. */
import { crc32 } from "./crc32.js";
import { learnFrom } from "../fetching/describe.js";
import { failure } from "../errors.js";
import { modelHash, sha256 } from "./hash.js";
import { HashStream } from "./hashing.js";
import { openLocal } from "../fetching/local.js";
import { readPiece } from "../fetching/pieces.js";
import { idOf, PIECE_BYTES, piecesOf, planFrom, presentBytes, presentIn } from "../fetching/plan.js";
import { needsRoom } from "./quota.js";
import { allRecords, beginRecord, finishRecord, lastUse, readRecord, removeRecord } from "./records.js";
import { step } from "../running/steps.js";
import { alone } from "./store.js";
import { forgetVectors } from "./vectors.js";
import { zip } from "./zip.js";

/** @typedef {import("../../../semblance.js").StoredModel} StoredModel */
/** @typedef {import("../fetching/plan.js").Piece} Piece */
/** @typedef {import("../fetching/plan.js").Plan} Plan */
/** @typedef {import("../fetching/plan.js").PlanFile} PlanFile */
/** @typedef {import("../api/protocol.js").LocalFile} LocalFile */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {{ signal: AbortSignal, onProgress: (progress: import("../api/protocol.js").StepProgress) => void }} Options */

/** @param {Store | null} store @returns {Promise<StoredModel[]>} the last used first */
export async function storedModels(store) {
  if (!store) return [];
  const present = await presentIn(store);
  const models = await Promise.all((await allRecords(store)).map(({ plan, finished }) => entryOf(store, plan, finished, present)));
  return models.sort((a, b) => (b.lastUsed ?? 0) - (a.lastUsed ?? 0));
}

/**
 * @param {Store} store
 * @param {Plan} plan
 * @param {boolean} finished it was whole once; pieces may be gone since
 * @param {import("../fetching/plan.js").Present} all
 * @returns {Promise<StoredModel>}
 */
async function entryOf(store, plan, finished, all) {
  const { id, name, title, licence, revision, dtype, bytes, source, hash } = plan;
  const present = presentBytes(plan, all);
  const about = { id, name, title, licence, revision, dtype, bytes, source, hash };
  return { ...about, present, complete: finished && present === bytes, lastUsed: await lastUse(store, id) };
}

/** @param {Store | null} store @param {string} id @returns {Promise<{ store: Store, plan: Plan }>} */
async function find(store, id) {
  const plan = (await readRecord(store, "models", id)) ?? (await readRecord(store, "unfinished", id));
  if (!store || !plan) throw failure("ModelError", "This model is not in the browser's storage any more.");
  return { store, plan };
}

/**
 * Read every byte. What is damaged goes, and the next load brings it anew.
 *
 * @param {Store | null} anyStore
 * @param {string} id
 * @param {Options} options
 * @returns {Promise<import("../../../semblance.js").Verification>}
 */
export async function verifyModel(anyStore, id, { signal, onProgress }) {
  const { store, plan } = await find(anyStore, id);
  const { pieces } = await presentIn(store);
  const total = presentBytes(plan, { pieces, parts: new Map() });
  let [done, bad] = [0, 0];
  for (const piece of piecesOf(plan)) {
    await step(signal);
    if (!pieces.has(piece.key)) continue;
    // Again before it goes: another tab may have been writing it.
    const right = (await readPiece(store, piece)) || (await alone(`piece/${piece.key}`, signal, () => removeDamaged(store, piece)));
    if (right) done += piece.bytes;
    else bad += 1;
    onProgress({ done, total });
  }
  return { ok: bad === 0, bad, bytes: done };
}

/** @param {Store} store @param {Piece} piece */
async function removeDamaged(store, piece) {
  if (await readPiece(store, piece)) return true;
  await store.remove("pieces", piece.key);
  return false;
}

/**
 * @param {Store | null} store
 * @param {string} id
 * @param {boolean} unfinished only what came of a download that has not ended; the model that was there before stays
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>} whether there was anything to remove
 */
export async function deleteModel(store, id, unfinished, signal) {
  if (!store) return false;
  const [whole, begun] = [await readRecord(store, "models", id), await readRecord(store, "unfinished", id)];
  const hashes = (unfinished ? [begun] : [whole, begun]).map((plan) => plan?.hash);
  if (unfinished && !begun) return false;
  await removeRecord(store, id, unfinished && whole ? ["unfinished"] : ["models", "unfinished", "used"], signal);
  const others = new Set((await allRecords(store)).map(({ plan }) => plan.hash));
  for (const hash of hashes) if (hash && !others.has(hash)) await forgetVectors(hash);
  return Boolean(whole || begun);
}

/**
 * As a file that `importModel` takes, on any machine: its pieces are checked, and read only when the file is.
 *
 * @param {Store | null} anyStore
 * @param {string} id
 * @param {Options} options
 * @returns {Promise<File>}
 */
export async function exportModel(anyStore, id, { signal }) {
  const { store, plan } = await find(anyStore, id);
  /** @type {import("./zip.js").Packed[]} */
  const files = [];
  for (const { name, bytes, pieces } of plan.files) {
    let crc = 0;
    const parts = [];
    for (const piece of pieces) {
      await step(signal);
      const kept = await readPiece(store, piece);
      const blob = await store.blob("pieces", piece.key);
      if (!kept || !blob) throw failure("ModelError", "This model can't be exported: it is not complete. Load it once, so that what is missing is downloaded.");
      crc = crc32(kept.bytes, crc);
      parts.push(blob);
    }
    files.push({ name, bytes, crc, parts });
  }
  const name = plan.name.replace(/[^\w.-]+/g, "-").replace(/\.(gguf|zip|safetensors)$/i, "");
  if (files.length === 1) return new File(files[0].parts, `${name}.gguf`, { type: "application/octet-stream" });
  return new File(zip(files), `${name}.zip`, { type: "application/zip" });
}

/**
 * Files of this machine into storage.
 *
 * @param {Store | null} store
 * @param {LocalFile[]} picked
 * @param {Promise<import("../running/wasm.js").Wasm>} wasm
 * @param {Options} options
 * @returns {Promise<StoredModel>}
 */
export async function importModel(store, picked, wasm, { signal, onProgress }) {
  if (!store) throw failure("StorageError", "This browser gives this page no storage, so nothing can be imported. The file can be opened instead.");
  const opened = await openLocal(picked);
  const { name, bytes, files } = opened;
  // What the engine can't begin with is not worth the room.
  await learnFrom(opened, wasm, { dtype: "int8", towers: "both" });
  const total = bytes ?? 0;
  const full = await needsRoom(total);
  if (full) throw failure("StorageError", full);
  const source = picked.length === 1 ? picked[0].path : name;
  const title = name.replace(/\.(gguf|zip)$/i, "");
  // Before its bytes are known, nothing tells it from another one of the same name but the time.
  const draft = planFrom({ id: await idOf(`${name}\n${Date.now()}`), name: title, title, licence: "", revision: null, dtype: "", source, url: null, published: false }, []);
  draft.bytes = total;
  let done = 0;
  try {
    for (const file of files) {
      const kept = { name: file.name, bytes: file.bytes, sha256: /** @type {string | null} */ (null), git: null, pieces: /** @type {Piece[]} */ ([]) };
      draft.files.push(kept);
      const hash = new HashStream();
      for await (const piece of inPieces(file.chunks())) {
        await step(signal);
        for (let at = 0; at < piece.length; at += 2 ** 20) {
          await hash.update(piece.subarray(at, at + 2 ** 20));
          await step(signal);
        }
        const key = await sha256(piece);
        kept.pieces.push({ key, bytes: piece.length, sha256: key, url: null, start: null });
        // First the record: no piece is nobody's.
        await beginRecord(store, draft, signal);
        await alone(`piece/${key}`, signal, async () => {
          const there = await readPiece(store, { key, bytes: piece.length, sha256: key, url: null, start: null });
          if (!there) await store.write("pieces", key, piece, key);
        });
        onProgress({ done: (done += piece.length), total });
      }
      kept.sha256 = await hash.hex();
    }
    const hash = await modelHash(draft.files);
    const plan = { ...draft, id: await idOf(`file\n${hash}`), hash };
    await finishRecord(store, plan, signal);
    return await entryOf(store, plan, true, await presentIn(store));
  } finally {
    await removeRecord(store, draft.id, ["unfinished"], new AbortController().signal);
  }
}

/** @param {AsyncIterable<Uint8Array<ArrayBuffer>>} chunks of any size */
async function* inPieces(chunks) {
  let piece = new Uint8Array(PIECE_BYTES);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const some = chunk.subarray(at, at + PIECE_BYTES - filled);
      piece.set(some, filled);
      filled += some.length;
      at += some.length;
      if (filled < PIECE_BYTES) continue;
      yield piece;
      filled = 0;
    }
  }
  if (filled > 0) yield piece.slice(0, filled);
}
