/** Everything of a load but the engine: what that would be given is hashed. */

onmessage = async ({ data: { number, site, source, bytes, stop, haste } }) => {
  await new Promise((resolve) => navigator.locks.request(`try ${number}`, () => new Promise(() => resolve(null))));
  // So many times as fast a clock: nobody has to sit through what the engine waits for before it tries again.
  const { setTimeout } = self;
  const now = performance.now.bind(performance);
  performance.now = () => now() * haste;
  self.setTimeout = (work, ms) => setTimeout(work, ms / haste);
  if (stop?.how === "hang") FileSystemFileHandle.prototype.createSyncAccessHandle = () => new Promise(() => {});
  /** Of the last loader: a load may begin anew. */
  const given = new Uint8Array(bytes);
  let filled = 0;
  class Loader {
    memory = undefined;
    constructor() {
      filled = 0;
    }
    files() {}
    next_file() {}
    push(bytes) {
      given.set(bytes, filled);
      filled += bytes.length;
    }
    finish() {
      return { info: () => ({ dtype: "q4_0", parameters: 1 }), free() {} };
    }
    free() {}
  }
  const wasm = Promise.resolve({ Loader, warm_up() {}, memory_needed: () => 1 });
  const ending = new AbortController();
  let progress = null;
  let reached = false;
  const onProgress = (now) => {
    progress = now;
    if (!stop || reached || now.loaded < stop.at) return;
    reached = true;
    if (stop.how === "kill") postMessage({ killed: true });
    else ending.abort();
  };
  try {
    const [{ load }, { openStore }] = await Promise.all(["fetching/load", "storage/store"].map((name) => import(`${site}www-src/engine/${name}.js`)));
    const how = { dtype: "int8", towers: "both" };
    const { origin } = await load(source, how, wasm, openStore(), { signal: ending.signal, onProgress });
    const hash = await crypto.subtle.digest("SHA-256", given.subarray(0, filled));
    const sha256 = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
    postMessage({ origin, progress, sha256 });
  } catch (thrown) {
    const { name, message, stack } = thrown;
    postMessage({ error: { name, message, stack }, progress, aborted: ending.signal.aborted });
  }
};
