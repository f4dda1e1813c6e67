/** The WebAssembly modules beside the model's engine, each a crate's: fetched when something first needs one. */
import { failure, messageOf } from "../errors.js";
import { respond } from "../fetching/download.js";
import { addressOf, importAt } from "../../site.js";

/** Each once for all; one that could not be started is tried again the next time. @type {Map<string, Promise<any>>} */
const started = new Map();

/** @param {"describe" | "index" | "labels" | "measure" | "organise" | "tables" | "teach"} name @returns {Promise<any>} */
export function startModule(name) {
  const known = started.get(name);
  if (known) return known;
  const starting = start(name).catch((thrown) => {
    started.delete(name);
    throw thrown;
  });
  started.set(name, starting);
  return starting;
}

/** A module that has stopped is of no use any more. @param {string} name */
export function forgetModule(name) {
  started.delete(name);
}

/** @param {string} name */
async function start(name) {
  const address = addressOf(`wasm/${name}/${name}_bg.wasm`);
  const compiled = respond(address).then(async (response) => WebAssembly.compile(await response.arrayBuffer()));
  compiled.catch(() => {});
  try {
    const glue = await importAt(`wasm/${name}/${name}.js`);
    await glue.default({ module_or_path: await compiled });
    return glue;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "NetworkError") throw thrown;
    throw failure("EngineError", `The engine at ${address} could not be started (${messageOf(thrown)}).`, thrown);
  }
}
