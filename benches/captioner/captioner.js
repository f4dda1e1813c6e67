/**
 * index.html: a BLIP of base size writes captions of a picture, greedily and by three beams, in each build.
 *
 * `?model=` its address, `rounds=`, `tokens=` of a caption, `pictures=` of which 8 bits and f32 are compared.
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

/** @typedef {{ pictures: number, same: number, prefix: number }} Fidelity captions that are the same in int8 and f32, and the mean share of tokens before they part */

const rounds = numberOf("rounds", 7) ?? 7;
const tokens = numberOf("tokens", 14) ?? 14;
const pictures = numberOf("pictures", 50) ?? 50;
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
  return { rows, tokens, fidelity: pictures > 0 ? await compared(report) : null };
});

const SAMPLES = ["bee", "boats", "bridge", "cat", "citrus", "coffee", "dandelion", "moose"];

/** Parts of the samples, no two alike. @returns {Promise<Blob[]>} */
async function parts() {
  const all = await Promise.all(SAMPLES.map(async (name) => createImageBitmap(await (await fetch(`/assets/samples/${name}.jpg`)).blob())));
  return Promise.all(
    Array.from({ length: pictures }, (_, at) => {
      const picture = all[at % all.length];
      const turn = Math.floor(at / all.length);
      const [width, height] = [picture.width * (1 - 0.08 * turn), picture.height * (1 - 0.06 * turn)];
      const canvas = new OffscreenCanvas(Math.round(width), Math.round(height));
      canvas.getContext("2d")?.drawImage(picture, (picture.width - width) * (turn % 2), 0, width, height, 0, 0, canvas.width, canvas.height);
      return canvas.convertToBlob({ type: "image/png" });
    }),
  );
}

/** Greedy captions of many pictures in 8 bits and in f32. @param {import("../report.js").Report} report @returns {Promise<Fidelity>} */
async function compared(report) {
  const photos = await parts();
  /** @type {number[][][]} */
  const written = [];
  for (const dtype of /** @type {const} */ (["int8", "f32"])) {
    const captioner = await Semblance.loadCaptioner({ model, dtype });
    /** @type {number[][]} */
    const ids = [];
    for (const photo of photos) {
      report(`${dtype}, picture ${ids.length + 1} of ${photos.length}`);
      ids.push([...(await captioner.caption(photo, { maxTokens: tokens, minTokens: tokens })).tokens]);
    }
    captioner.free();
    written.push(ids);
  }
  const [int8, f32] = written;
  // The token that a caption begins with is no one's choice.
  const common = int8.map((ids, at) => {
    const parts = ids.findIndex((id, i) => id !== f32[at][i]);
    return parts < 0 ? 1 : (parts - 1) / (ids.length - 1);
  });
  return { pictures: photos.length, same: common.filter((share) => share === 1).length, prefix: common.reduce((sum, share) => sum + share, 0) / common.length };
}
