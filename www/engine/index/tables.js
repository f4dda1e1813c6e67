/** A library as a file, and back: the whole of it, or its vectors and list as other programs read them. */
import { failure } from "../errors.js";
import { crc32 } from "../storage/crc32.js";
import { fromHex, toHex } from "../storage/hash.js";
import { unzip } from "../storage/unzip.js";
import { zip } from "../storage/zip.js";
import { openFolder, removeFolder } from "./files.js";
import { StoredIndex } from "./stored.js";
import { isTrap } from "../running/wasm.js";
import { forgetTablesWasm, startIndexWasm, startTablesWasm } from "./wasm.js";

/** @typedef {import("../../../semblance.js").IndexFormat} IndexFormat */
/** @typedef {import("../storage/zip.js").Packed} Packed */
/** @typedef {() => Promise<void>} Pause for other work */

/** Pictures that are written or read at a time. */
const GROUP = 1024;
/** What a library's own file has in it, whole. */
const [RECORDS, THUMBNAILS] = ["records", "thumbnails"];
const LIST = "pictures.json";
/** Of a Parquet file, first and last. */
const PARQUET = "PAR1";

/**
 * @param {StoredIndex} index
 * @param {IndexFormat} format
 * @param {Pause} pause
 * @returns {Promise<{ file: Blob, extension: string }>}
 */
export async function exported(index, format, pause) {
  if (format === "library") return { file: zipOf(await wholeFiles(index, pause)), extension: "semblance.zip" };
  if (format === "parquet") return { file: await toParquet(index, pause), extension: "parquet" };
  const { vectors_header } = await startTablesWasm();
  const { model, dim } = index.info();
  const ids = index.list(0, Infinity);
  const vectors = new Entry(`vectors.${format}`);
  vectors.add(vectors_header(format, ids.length, dim));
  const list = new Entry(LIST);
  list.add(encode(`{"model":"${model}","dim":${dim},"pictures":[`));
  for (let at = 0; at < ids.length; at += GROUP) {
    const some = ids.subarray(at, at + GROUP);
    vectors.add(new Uint8Array(index.vectors(some).buffer));
    list.add(encode(`${at ? "," : ""}\n${listOf(index, some).map((line) => JSON.stringify(line)).join(",\n")}`));
    await pause();
  }
  list.add(encode("\n]}\n"));
  return { file: zipOf([vectors, list]), extension: `${format}.zip` };
}

/** @param {StoredIndex} index @param {Pause} pause */
async function wholeFiles(index, pause) {
  const entries = { [RECORDS]: new Entry(RECORDS), [THUMBNAILS]: new Entry(THUMBNAILS) };
  for await (const { kind, bytes } of index.chunks(pause)) entries[kind].add(bytes);
  return Object.values(entries);
}

/** @param {StoredIndex} index @param {Pause} pause */
async function toParquet(index, pause) {
  const { ParquetWriter } = await startTablesWasm();
  const { model, dim } = index.info();
  const writer = new ParquetWriter(fromHex(model), dim);
  const ids = index.list(0, Infinity);
  if (ids.length === 0) throw failure("StorageError", "There is nothing to export: the library has no picture.");
  /** @type {Blob[]} */
  const parts = [];
  for (let at = 0; at < ids.length; at += GROUP) {
    const some = ids.subarray(at, at + GROUP);
    parts.push(new Blob([writer.push(JSON.stringify(listOf(index, some)), index.vectors(some))]));
    await pause();
  }
  parts.push(new Blob([writer.finish()]));
  return new Blob(parts, { type: "application/vnd.apache.parquet" });
}

/** @param {StoredIndex} index @param {Uint32Array} ids */
function listOf(index, ids) {
  return index.facts(ids).map(({ path, size, modified, taken, width, height, hash }) => ({ path, size, modified, taken, width, height, hash: toHex(hash) }));
}

/** A file of a zip while it is put together; its parts may leave memory. */
class Entry {
  /** @type {Blob[]} */
  parts = [];
  bytes = 0;
  crc = 0;

