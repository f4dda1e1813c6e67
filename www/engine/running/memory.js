/** Whether a model fits into memory, worked out before anything of it is fetched. */
import { isPhone } from "./builds.js";
import { failure, readableBytes } from "../errors.js";

/** @typedef {import("../../../semblance.js").Compute} Compute */
/** @typedef {import("../../../semblance.js").Towers} Towers */
/** What a model's description says of its size; the towers' parts may be missing. */
/** @typedef {{ parameters: number, imageParameters: number | null, textParameters: number | null }} Facts */
/** Bytes for this much of the model; null where that can't be told. @typedef {(towers: Towers) => number | null} Need */

/** Packed weights with their scales, for one parameter. @type {Record<Compute, number>} */
const PER_PARAMETER = { int8: 1.07, f32: 4 };
/** Activations, the layer being packed, and what the allocator loses. */
const OVERHEAD = 1.1;
const FIXED = 100e6;

/** WebAssembly has 4 GB of addresses, and browsers refuse to grow a memory somewhat earlier. */
const LIMIT = 3e9;
/** Phones end a page that takes more. */
const PHONE_LIMIT = 1e9;

export function memoryLimit() {
  return isPhone() ? PHONE_LIMIT : LIMIT;
}

/** What a model keeps in memory while it does nothing. @param {number} parameters @param {Compute} dtype */
export function weightsOf(parameters, dtype) {
  return Math.round(parameters * PER_PARAMETER[dtype]);
}

/** @param {Facts | null} facts @param {Compute} dtype @returns {Need} */
export function needOf(facts, dtype) {
  return (towers) => {
    const { parameters = null, imageParameters = null, textParameters = null } = facts ?? {};
    const count = towers === "both" ? parameters : towers === "image" ? imageParameters : textParameters;
    return count && Math.round(count * PER_PARAMETER[dtype] * OVERHEAD + FIXED);
  };
}

/**
 * The engine's own figure, from a model folder's texts.
 *
 * @param {import("./wasm.js").Wasm} wasm
 * @param {Map<string, string>} texts by name
 * @param {Compute} dtype
 * @returns {Need}
 */
export function needFrom(wasm, texts, dtype) {
  const config = texts.get("config.json") ?? texts.get("open_clip_config.json") ?? "{}";
  return (towers) => wasm.memory_needed(config, dtype, towers);
}

/**
 * @param {string} title
 * @param {Need} need
 * @param {{ dtype: Compute, towers: Towers, taken?: number }} options `taken`: bytes that loaded models have
 * @throws a `ModelError` where it doesn't fit
 */
export function checkMemory(title, need, { dtype, towers, taken = 0 }) {
  const limit = memoryLimit();
  const needed = need(towers);
  if (needed === null || needed + taken <= limit) return;
  if (needed <= limit) {
    throw failure(
      "ModelError",
      `${title} needs ${readableBytes(needed)} of memory to run in ${dtype}. This browser has at most ${readableBytes(limit)} for it, of which the models that are loaded take ${readableBytes(taken)}: free them first.`,
    );
  }
  /** @type {Towers[]} */
  const parts = towers === "both" ? ["image", "text"] : [];
  const alone = parts.filter((part) => (need(part) ?? Infinity) <= limit).map((part) => `its ${part} tower alone needs ${readableBytes(need(part) ?? 0)} and would fit`);
  const which = towers === "both" ? title : `The ${towers} tower of ${title}`;
  throw failure(
    "ModelError",
    `${which} needs ${readableBytes(needed)} of memory to run in ${dtype}, and this browser has at most ${readableBytes(limit)} for it${alone.length > 0 ? `; ${alone.join(", ")}` : ""}.`,
  );
}
