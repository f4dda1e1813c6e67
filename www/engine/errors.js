/**
 * The engine's errors. Every one is an `Error` with a name from `ERROR_NAMES` and a sentence for people,
 * on both sides of the worker.
 *
 * @typedef {import("../../semblance.js").ErrorName} ErrorName
 */

/** @type {ReadonlySet<string>} */
export const ERROR_NAMES = new Set(
  /** @type {ErrorName[]} */ ([
    "AbortError",
    "PictureError",
    "TextError",
    "ModelError",
    "NetworkError",
    "StorageError",
    "EngineError",
    "LogitScaleMissing",
  ]),
);

/**
 * @param {Exclude<ErrorName, "AbortError">} name
 * @param {string} message a sentence: what went wrong, with what, and what to do
 * @param {unknown} [cause] what the browser threw
 */
export function failure(name, message, cause) {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  error.name = name;
  return error;
}

/** @param {unknown} thrown */
export function isAbort(thrown) {
  return thrown instanceof Error && thrown.name === "AbortError";
}

/** @param {unknown} thrown */
export function messageOf(thrown) {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/**
 * Bytes as people read them.
 *
 * @param {number} bytes
 */
export function readableBytes(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
