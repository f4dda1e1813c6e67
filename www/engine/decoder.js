/** Decodes pictures beside the engine, whose thread is busy (decoders.js starts it): a picture comes in, its pixels go out. */
import { pixelsOf } from "./decode.js";
import { errorToWire } from "./protocol.js";

/** @typedef {import("./decoders.js").Decoded} Decoded */
/** @typedef {import("./decoders.js").ToDecode} ToDecode */

/** @param {MessageEvent<ToDecode>} event */
self.onmessage = async ({ data: { id, picture, look } }) => {
  /** @type {Decoded} */
  let answer;
  try {
    answer = { id, rgba: await pixelsOf(picture, look) };
  } catch (thrown) {
    answer = { id, error: errorToWire(thrown) };
  }
  self.postMessage(answer, { transfer: "rgba" in answer ? [answer.rgba.data.buffer] : [] });
};
