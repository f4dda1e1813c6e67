/**
 * What a model is made of, wherever it comes from: files in the order in which the engine takes them, cut into pieces
 * that are fetched, checked and kept one by one. A plan is plain data; storage keeps it as the model's record.
 */
import { failure, readableBytes } from "../errors.js";
import { sha256 } from "../storage/hash.js";

/**
 * @typedef {object} Piece
 * @property {string} key its name in storage, made of what says which bytes it has: models share equal pieces
 * @property {number} bytes 1 to `MOST_PIECE_BYTES`
 * @property {string | null} sha256 null: only the whole file's is known, until it was whole once
 * @property {string | null} url null: it came from a file of this machine
 * @property {number | null} start where it begins in what lies at `url`; null: it is all of that
 */
/**
 * @typedef {object} PlanFile
 * @property {string} name as in the model's folder
 * @property {number} bytes
 * @property {string | null} sha256
 * @property {string | null} [version] by which its server tells it from another file at the same address, where no hash is known
 * @property {string | null} git SHA-1 of the file as a git blob, which a hub says of small files
 * @property {Piece[]} pieces
 */
/**
 * @typedef {object} Plan
 * @property {1} format
 * @property {string} id of the model in storage
 * @property {string} name
 * @property {string} title
 * @property {string} licence
 * @property {string | null} revision
 * @property {string} dtype of the weights in the file
 * @property {number} bytes of all files
 * @property {import("../running/memory.js").Facts | null} facts
 * @property {string} source address, repository id or file name
 * @property {string | null} url where people find it
 * @property {string | null} hash of the model; null until it was whole once
 * @property {boolean} published whoever publishes it says what its bytes should be
 * @property {number} [logitScale] for weights that have none
 * @property {PlanFile[]} files texts first
 */

/** Beyond it no file is cut: a ViT-bigG in f32 has 10 GB. */
const MOST_BYTES = 2 ** 34;
/** What a file is cut into: four of them are in memory at a time. */
export const PIECE_BYTES = 4 * 2 ** 20;
/** What a manifest or an earlier version has cut one into. */
export const MOST_PIECE_BYTES = 16 * 2 ** 20;

/**
 * @param {string} source
 * @returns {Promise<string>} the storage's id of what comes from there
 */
export async function idOf(source) {
  return (await sha256(source)).slice(0, 32);
}

/**
 * A file in pieces that are ranges of it.
 *
 * @param {{ name: string, bytes: number, sha256?: string | null, git?: string | null, version?: string | null, url: string }} file
 * @param {string} identity of its bytes, for where no hash is known
 * @returns {PlanFile}
 */
export function cut({ name, bytes, sha256 = null, git = null, version = null, url }, identity) {
  if (!(bytes <= MOST_BYTES)) throw failure("ModelError", `${name} has ${readableBytes(bytes)}, more than any model that can be run here.`);
  const of = sha256 ?? identity;
  if (bytes <= PIECE_BYTES) return { name, bytes, sha256, git, version, pieces: [{ key: of, bytes, sha256, url, start: null }] };
  /** @type {Piece[]} */
  const pieces = [];
  for (let start = 0; start < bytes; start += PIECE_BYTES) {
    pieces.push({ key: `${of}-${start}`, bytes: Math.min(PIECE_BYTES, bytes - start), sha256: null, url, start });
  }
  return { name, bytes, sha256, git, version, pieces };
}

/**
 * @param {Omit<Plan, "format" | "bytes" | "facts" | "hash" | "files">} about
 * @param {PlanFile[]} files
 * @returns {Plan} with what only its bytes will tell left open
 */
export function planFrom(about, files) {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { format: 1, ...about, bytes, facts: null, hash: null, files };
}

/** @param {Plan} plan */
export function piecesOf({ files }) {
  return files.flatMap(({ pieces }) => pieces);
}

/** What is in storage, whole pieces and parts of others, and their bytes. @typedef {{ pieces: Map<string, number>, parts: Map<string, number> }} Present */

/** @param {import("../storage/store.js").Store | null} store @returns {Promise<Present>} */
export async function presentIn(store) {
  const [pieces = new Map(), parts = new Map()] = await Promise.all([store?.list("pieces"), store?.list("parts")]);
  return { pieces, parts };
}

/** How many bytes of a piece are here. @param {Piece} piece @param {Present} present */
export function presentOf({ key, bytes }, { pieces, parts }) {
  return pieces.get(key) === bytes ? bytes : Math.max(0, Math.min(parts.get(key) ?? 0, bytes - 1));
}

/** How many bytes of a model are here. @param {Plan} plan @param {Present} present */
export function presentBytes(plan, present) {
  return piecesOf(plan).reduce((sum, piece) => sum + presentOf(piece, present), 0);
}
