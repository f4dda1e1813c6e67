/**
 * index.html: each build's stages, its time by op, and how much arithmetic this machine can do at all, in turns.
 *
 * `?bundle=` a manifest's address, `peak=` that of the compiled ../peak/peak.rs, `threads=2,4` to run the build with
 * threads on so many, `rounds=`, `loads=`, and `warm=` the least milliseconds of every stage's warm-up. Without `peak`, only
 * what goes over the network is measured.
 */
import { startWorker } from "../calls.js";
import { alternate, pause, summary } from "../measure.js";
import { readTexts } from "../peer/inputs.js";
import { describe, main, numberOf, query, wordsOf } from "../report.js";

/** @typedef {import("../engine.js").Choice} Choice */
/** @typedef {import("../measure.js").Summary} Summary */
/** @typedef {import("../report.js").Report} Report */
/** @typedef {import("./worker.js").Given} Given */
/** @typedef {import("./worker.js").Ops} Ops */
/** @typedef {import("./worker.js").Stage} OfWorker */
/** And a picture beside another program that keeps a core busy. @typedef {OfWorker | "busy1"} Stage */
/** Medians, one call of the stage each. @typedef {{ ms: number, ops: Ops }} Profile */
/**
 * From the browser's storage, each time in a fresh worker: until the model is ready, the first picture and texts in the
 * engine, and until the first answer is there (a JPEG and 5 labels).
 *
 * @typedef {{ ready: Summary, image1: Summary, labels5: Summary, answer: Summary }} FromStorage
 */
/** Over the network, kept nowhere: until the model is ready, and the same files fetched and let go. @typedef {{ wire: Summary, bytes: Summary }} FromNetwork */
/** @typedef {FromStorage & FromNetwork} Loads */
/**
 * @typedef {object} BuildResult
 * @property {Choice["build"]} build
 * @property {number} threads
 * @property {Loads} load
 * @property {Record<Stage, Summary>} stages
 * @property {Partial<Record<Stage, Profile>>} profiles
 * @property {Record<string, Summary>} peaks milliseconds for 10⁹ operations, by route, on as many threads
 */
/**
 * @typedef {object} Result
 * @property {string} date
 * @property {string} userAgent
 * @property {object} model as `Engine.info` has it
 * @property {(BuildResult | { build: Choice["build"], threads: number, load: FromNetwork })[]} builds
 * @property {Record<string, string>} absent builds that could not run, and why
 */

/** Files on their way at a time, as the engine has them. */
const AT_A_TIME = 4;
/** A program that has run for so long has its core. */
const SETTLED_MS = 20;

const SAMPLE = "/assets/samples/boats.jpg";
/** A photograph's usual shape in a browser. */
const PHOTO = { width: 1024, height: 768 };

/** @type {readonly Stage[]} */
const STAGES = ["preprocess", "image1", "busy1", "image8", "labels5", "labels80", "captions80"];
/** @type {readonly OfWorker[]} */
const BY_OP = ["image1", "labels5", "labels80"];
const ROUTES = ["relaxed_dot", "relaxed_multiply_add", "relaxed_paired", "dot_i16", "multiply_add_f32"];

const bundle = new URL(query.get("bundle") ?? "", location.href).href;
const rounds = numberOf("rounds", 20) ?? 20;
const loads = numberOf("loads", 20) ?? 20;
const warmUp = numberOf("warm", 1000) ?? 1000;

main(async (report) => {
  /** @type {Given} */
  const given = { photo: await photo(), texts: await readTexts() };
  const peak = query.has("peak") ? await WebAssembly.compileStreaming(fetch(query.get("peak") ?? "")) : null;
  /** @type {Choice[]} */
  const choices = [
    { build: "simd", threads: 1 },
    { build: "relaxed", threads: 1 },
    ...(wordsOf("threads") ?? []).map((threads) => /** @type {Choice} */ ({ build: "threads", threads: Number(threads) })),
  ];
  /** @type {Result} */
  const result = { date: new Date().toISOString(), userAgent: navigator.userAgent, model: {}, builds: [], absent: {} };
  for (const choice of choices) {
    const name = `${choice.build}, ${choice.threads} thread${choice.threads > 1 ? "s" : ""}`;
    try {
      const say = (/** @type {string} */ sentence) => report(`${name}: ${sentence}`);
      const load = await timeNetwork(choice, say);
      result.builds.push(peak ? await measure(choice, load, peak, say) : { ...choice, load });
    } catch (thrown) {
      result.absent[name] = describe(thrown);
    }
  }
  return result;

  /** @param {Choice} choice @param {FromNetwork} network @param {WebAssembly.Module} peak @param {Report} report @returns {Promise<BuildResult>} */
  async function measure(choice, network, peak, report) {
    report("loads");
    const engine = await started(choice, false);
    // This one has filled the browser's storage, and the others take the model from there.
    result.model = engine.info;
    const load = { ...network, ...(await timeLoads(choice, report)) };
    const cores = Array.from({ length: choice.threads }, () => startWorker(new URL("peak-worker.js", import.meta.url)));
    try {
      for (const { call } of cores) await call("start", peak);
      return { ...choice, load, ...(await inTurns(engine.call, cores, report)) };
    } finally {
      for (const { end } of [engine, ...cores]) end();
    }
  }

  /** @param {Choice} choice @param {boolean} wire */
  async function started(choice, wire) {
    const worker = startWorker(new URL("worker.js", import.meta.url));
    try {
      /** @type {{ ms: number, info: object }} */
      const loaded = await worker.call("load", { bundle, choice, wire, ...given });
      return { ...worker, ...loaded };
    } catch (thrown) {
      worker.end();
      throw thrown;
    }
  }

  /** @param {Choice} choice @param {Report} report @returns {Promise<FromNetwork>} */
  async function timeNetwork(choice, report) {
    const files = await filesOf(choice);
    /** @type {Record<keyof FromNetwork, number[]>} */
    const times = { wire: [], bytes: [] };
    // In turns; the more of them, the less is one of them worth.
    for (let i = 1; i <= Math.ceil(loads / 4); i++) {
      report(`load ${i} over the network`);
      const { ms, end } = await started(choice, true);
      end();
      times.wire.push(ms);
      times.bytes.push(await timeBytes(files));
    }
    return { wire: summary(times.wire), bytes: summary(times.bytes) };
  }

  /** @param {Choice} choice @param {Report} report @returns {Promise<FromStorage>} */
  async function timeLoads(choice, report) {
    /** @type {Record<keyof FromStorage, number[]>} */
    const times = { ready: [], image1: [], labels5: [], answer: [] };
    for (let i = 1; i <= loads; i++) {
      report(`load ${i} of ${loads}`);
      const { ms: ready, call, end } = await started(choice, false);
      const first = await call("first");
      end();
      times.ready.push(ready);
      times.image1.push(first.image1);
      times.labels5.push(first.labels5);
      times.answer.push(ready + first.all);
    }
    const { ready, image1, labels5, answer } = times;
    return { ready: summary(ready), image1: summary(image1), labels5: summary(labels5), answer: summary(answer) };
  }
});

