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
/** @typedef {import("../../../semblance.js").Ranking} Ranking */
/**
 * Each verb's arguments and answer.
 *
 * @typedef {object} Calls
 * @property {{ args: { name: string, header: Header | null }, ok: { handle: number, info: Info, neutral: string[] } }} open with captions that mean nothing in particular
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
 * @property {{ args: { handle: number, parts: Float32Array, weights: Float32Array, neutral: Float32Array | null, k: number, where: Filter, without: number[] }, ok: Ranking }} rank by parts, their vectors one after another, with a weight each; `neutral`: where the query is one of words, the vectors of the neutral captions
 * @property {{ args: { handle: number, where: Filter }, ok: Uint32Array }} ids in the order of paths
 * @property {{ args: { handle: number, ids: Uint32Array }, ok: Known[] }} facts
 * @property {{ args: { handle: number }, ok: string[] }} folders
 * @property {{ args: { handle: number, id: number, count: number }, ok: Known[] }} neighbours of its folder, itself among them
 * @property {{ args: { handle: number, format: import("../../../semblance.js").IndexFormat }, ok: { file: Blob, extension: string } }} export
 * @property {{ args: { name: string, file: File, exact: boolean }, ok: null }} import as a new library
 * @property {{ args: { handle: number, from: number, count: number }, ok: Known[] }} list in the order of paths
 * @property {{ args: { handle: number, id: number }, ok: Float32Array }} vector
 * @property {{ args: { handle: number, ids: Uint32Array }, ok: Float32Array }} vectors one after another, as exactly as they are kept
 * @property {{ args: { handle: number, id: number }, ok: Blob | null }} thumbnail
 */
/** @typedef {keyof Calls} Verb */
/** @typedef {{ id: number, verb: Verb, args: any }} Request */
/** @typedef {{ id: number, ok: any } | { id: number, error: import("../api/protocol.js").WireError, broken: boolean }} Reply */

export {};
