/** Semblance's engine in the calling worker, loaded as the library does and then driven by itself. */
import { load } from "/www/engine/fetching/load.js";
import { startWasm } from "/www/engine/running/wasm.js";

/** @typedef {import("/www/engine/running/wasm.js").Engine} Engine */
/** @typedef {import("/www/engine/running/wasm.js").Wasm} Wasm */
/** @typedef {import("/www/engine/running/wasm.js").Towers} Towers */
/** A build, and how many threads it has; one, but in the build with threads. @typedef {{ build: Wasm["build"], threads: number }} Choice */

/**
 * @param {string} bundle address of its manifest
 * @param {Choice} choice
 * @param {Parameters<typeof load>[3]} store
 * @param {Towers} [towers]
 * @returns {Promise<{ engine: Engine, wasm: Wasm }>}
 */
export async function loadEngine(bundle, { build, threads }, store, towers = "both") {
  const starting = startWasm((url) => fetch(url), { build, threads });
  const options = { signal: new AbortController().signal, onProgress: () => {} };
  const { engine } = await load({ kind: "bundle", url: bundle }, { dtype: "int8", towers }, starting, store, options);
  const wasm = await starting;
  if (wasm.build !== build || wasm.threads !== threads) {
    throw new Error(`asked for ${build} with ${threads} threads, got ${wasm.build} with ${wasm.threads}`);
  }
  return { engine, wasm };
}
