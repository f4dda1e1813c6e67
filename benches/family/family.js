/**
 * index.html: one model, through the public library as a page uses it.
 *
 * `?model=` a manifest's address, `towers=both|image|text`, `rounds=`. With `keep` it is only downloaded into the
 * browser's storage; without, it is loaded, and used.
 */
import { Semblance } from "/semblance.js";
import { hundredths, summary, timed } from "../measure.js";
import { main, numberOf, query } from "../report.js";

/** @typedef {import("../measure.js").Summary} Summary */
/**
 * @typedef {object} Result
 * @property {number} load seconds
 * @property {string} source where the weights came from: "download", "storage"
 * @property {string} build
 * @property {number} threads
 * @property {number} bytes of the model
 * @property {number} parameters
 * @property {number | null} needed bytes of WebAssembly memory that the library says beforehand
 * @property {number | null} memory bytes of it, after everything
 * @property {Summary} [image] one picture, in milliseconds, from the file to the vector
 * @property {Summary} [text] one text that was not asked for before, in milliseconds
 */

const SAMPLE = "/assets/samples/boats.jpg";

const towers = /** @type {"both" | "image" | "text"} */ (query.get("towers") ?? "both");
const rounds = numberOf("rounds", 7) ?? 7;

main(async (report) => {
  const model = new URL(query.get("model") ?? "", location.href);
  const offer = await Semblance.describe(model, { towers });
  const start = performance.now();
  let said = 0;
  const clip = await Semblance.load({
    model,
    towers,
    keepTexts: false,
    onProgress: ({ loaded, total }) => {
      const tenth = Math.floor((10 * loaded) / (total ?? Infinity));
      if (tenth !== said) report(`${tenth * 10} % loaded`);
      said = tenth;
    },
  });
  const load = hundredths((performance.now() - start) / 1000);
  const { model: loaded, build, threads } = clip.info();
  /** @type {Result} */
  const result = { load, source: loaded.source, build, threads, bytes: offer.bytes, parameters: loaded.parameters, needed: offer.memory, memory: null };
  if (!query.has("keep")) {
    if (towers !== "text") {
      const photo = await (await fetch(SAMPLE)).blob();
      result.image = await times("picture", report, () => clip.embedImages([photo]));
    }
    if (towers !== "image") {
      result.text = await times("text", report, (round) => clip.embedTexts([`a photo of ${round} boats`]));
    }
    result.memory = clip.info().memory;
  }
  return result;
});

/**
 * The first call is not counted: browsers still compile then.
 *
 * @param {string} what
 * @param {(sentence: string) => void} report
 * @param {(round: number) => Promise<Float32Array[]>} work
 */
async function times(what, report, work) {
  await work(0);
  /** @type {number[]} */
  const all = [];
  for (let round = 1; round <= rounds; round++) {
    report(`${what}: round ${round} of ${rounds}`);
    const { ms, vector } = await timed(async () => (await work(round))[0]);
    const length = Math.hypot(...vector);
    if (!(Math.abs(length - 1) < 1e-3)) throw new Error(`the ${what}'s vector has the length ${length}`);
    all.push(ms);
  }
  return summary(all);
}
