/**
 * index.html: a BLIP of base size writes captions of a picture, greedily and by three beams, in each build.
 *
 * `?model=` its address, `rounds=`, `tokens=` of a caption.
 */
import { Semblance } from "/semblance.js";
import { summary } from "../measure.js";
import { main, numberOf, query } from "../report.js";

/** @typedef {import("../measure.js").Summary} Summary */
/**
 * @typedef {object} Row
 * @property {string} build
 * @property {number} threads
 * @property {number} load seconds, from the storage
 * @property {number} memory bytes of WebAssembly memory at the end
 * @property {Summary} imageTower milliseconds
 * @property {Summary} token greedily, with the cache
 * @property {Summary} caption of so many tokens, from the picture's pixels to the last one
 * @property {Summary} beams the same by three beams
 */

const rounds = numberOf("rounds", 7) ?? 7;
const tokens = numberOf("tokens", 14) ?? 14;
const model = new URL(query.get("model") ?? "", location.href).href;

main(async (report) => {
  const photo = await (await fetch("/assets/samples/cat.jpg")).blob();
  /** @type {Row[]} */
  const rows = [];
  report("the model comes");
  (await Semblance.loadCaptioner({ model })).free();
  for (const build of /** @type {const} */ (["simd", "relaxed", "threads"])) {
    report(`${build} loads`);
    const start = performance.now();
    const captioner = await Semblance.loadCaptioner({ model, build });
    const load = (performance.now() - start) / 1000;
    const options = { maxTokens: tokens, minTokens: tokens };
    await captioner.caption(photo, options);
    /** @type {Record<"imageTower" | "token" | "caption" | "beams", number[]>} */
    const times = { imageTower: [], token: [], caption: [], beams: [] };
    for (let round = 0; round < rounds; round++) {
      report(`${build}, caption ${round + 1} of ${rounds}`);
      const begun = performance.now();
      await captioner.caption(photo, options);
      times.caption.push(performance.now() - begun);
      const { imageTower, token } = captioner.info().timings ?? { imageTower: 0, token: 0 };
      times.imageTower.push(imageTower);
      times.token.push(token);
    }
    for (let round = 0; round < Math.ceil(rounds / 2); round++) {
      const begun = performance.now();
      await captioner.caption(photo, { ...options, beams: 3 });
      times.beams.push(performance.now() - begun);
    }
    const { threads, memory } = captioner.info();
    captioner.free();
    rows.push({ build, threads, load, memory, imageTower: summary(times.imageTower), token: summary(times.token), caption: summary(times.caption), beams: summary(times.beams) });
  }
  return { rows, tokens };
});
