/**
 * An index in the worker: its files, and in wasm memory what they say. Records are appended and only then taken in, so
 * that whatever is there after a tab was closed in the middle is whole: read back to the last whole record.
 */
import { failure, messageOf, readableBytes } from "../errors.js";
import { crc32 } from "../storage/crc32.js";
import { fromHex, toHex } from "../storage/hash.js";
import { roomFor } from "../storage/quota.js";
import { hold, openFolder } from "./files.js";
import { append, CHUNK, copy, place, read } from "./records.js";

/** @typedef {import("./files.js").Files} Files */
/** @typedef {import("./files.js").Folder} Folder */
/** @typedef {import("./wasm.js").Facts} Facts */
/** @typedef {import("./wasm.js").Filter} Filter */
/** @typedef {import("./wasm.js").IndexWasm} IndexWasm */
/** @typedef {import("./wasm.js").PictureIndex} PictureIndex */
/** What all vectors of an index have in common; `model`: SHA-256 of its weights, in hexadecimal. @typedef {{ dim: number, exact: boolean, model: string }} Header */

/** Of the best, how many are ranked by the vectors as f32 where those are kept. */
const RESCORED = 100;
/** The greatest number: all of them. */
const ALL = 0xffff_ffff;
/** Vectors that wasm memory, which never shrinks, holds a second time. */
const VECTORS = 1024;
/** Pictures that a new file gets at a time, between which other work is let through. */
const COPIED_AT_A_TIME = 64;
/** A file is written anew once most of it says nothing any more, and it is worth it. */
const WASTE = 2 ** 20;
/** What a picture takes where none is there to tell: vector, facts, small picture. */
const USUAL_BYTES = 9000;

export class StoredIndex {
  #name;
  #folder;
  #files;
  #core;
  #generation;
  #lock;
  #wasm;
  /** Somebody reads the files from their beginning to their end: no new one takes their place meanwhile. */
  #reading = 0;
  /** Changed since a new file was begun; null while none is written. @type {Set<number> | null} */
  #touched = null;
  /** Numbers in the order of paths, until something changes. @type {Uint32Array | null} */
  #order = null;
  #closed = false;
  notes;

  /**
   * @param {{ name: string, folder: Folder, files: Files, core: PictureIndex, generation: number, lock: { release: () => void }, wasm: IndexWasm, notes: string[] }} parts
   */
  constructor({ name, folder, files, core, generation, lock, wasm, notes }) {
    this.#name = name;
    this.#folder = folder;
    this.#files = files;
    this.#core = core;
    this.#generation = generation;
    this.#lock = lock;
    this.#wasm = wasm;
    this.notes = notes;
  }

  /**
   * Open an index, or make it where there is none and `header` says what it is to be. One that is there may be another
   * model's: `check` says so.
   *
   * @param {string} name
   * @param {Header | null} header
   * @param {IndexWasm} wasm
   */
  static async open(name, header, wasm) {
    const lock = await hold(name);
    if (!lock) throw failure("StorageError", `The library “${name}” is open in another tab of this browser. Close it there first.`);
    try {
      const folder = await openFolder(name);
      const [generation = 0] = await folder.generations();
      const files = await folder.open(generation);
      try {
        const opened = read(files.records, wasm);
        const core = opened?.index ?? (header && new wasm.PictureIndex(header.dim, header.exact, fromHex(header.model)));
        if (!core) throw failure("StorageError", `There is no library “${name}” in this browser's storage.`);
        // What was being written when the tab was closed.
        if (opened && opened.length < files.records.size()) files.records.truncate(opened.length);
        const notes = opened?.damaged ? [`${readableBytes(opened.damaged)} of the library “${name}” were damaged in the browser's storage. The pictures there are to be added again; all others are whole.`] : [];
        if (folder.kind === "memory") notes.push(`The browser gives this page no storage, so the library “${name}” is in memory only and gone with the page.`);
        return new StoredIndex({ name, folder, files, core, generation, lock, wasm, notes });
      } catch (thrown) {
        files.records.close();
        files.thumbnails.close();
        throw thrown;
      }
    } catch (thrown) {
      lock.release();
      throw storageError(thrown, name);
    }
  }

  /** That its vectors are those of a model. @param {Header | null} header Null: of any. */
  check(header) {
    const { dim, model } = this.#core.info();
    if (!header || (dim === header.dim && toHex(model) === header.model)) return;
    throw failure("ModelError", `The vectors of the library “${this.#name}” come from another model, and a search compares vectors of one model only. Load that model, or give the new library another name.`);
  }