  /** @param {string} name */
  constructor(name) {
    this.name = name;
  }

  /** @param {Uint8Array<ArrayBuffer>} bytes */
  add(bytes) {
    this.crc = crc32(bytes, this.crc);
    this.bytes += bytes.length;
    this.parts.push(new Blob([bytes]));
  }
}

/** @param {Packed[]} entries */
const zipOf = (entries) => new Blob(zip(entries), { type: "application/zip" });

/** @param {string} text */
const encode = (text) => new TextEncoder().encode(text);

/**
 * A new library of a file's.
 *
 * @param {string} name that no library has
 * @param {File} file
 * @param {boolean} exact whether vectors that come as f32 are kept as such
 * @param {Pause} pause
 */
export async function imported(name, file, exact, pause) {
  try {
    const head = new TextDecoder().decode(await file.slice(0, PARQUET.length).arrayBuffer());
    if (head === PARQUET) {
      const { ReadTable } = await startTablesWasm();
      return await fromTable(name, ReadTable.parquet(new Uint8Array(await file.arrayBuffer())), exact, pause);
    }
    const entries = await unzip(file, file.name, "StorageError");
    const find = (/** @type {string} */ wanted) => entries.find(({ path }) => path.split("/").pop() === wanted);
    const [records, list] = [find(RECORDS), find(LIST)];
    if (records) return await fromFiles(name, records, find(THUMBNAILS));
    for (const format of /** @type {const} */ (["npy", "safetensors"])) {
      const vectors = entries.find(({ path }) => path.endsWith(`.${format}`));
      if (!vectors || !list) continue;
      const { ReadTable } = await startTablesWasm();
      return await fromTable(name, ReadTable.vectors(format, await whole(vectors), await whole(list)), exact, pause);
    }
    throw failure("StorageError", `${file.name} is no library: a zip of one has records, or vectors with ${LIST}, in it.`);
  } catch (thrown) {
    // Half of a library is none.
    await removeFolder(name).catch(() => {});
    if (!isTrap(thrown)) throw thrown;
    forgetTablesWasm();
    throw failure("StorageError", `${file.name} is damaged: it can't be read.`, thrown);
  }
}

/** @typedef {import("../storage/unzip.js").Entry} Packaged */

/** @param {string} name @param {Packaged} records @param {Packaged} [thumbnails] */
async function fromFiles(name, records, thumbnails) {
  const folder = await openFolder(name);
  if (folder.kind === "memory") throw failure("StorageError", "The browser gives this page no storage, so a library can't be brought in.");
  const files = await folder.open(0);
  try {
    for (const [entry, file] of /** @type {const} */ ([[thumbnails, files.thumbnails], [records, files.records]])) {
      if (!entry) continue;
      for await (const chunk of entry.chunks()) file.write(chunk, file.size());
      file.flush();
    }
  } finally {
    files.records.close();
    files.thumbnails.close();
  }
  // It has to be one.
  const index = await StoredIndex.open(name, null, await startIndexWasm());
  index.close();
}

/** @param {string} name @param {import("./wasm.js").ReadTable} table @param {boolean} exact @param {Pause} pause */
async function fromTable(name, table, exact, pause) {
  try {
    const { model, dim, count } = table.info();
    const index = await StoredIndex.open(name, { dim, exact, model: toHex(model) }, await startIndexWasm());
    try {
      for (let at = 0; at < count; at += GROUP) {
        const pictures = JSON.parse(table.pictures(at, GROUP));
        pictures.forEach((/** @type {any} */ picture, /** @type {number} */ i) => index.put({ ...picture, hash: fromHex(picture.hash) }, table.vector(at + i), null));
        await pause();
      }
    } finally {
      index.close();
    }
  } finally {
    table.free();
  }
}

/** @param {Packaged} entry */
async function whole(entry) {
  const parts = [];
  for await (const chunk of entry.chunks()) parts.push(chunk);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