/** What a load fetches: the engine and the model. @param {Choice} choice @returns {Promise<string[]>} */
async function filesOf({ build }) {
  /** @type {{ pieces: { url: string }[] }} */
  const { pieces } = await (await fetch(bundle)).json();
  const engine = ["semblance.js", "semblance_bg.wasm"].map((file) => new URL(`/wasm/${build}/${file}`, location.href).href);
  return [...engine, bundle, ...pieces.map(({ url }) => new URL(url, bundle).href)];
}

/** @param {string[]} files */
async function timeBytes(files) {
  const rest = files.values();
  const start = performance.now();
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      for (const file of rest) {
        const reader = (await fetch(file, { cache: "no-store" })).body?.getReader();
        while (reader && !(await reader.read()).done);
      }
    }),
  );
  return performance.now() - start;
}

/**
 * @param {import("../calls.js").Called["call"]} call
 * @param {import("../calls.js").Called[]} cores one for each thread
 * @param {Report} report
 * @returns {Promise<Pick<BuildResult, "stages" | "profiles" | "peaks">>}
 */
async function inTurns(call, cores, report) {
  /** @type {Map<string, () => Promise<{ ms: number }>>} */
  const runs = new Map();
  const busy = startWorker(new URL("busy-worker.js", import.meta.url));
  /** @type {Map<OfWorker, Profile[]>} */
  const profiles = new Map(BY_OP.map((stage) => [stage, []]));
  for (const stage of STAGES) runs.set(stage, async () => ({ ms: await call("run", stage) }));
  runs.set("busy1", async () => {
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const over = busy.call("work", stop);
    await pause(SETTLED_MS);
    const ms = await call("run", "image1");
    Atomics.store(stop, 0, 1);
    await over;
    return { ms };
  });
  for (const [stage, list] of profiles) {
    runs.set(`${stage} by op`, async () => {
      const profile = await call("profile", stage);
      list.push(profile);
      return profile;
    });
  }
  for (const route of ROUTES) {
    runs.set(route, async () => {
      const times = await Promise.all(cores.map(({ call }) => call("run", route)));
      const operations = times.reduce((sum, ms) => sum + 1 / ms, 0);
      return { ms: 1 / operations };
    });
  }
  const { times } = await alternate(runs, report, { rounds, warmUp });
  busy.end();
  /** @template {string} Key @param {readonly Key[]} keys */
  const pick = (keys) => /** @type {Record<Key, Summary>} */ (Object.fromEntries(keys.map((key) => [key, times[key]])));
  return {
    stages: pick(STAGES),
    // Those before were warm-up.
    profiles: Object.fromEntries([...profiles].map(([stage, list]) => [stage, medianProfile(list.slice(-rounds))])),
    peaks: pick(ROUTES),
  };
}

/** @param {Profile[]} profiles @returns {Profile} */
function medianProfile(profiles) {
  const median = (/** @type {number[]} */ numbers) => summary(numbers).median;
  const ops = Object.entries(profiles[0].ops).map(([op, { calls, ops }]) => {
    return [op, { ms: median(profiles.map((profile) => profile.ops[op].ms)), calls, ops }];
  });
  return { ms: median(profiles.map(({ ms }) => ms)), ops: Object.fromEntries(ops) };
}

/** A sample, enlarged: its detail is what a decoder works on, whatever the picture shows. */
async function photo() {
  const sample = await createImageBitmap(await (await fetch(SAMPLE)).blob());
  const canvas = new OffscreenCanvas(PHOTO.width, PHOTO.height);
  canvas.getContext("2d")?.drawImage(sample, 0, 0, PHOTO.width, PHOTO.height);
  sample.close();
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
}
