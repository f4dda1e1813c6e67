/** TIFF, which browsers mostly can't read: by a WebAssembly module of its own (`crates/tiff`), fetched when such a file comes. */
import { respond } from "../fetching/download.js";
import { failure, messageOf } from "../errors.js";
import { addressOf } from "../../site.js";

/** What `crates/tiff/src/exports.rs` names. @typedef {{ memory: WebAssembly.Memory, file(length: number): number, decode(): number, answer(): number, answer_length(): number, width(): number, height(): number }} Tiff */

/** @type {Promise<WebAssembly.Module> | null} */
let compiled = null;

/**
 * The first page's pixels, not turned.
 *
 * @param {Blob} file
 * @returns {Promise<import("../api/protocol.js").Rgba>}
 */
export async function decodeTiff(file) {
  // One that could not be fetched is tried again with the next file.
  compiled ??= compile().catch((thrown) => {
    compiled = null;
    throw thrown;
  });
  const module = await compiled;
  const bytes = new Uint8Array(await file.arrayBuffer());
  // Its memory goes with it.
  const { exports } = await WebAssembly.instantiate(module, {});
  return run(/** @type {Tiff} */ (/** @type {unknown} */ (exports)), bytes);
}

async function compile() {
  const url = addressOf("wasm/tiff.wasm");
  const response = await respond(url);
  try {
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (thrown) {
    throw failure("EngineError", `The decoder of TIFF pictures at ${url} could not be started (${messageOf(thrown)}).`, thrown);
  }
}

/** @param {Tiff} tiff @param {Uint8Array} bytes */
function run(tiff, bytes) {
  try {
    // Memory grows for it, and is elsewhere then.
    const room = tiff.file(bytes.length);
    new Uint8Array(tiff.memory.buffer, room, bytes.length).set(bytes);
    const good = tiff.decode() === 1;
    const answer = new Uint8ClampedArray(tiff.memory.buffer, tiff.answer(), tiff.answer_length());
    if (!good) throw failure("PictureError", new TextDecoder().decode(answer));
    return { data: answer.slice(), width: tiff.width(), height: tiff.height() };
  } catch (thrown) {
    if (!(thrown instanceof WebAssembly.RuntimeError)) throw thrown;
    throw failure("PictureError", "This TIFF file can't be decoded: it is damaged, or takes more memory than there is.", thrown);
  }
}
