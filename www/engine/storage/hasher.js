/** Hashes beside the engine, whose thread is busy (hashing.js starts it). */
import { errorToWire, transferList } from "../api/protocol.js";
import { Sha256, sha256 } from "./hash.js";

/** @typedef {import("./hashing.js").Calls} Calls */
/** @typedef {{ [V in keyof Calls]: (args: Calls[V]["args"]) => Calls[V]["ok"] | Promise<Calls[V]["ok"]> }} Actions */

/** @type {Map<number, Sha256>} */
const streams = new Map();

/** @type {Actions} */
const actions = {
  ready: () => null,
  digest: async ({ bytes }) => ({ bytes, sha256: await sha256(bytes) }),
  update({ stream, bytes }) {
    const hash = streams.get(stream) ?? new Sha256();
    streams.set(stream, hash.update(bytes));
    return bytes;
  },
  end({ stream }) {
    const hash = streams.get(stream) ?? new Sha256();
    streams.delete(stream);
    return hash.hex();
  },
};

/** @param {MessageEvent<{ id: number, verb: keyof Calls, args: any }>} event */
self.onmessage = async ({ data: { id, verb, args } }) => {
  try {
    answer({ id, ok: await actions[verb](args) });
  } catch (thrown) {
    answer({ id, error: errorToWire(thrown), broken: false });
  }
};

/** @param {import("../running/messenger.js").Reply} reply */
function answer(reply) {
  self.postMessage(reply, { transfer: transferList(reply) });
}
