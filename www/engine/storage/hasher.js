/** Hashes beside the engine, whose thread is busy (hashing.js starts it). */
import { messageOf } from "../errors.js";
import { Sha256, sha256 } from "./hash.js";

/** @typedef {import("./hashing.js").Hashed} Hashed */
/** @typedef {import("./hashing.js").ToHash} ToHash */

/** @type {Map<number, Sha256>} */
const streams = new Map();

/** @param {MessageEvent<ToHash>} event */
self.onmessage = async ({ data }) => {
  const { id } = data;
  try {
    if (!("stream" in data)) return answer({ id, sha256: await sha256(data.bytes), bytes: data.bytes }, [data.bytes.buffer]);
    const stream = streams.get(data.stream) ?? new Sha256();
    streams.set(data.stream, stream);
    if ("bytes" in data) {
      stream.update(data.bytes);
      answer({ id, bytes: data.bytes }, [data.bytes.buffer]);
    } else {
      streams.delete(data.stream);
      answer({ id, sha256: stream.hex() });
    }
  } catch (thrown) {
    answer({ id, error: messageOf(thrown) });
  }
};

self.onmessageerror = () => {
  // The one who asked hears of what nobody catches.
  throw new Error("bytes could not be read");
};

/** @param {Hashed} hashed @param {Transferable[]} [transfer] */
function answer(hashed, transfer = []) {
  self.postMessage(hashed, { transfer });
}

self.postMessage(/** @satisfies {import("./hashing.js").Ready} */ ("ready"));
