/** Files of this machine → a model's files in their order: one `.gguf`, a folder in Hugging Face's layout, or a zip of one. */
import { failure, readableBytes } from "../errors.js";
import { chooseFiles, inFolder } from "./folder.js";
import { slices } from "./slices.js";
import { unzip } from "../storage/unzip.js";

/** @typedef {import("../api/protocol.js").LocalFile} LocalFile */
/** One file, read from its start. @typedef {{ name: string, bytes: number, chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> }} OpenedFile */
/** `bytes`: of all files, where known. `remote`: they come over the network. @typedef {{ name: string, bytes: number | null, files: OpenedFile[], remote: boolean }} Opened */

/** Of a text: vocabularies of other languages have some ten million. */
export const TEXT_MOST = 64e6;

/** @param {LocalFile[]} files @returns {Promise<Opened>} */
export async function openLocal(files) {
  const [{ path, file }] = files;
  const name = path.split("/").at(-1) ?? path;
  if (files.length === 1 && /\.zip$/i.test(path)) return fromFolder(await unzip(file, name), name);
  const opened = files.map(({ path, file }) => ({ path, bytes: file.size, chunks: () => slices(file, path) }));
  return fromFolder(opened, files.length === 1 ? name : path.split("/")[0]);
}

/** @param {{ path: string, bytes: number, chunks: OpenedFile["chunks"] }[]} all @param {string} name @returns {Promise<Opened>} */
async function fromFolder(all, name) {
  const files = inFolder(all).map(({ name, file: { bytes, chunks } }) => ({ name, bytes, chunks }));
  const [gguf, another] = files.filter(({ name }) => /\.gguf$/i.test(name));
  const lone = files.length === 1 && !/\.(safetensors|json|txt)$/i.test(files[0].name) ? files[0] : null;
  // What a single file is, its first bytes say, whatever its name.
  if (lone || (gguf && !another)) return opened(name, [lone ?? gguf]);
  if (files.length === 1) {
    throw failure("ModelError", `${files[0].name} alone is no model: the weights, config.json and the tokenizer are needed together. Choose the whole folder, or a zip of it.`);
  }
  const names = files.map(({ name }) => name);
  const find = (/** @type {string} */ wanted) => /** @type {OpenedFile} */ (files.find(({ name }) => name === wanted));
  const chosen = await chooseFiles(names, name, async (wanted) => new TextDecoder().decode(await readWhole(find(wanted))));
  return opened(name, chosen.map(find));
}

/** @param {string} name @param {OpenedFile[]} files @returns {Opened} */
function opened(name, files) {
  return { name, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), files, remote: false };
}

/** A text, as bytes. @param {OpenedFile} file @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function readWhole({ name, bytes, chunks }) {
  if (bytes > TEXT_MOST) throw failure("ModelError", `${name} is too long for a text of a model (${readableBytes(bytes)}).`);
  const whole = new Uint8Array(bytes);
  let filled = 0;
  for await (const chunk of chunks()) {
    whole.set(chunk, filled);
    filled += chunk.length;
  }
  return whole;
}