  info() {
    const { model, ...rest } = this.#core.info();
    const bytes = this.#files.records.size() + this.#files.thumbnails.size();
    return { ...rest, bytes, model: toHex(model), kept: this.#folder.kind === "opfs", notes: this.notes };
  }

  /** Pictures in the order of paths. @param {number} from @param {number} count */
  list(from, count) {
    this.#order ??= this.#core.ids();
    return this.#order.slice(from, from + count);
  }

  /** In the order of paths. @param {Filter} where */
  ids(where) {
    return this.#core.ids_of(where);
  }

  folders() {
    return this.#core.folders();
  }

  /** @param {number} id @param {number} count */
  neighbours(id, count) {
    return this.#core.neighbours(id, count);
  }

  /** @param {Iterable<number>} ids */
  facts(ids) {
    return Array.from(ids, (id) => ({ id, ...this.#core.facts(id) }));
  }

  /** @param {string} path */
  atPath(path) {
    return this.#core.at_path(path);
  }

  /** @param {Uint8Array} hash */
  ofContent(hash) {
    return this.#core.of_content(hash);
  }

  /** @param {number} id */
  vector(id) {
    return this.#core.vector(id);
  }

  /** Vectors one after another, as exactly as they are kept. @param {Uint32Array} ids */
  vectors(ids) {
    const { dim, exact } = this.#core.info();
    const rows = new Float32Array(ids.length * dim);
    for (let at = 0; at < ids.length; at += VECTORS) {
      const some = ids.subarray(at, at + VECTORS);
      if (exact) some.forEach((id, i) => rows.set(this.#exactVector(id, dim), (at + i) * dim));
      else rows.set(this.#core.vectors(some), at * dim);
    }
    return rows;
  }

  /** Its f32 stand at the end of what the file has. @param {number} id @param {number} dim */
  #exactVector(id, dim) {
    const [at, length] = this.#core.vector_place(id);
    return new Float32Array(this.#files.records.read(at, length).slice(length - 4 * dim).buffer);
  }

  /** Both files as they are now, in chunks. @param {() => Promise<void>} pause between them, for other work */
  async *chunks(pause) {
    this.flush();
    this.#reading += 1;
    try {
      // Whatever is written meanwhile is behind these ends.
      for (const kind of /** @type {const} */ (["records", "thumbnails"])) {
        const file = this.#files[kind];
        const size = file.size();
        for (let at = 0; at < size; at += CHUNK) {
          yield { kind, bytes: file.read(at, Math.min(CHUNK, size - at)) };
          await pause();
          if (this.#closed) throw failure("StorageError", "This library was closed.");
        }
      }
    } finally {
      this.#reading -= 1;
    }
  }

  /** A picture's small one; null where there is none, or its bytes are damaged. @param {number} id */
  thumbnail(id) {
    const place = this.#core.facts(id).thumbnail;
    const bytes = place && this.#files.thumbnails.read(place.at, place.length);
    return bytes && bytes.length === place.length && crc32(bytes) === place.crc ? new Blob([bytes], { type: "image/jpeg" }) : null;
  }

  /**
   * @param {{ parts: Float32Array, weights: Float32Array, neutral: Float32Array | null }} query
   * @param {number} k
   * @param {Filter} where
   * @returns {import("./protocol.js").Ranking}
   */
  rank({ parts, weights, neutral }, k, where) {
    const query = this.#core.combine(parts, weights);
    const { ids, cosines, line, threshold, middle, spread } = this.#core.rank(query, neutral ?? new Float32Array(0), Math.min(k, ALL), where);
    if (this.#core.info().exact) this.#rescore(query, ids, cosines);
    const standsOut = cosines.map((cosine) => (cosine - middle) / spread);
    return { ids, cosines, standsOut, line, threshold };
  }

  /** The first ones in the order of their vectors as f32. @param {Float32Array} query @param {Uint32Array} ids @param {Float32Array} cosines */
  #rescore(query, ids, cosines) {
    const best = ids.slice(0, RESCORED);
    const places = Array.from(best, (id) => this.#core.vector_place(id));
    const bytes = new Uint8Array(places.reduce((sum, [, length]) => sum + length, 0));
    places.reduce((at, [from, length]) => {
      bytes.set(this.#files.records.read(from, length), at);
      return at + length;
    }, 0);
    const hits = this.#core.rescore(query, best, bytes);
    ids.set(hits.ids);
    cosines.set(hits.cosines);
  }

  /**
   * A picture with its vector.
   *
   * @param {Omit<Facts, "thumbnail">} facts
   * @param {Float32Array} vector
   * @param {Uint8Array<ArrayBuffer> | null} thumbnail JPEG
   */
  put(facts, vector, thumbnail) {
    this.#append(() => this.#core.picture({ ...facts, thumbnail: this.#keepThumbnail(thumbnail) }, vector));
    return this.#touch(facts.path);
  }

  /** A picture of the same content as another one. @param {Omit<Facts, "thumbnail">} facts @param {number} same */
  putSame(facts, same) {
    const { width, height, taken, thumbnail } = this.#core.facts(same);
    const [at, length] = this.#core.vector_place(same);
    const vector = this.#files.records.read(at, length);
    this.#append(() => this.#core.picture_with({ ...facts, width, height, taken, thumbnail }, vector));
    return this.#touch(facts.path);
  }

  /** A picture that has another path, or another date. @param {number} id @param {Pick<Facts, "path" | "modified">} changed */
  renew(id, changed) {
    this.#append(() => this.#core.renewed(id, { ...this.#core.facts(id), ...changed }));
    this.#touched?.add(id);
  }

  /** @param {Iterable<number>} ids */
  remove(ids) {
    for (const id of ids) {
      this.#append(() => this.#core.removal(id));
      this.#touched?.add(id);
    }
    this.flush();
  }

  flush() {
    this.#files.thumbnails.flush();
    this.#files.records.flush();
  }

  /** What so many more pictures would take, and whether there is room. @param {number} count */
  async roomFor(count) {
    const { pictures, bytes } = this.info();
    const each = pictures >= 100 ? bytes / pictures : USUAL_BYTES;
    const needed = Math.round(count * each);
    return { needed, ...(this.#folder.kind === "opfs" ? await roomFor(needed) : { available: null, enough: true }) };
  }

  /** Whether the file is to be written anew. */
  get isWasteful() {
    const { waste, bytes } = this.#core.info();
    return this.#reading === 0 && this.#touched === null && waste > WASTE && waste > bytes / 2;
  }

  /**
   * Write a new file with what counts, and take it in the place of the old one. Whatever happens on the way, one of them
   * is there. Other work goes on meanwhile, in `pause`.
   *
   * @param {() => Promise<void>} pause
   */
  async compact(pause) {
    const generation = this.#generation + 1;
    await this.#folder.remove(generation);
    const files = await this.#folder.open(generation);
    const { dim, exact, model } = this.#core.info();
    const core = new this.#wasm.PictureIndex(dim, exact, model);
    try {
      this.#touched = new Set();
      let some = 0;
      for (const id of this.#core.ids()) {
        if (!this.#touched.has(id)) copy(id, this.#core, this.#files, core, files);
        if (++some % COPIED_AT_A_TIME === 0) await pause();
        if (this.#closed) throw failure("StorageError", "This library was closed.");
      }
      for (const id of this.#touched) {
        if (this.#core.has(id)) copy(id, this.#core, this.#files, core, files);
        else if (core.has(id)) append(core, files.records, core.removal(id));
      }
      files.thumbnails.flush();
      files.records.flush();
      await this.#folder.finish(generation);
    } catch (thrown) {
      core.free();
      files.records.close();
      files.thumbnails.close();
      await this.#folder.remove(generation);
      throw thrown;
    } finally {
      this.#touched = null;
    }
    this.#files.records.close();
    this.#files.thumbnails.close();
    this.#core.free();
    this.#files = files;
    this.#core = core;
    this.#generation = generation;
    this.#order = null;
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.flush();
    this.#files.records.close();
    this.#files.thumbnails.close();
    this.#core.free();
    this.#lock.release();
  }

  /** The bytes are not what the file says until a record names them. @param {Uint8Array<ArrayBuffer> | null} bytes */
  #keepThumbnail(bytes) {
    return bytes && place(this.#files.thumbnails, bytes);
  }

  /** @param {() => Uint8Array<ArrayBuffer>} record */
  #append(record) {
    const { records, thumbnails } = this.#files;
    const before = { records: records.size(), thumbnails: thumbnails.size() };
    try {
      append(this.#core, records, record());
      this.#order = null;
    } catch (thrown) {
      // Half a record, or a small picture that nobody names.
      records.truncate(before.records);
      thumbnails.truncate(before.thumbnails);
      throw thrown;
    }
  }

  /** @param {string} path */
  #touch(path) {
    const id = /** @type {number} */ (this.#core.at_path(path));
    this.#touched?.add(id);
    return id;
  }
}

/** What the browser's storage threw, as a sentence. @param {unknown} thrown @param {string} name */
export function storageError(thrown, name) {
  if (!(thrown instanceof DOMException)) return thrown;
  const full = thrown.name === "QuotaExceededError";
  const what = full ? "The browser has no room left for this site" : `The browser's storage failed (${messageOf(thrown)})`;
  return failure("StorageError", `${what}: what the library “${name}” has so far stays. ${full ? "Remove models or libraries that you don't need, or free space on this device, and add the rest again." : "Try again."}`, thrown);
}
