/** Decodes pictures beside the engine, whose thread is busy (decoders.js starts it): a picture comes in, its pixels go out. */
import { pixelsOf } from "./decode.js";
import { errorToWire } from "../api/protocol.js";

/** @typedef {import("./decoders.js").Decoded} Decoded */
/** @typedef {import("./decoders.js").ToDecode} ToDecode */

/** @param {MessageEvent<ToDecode>} event */
self.onmessage = async ({ data: { id, picture, look, side } }) => {
  try {
    const rgba = await pixelsOf(picture, look, side);
    answer({ id, rgba }, [rgba.data.buffer]);
  } catch (thrown) {
    answer({ id, error: errorToWire(thrown) });
  }
};

self.onmessageerror = () => {
  // The one who asked hears of what nobody catches.
  throw new Error("a picture could not be read");
};

/** @param {Decoded} decoded @param {Transferable[]} [transfer] */
function answer(decoded, transfer = []) {
  self.postMessage(decoded, { transfer });
}

self.postMessage(/** @satisfies {import("./decoders.js").Ready} */ ("ready"));
