/**
 * The engine's helper threads: workers on one memory, each running thread.js. In the build with threads this stands in
 * the place of wasm-bindgen-rayon's own script, which makes them from `blob:` addresses, so that a content policy would
 * have to allow those, and never hears of one that can't start.
 */
import { messageOf } from "../errors.js";
import { startWorker } from "./workers.js";

/** wasm-bindgen-rayon's. `receiver` is where in memory a thread gets its work from. @typedef {{ numThreads(): number, receiver(): number, mainJS(): string, build(): void }} PoolBuilder */
/** What thread.js is sent. @typedef {{ script: string, module: WebAssembly.Module, memory: WebAssembly.Memory, receiver: number }} ThreadStart */

/** Threads that have not answered by then never will: a content policy may keep a worker from starting without a word. */
const THREADS_MS = 10_000;

/** Some browsers end a worker that nothing refers to. @type {Worker[]} */
const threads = [];

/**
 * @param {WebAssembly.Module} module
 * @param {WebAssembly.Memory} memory
 * @param {PoolBuilder} builder
 */
export async function startWorkers(module, memory, builder) {
  /** @type {ThreadStart} */
  const start = { script: builder.mainJS(), module, memory, receiver: builder.receiver() };
  const fresh = Array.from({ length: builder.numThreads() }, () => startWorker("www/engine/running/thread.js", "semblance-thread"));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("its threads did not answer")), THREADS_MS);
  });
  try {
    await Promise.race([Promise.all(fresh.map((thread) => ready(thread, start))), late]);
  } catch (thrown) {
    for (const thread of fresh) thread.terminate();
    throw thrown;
  } finally {
    clearTimeout(timer);
  }
  threads.push(...fresh);
  builder.build();
}

/** @param {Worker} thread @param {ThreadStart} start @returns {Promise<void>} */
function ready(thread, start) {
  return new Promise((resolve, reject) => {
    thread.onmessage = ({ data: failure }) => (failure === null ? resolve() : reject(new Error(messageOf(failure))));
    thread.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message || "a thread's script could not be loaded"));
    };
    thread.postMessage(start);
  });
}
