/**
 * memory.html: one engine alone in a fresh page, its image tower loaded and used, so that whoever drives the
 * browser can read the renderer's memory, now and at its peak, from the operating system.
 *
 * `?engine=ort|transformers|litert|semblance`, `threads=1|2`, `bundle=` a manifest's address.
 */
import { hundredths } from "../measure.js";
import { main, query } from "../report.js";
import { readInputs } from "./inputs.js";
import { checkIsolated, chosenEngines, fetchedSoFar, filesSince, loadEngine } from "./page.js";

const PICTURES = 10;

main(async (report) => {
  checkIsolated();
  const [chosen] = chosenEngines([query.get("engine") ?? ""]);
  const [name, create] = chosen;
  const inputs = await readInputs();
  report(`${name} loads`);
  const before = fetchedSoFar();
  const { engine, rows, ms: load } = await loadEngine(create, inputs, "image");
  if (!rows.image1) throw new Error(`${name} can't do image1`);
  report(`${name} runs`);
  const first = hundredths((await rows.image1()).ms);
  for (let i = 1; i < PICTURES; i++) await rows.image1();
  report(`${name} waits for the garbage collector`);
  await collectGarbage();
  const files = await filesSince(before, engine);
  return { ready: true, engine: name, version: engine.version, load: { image: load }, first: { image1: first }, files };
});

/**
 * What loading left behind would count as memory in one engine and not in another, as the garbage collector happened
 * to run. The browser runs it, in the workers too, before it answers how much is in use; the answer itself leaves
 * some WebAssembly memory out, so it isn't used.
 */
async function collectGarbage() {
  if (!crossOriginIsolated) throw new Error("this page is not cross-origin isolated, so it can't wait for the garbage collector");
  const memory = /** @type {{ measureUserAgentSpecificMemory(): Promise<unknown> }} */ (/** @type {unknown} */ (performance));
  await memory.measureUserAgentSpecificMemory();
}
