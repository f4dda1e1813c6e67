/**
 * What the page and the index's worker say to each other; the messages look like those of the engine's
 * (api/protocol.js): `{ id, verb, args }`, and `{ id, ok }` or `{ id, error, broken }`.
 */

/** @typedef {import("./wasm.js").Filter} Filter */
/** @typedef {import("./stored.js").Header} Header */
/** A file as a folder lists it; `path` from the folder that was added. @typedef {{ path: string, size: number, modified: number }} Listed */
/** @typedef {Omit<import("./wasm.js").Facts, "thumbnail">} PictureFacts */
/** @typedef {PictureFacts & { id: number, thumbnail: import("./wasm.js").Place | null }} Known */
/** @typedef {ReturnType<import("./stored.js").StoredIndex["info"]>} Info */
/** @typedef {Known & { cosine: number }} Hit */
/**
 * Each verb's arguments and answer.
 *
 * @typedef {object} Calls
 * @property {{ args: { name: string, header: Header | null }, ok: { handle: number, info: Info } }} open
 * @property {{ args: { handle: number }, ok: null }} close
 * @property {{ args: {}, ok: string[] }} names of the indexes in storage
 * @property {{ args: { name: string }, ok: null }} delete
 * @property {{ args: { handle: number }, ok: Info }} info
 * @property {{ args: { handle: number, count: number }, ok: { needed: number, available: number | null, enough: boolean } }} roomFor so many more pictures
 * @property {{ args: { handle: number, folder: string | null }, ok: null }} begin files are going to come: all of a folder, or some
 * @property {{ args: { handle: number, files: Listed[] }, ok: Uint8Array }} compare 1 for each file that is there unchanged, else 0; of a folder all are compared before the first is entered
 * @property {{ args: { handle: number, whole: boolean }, ok: number }} settle all have come; where they were the whole of a folder, pictures that are not among them are removed; how many
 * @property {{ args: { handle: number, file: Blob, listed: Listed }, ok: { hash: Uint8Array, known: "same" | "renamed" | null } }} content a file's hash; where a picture of that content is there, the file is entered at once
 * @property {{ args: { handle: number, facts: PictureFacts, vector: Float32Array, thumbnail: Uint8Array | null }, ok: number }} put a picture; its number
 * @property {{ args: { handle: number, ids: number[] }, ok: null }} remove
 * @property {{ args: { handle: number, parts: Float32Array, weights: Float32Array, k: number, where: Filter, without: number[] }, ok: Hit[] }} search by parts, their vectors one after another, with a weight each
 * @property {{ args: { handle: number, from: number, count: number }, ok: Known[] }} list in the order of paths
 * @property {{ args: { handle: number, id: number }, ok: Float32Array }} vector
 * @property {{ args: { handle: number, id: number }, ok: Blob | null }} thumbnail
 */
/** @typedef {keyof Calls} Verb */
/** @typedef {{ id: number, verb: Verb, args: any }} Request */
/** @typedef {{ id: number, ok: any } | { id: number, error: import("../api/protocol.js").WireError, broken: boolean }} Reply */

export {};
