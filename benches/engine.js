/** Semblance's engine in the calling worker, loaded as the library does and then driven by itself. */
/** @typedef {import("/www/engine/running/wasm.js").Engine} Engine */
/** @typedef {import("/www/engine/running/wasm.js").Wasm} Wasm */
/** @typedef {import("/www/engine/running/wasm.js").Towers} Towers */
/** A build, and how many threads it has; one, but in the build with threads. @typedef {{ build: Wasm["build"], threads: number }} Choice */

/** Where another version of the site lies, to be compared with this one. @typedef {"" | "/before"} Base */

/**
 * The module of that version.
 *
 * @template {keyof Modules} Path
 * @param {Base} base
 * @param {Path} path below `/www/engine/`
 * @returns {Promise<Modules[Path]>}
 */
export function moduleOf(base, path) {
  return import(`${base}/www/engine/${path}`);
}

/** @typedef {{ "fetching/load.js": typeof import("/www/engine/fetching/load.js"), "pictures/decode.js": typeof import("/www/engine/pictures/decode.js"), "running/wasm.js": typeof import("/www/engine/running/wasm.js") }} Modules */

/**
 * @param {string} bundle address of its manifest
 * @param {Choice} choice
 * @param {Parameters<Modules["fetching/load.js"]["load"]>[3]} store
 * @param {Towers} [towers]
 * @param {Base} [base]
 * @returns {Promise<{ engine: Engine, wasm: Wasm }>}
 */
export async function loadEngine(bundle, { build, threads }, store, towers = "both", base = "") {
  const [{ load }, { startWasm }] = await Promise.all([moduleOf(base, "fetching/load.js"), moduleOf(base, "running/wasm.js")]);
  const starting = startWasm((url) => fetch(url), { build, threads });
  const options = { signal: new AbortController().signal, onProgress: () => {} };
  const { engine } = await load({ kind: "bundle", url: bundle }, { dtype: "int8", towers }, starting, store, options);
  const wasm = await starting;
  if (wasm.build !== build || wasm.threads !== threads) {
    throw new Error(`asked for ${build} with ${threads} threads, got ${wasm.build} with ${wasm.threads}`);
  }
  return { engine, wasm };
}
