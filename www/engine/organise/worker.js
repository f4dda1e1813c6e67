/** Organising's worker: what it has of a library, beside the worker that owns the library and the one that owns the models. */
import { failure } from "../errors.js";
import { answerWith } from "../running/answering.js";
import { pause } from "../running/steps.js";
import { startOrganiseWasm } from "./wasm.js";

/** @typedef {import("./protocol.js").Calls} Calls */
/** @typedef {import("../running/answering.js").Way} Way */
/** @typedef {{ [V in keyof Calls]: (args: Calls[V]["args"], way: Way) => Promise<Calls[V]["ok"]> }} Actions */
/** @typedef {import("./wasm.js").Vectors} Vectors */

/** So often at most it is told how far a computation is. */
const TOLD_EVERY_MS = 100;
/** So often at most it is told where pictures are. */
const PLACES_EVERY_MS = 250;

/** What stays from call to call, until it is freed. @type {Map<number, { free: () => void }>} */
const kept = new Map();
let lastHandle = 0;

/** @type {Actions} */
const actions = {
  vocabulary: async ({ model }) => JSON.parse((await startOrganiseWasm()).vocabulary(model ?? undefined)),
  neutral: async () => (await startOrganiseWasm()).neutral_captions(),
  async tags({ words, width, sample }) {
    const wasm = await startOrganiseWasm();
    return keep(new wasm.Tags(words, width, sample));
  },
  async tag({ handle, pictures }) {
    tagsAt(handle).add(pictures);
    return null;
  },
  async select({ handle, aim, most, corrections }) {
    const { least = null, expected = null, ...rest } = tagsAt(handle).select(aim, most, JSON.stringify(corrections));
    return { ...rest, least, expected };
  },
  async free({ handle }) {
    kept.get(handle)?.free();
    kept.delete(handle);
    return null;
  },
  async sidecars({ tags }) {
    const { sidecar } = await startOrganiseWasm();
    return tags.map(sidecar);
  },
  score: async ({ pictures, width, labels, against, logitScale }) => (await startOrganiseWasm()).score(pictures, width, labels, against, logitScale),
  centre: async ({ marks }) => (await startOrganiseWasm()).centre(JSON.stringify(marks)),
  least: async ({ probabilities, aim }) => (await startOrganiseWasm()).cut(probabilities, aim) ?? null,
  report: async ({ marks, threshold }) => JSON.parse((await startOrganiseWasm()).report(JSON.stringify(marks), threshold)),
  advice: async () => JSON.parse((await startOrganiseWasm()).advice()),
  facets: async ({ pictures, width, labels, logitScale }) => (await startOrganiseWasm()).facets(pictures, width, labels, logitScale),
  async vectors({ width }) {
    const wasm = await startOrganiseWasm();
    return keep(new wasm.Vectors(width));
  },
  async gather({ handle, pictures }) {
    vectorsAt(handle).add(pictures);
    return null;
  },
  async groups({ handle, terms, seed }, way) {
    const wasm = await startOrganiseWasm();
    const vectors = vectorsAt(handle);
    const groups = new wasm.Groups(vectors, seed);
    try {
      await through(() => groups.step(vectors), () => groups.progress(), way);
      groups.finish(vectors, terms);
    } catch (thrown) {
      groups.free();
      throw thrown;
    }
    const grouping = { vectors, groups, free: () => groups.free() };
    return { handle: keep(grouping), most: groups.most(), suggested: groups.suggested() };
  },
  async cut({ handle, count }) {
    const { vectors, groups } = /** @type {{ vectors: Vectors, groups: import("./wasm.js").Groups }} */ (/** @type {unknown} */ (at(handle)));
    const { groups: of, central, names } = groups.cut(vectors, count);
    /** @type {number[][]} */
    const pictures = central.map(() => []);
    of.forEach((group, picture) => pictures[group].push(picture));
    return pictures.map((some, group) => ({ pictures: Uint32Array.from(some), central: Array.from(central[group]), names: Array.from(names[group]) }));
  },
  async map({ handle, seed }, { signal, tell }) {
    const wasm = await startOrganiseWasm();
    const vectors = vectorsAt(handle);
    const places = new wasm.Places(vectors, seed);
    let told = 0;
    try {
      await through(() => places.step(vectors), () => places.progress(), {
        signal,
        tell: (share) => {
          const now = performance.now();
          const points = now - told < PLACES_EVERY_MS ? null : places.points();
          if (points) told = now;
          tell({ share, places: points && points.length > 0 ? points : null });
        },
      });
      return places.points();
    } finally {
      places.free();
    }
  },
  async closest({ handle, facts }, way) {
    const wasm = await startOrganiseWasm();
    const vectors = vectorsAt(handle);
    const found = new wasm.Duplicates(vectors, JSON.stringify(facts));
    try {
      await through(() => found.step(vectors), () => found.progress(), way);
      return { handle: keep(found), wanted: found.wanted() };
    } catch (thrown) {
      found.free();
      throw thrown;
    }
  },
  async look({ handle, picture, small }) {
    const found = duplicatesAt(handle);
    const bitmap = small && (await createImageBitmap(small).catch(() => null));
    // One that is lost or damaged is judged by its vector alone.
    if (!bitmap) return null;
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    context?.drawImage(bitmap, 0, 0);
    bitmap.close();
    const pixels = context?.getImageData(0, 0, width, height);
    if (pixels) found.look(picture, pixels.data, width, height);
    return null;
  },
  async duplicates({ handle, vectors: of }, way) {
    const [found, vectors] = [duplicatesAt(handle), vectorsAt(of)];
    await through(() => found.judge(), () => found.progress(), way);
    return JSON.parse(found.finish(vectors));
  },
};

/**
 * One step after another; between them there is room for others, and it may be stopped.
 *
 * @param {() => boolean} step whether there is more
 * @param {() => number} progress
 * @param {Way} way
 */
async function through(step, progress, { signal, tell }) {
  let told = performance.now();
  while (step()) {
    if (performance.now() - told < TOLD_EVERY_MS) continue;
    told = performance.now();
    tell(progress());
    await pause();
    signal.throwIfAborted();
  }
}

/** @param {{ free: () => void }} one */
function keep(one) {
  kept.set(++lastHandle, one);
  return lastHandle;
}

/** @param {number} handle */
function at(handle) {
  const one = kept.get(handle);
  if (!one) throw failure("EngineError", "This was freed. Make it again.");
  return one;
}

/** @param {number} handle */
const tagsAt = (handle) => /** @type {import("./wasm.js").Tags} */ (at(handle));
/** @param {number} handle */
const vectorsAt = (handle) => /** @type {Vectors} */ (at(handle));
/** @param {number} handle */
const duplicatesAt = (handle) => /** @type {import("./wasm.js").Duplicates} */ (at(handle));

answerWith(actions, "Organising's engine stopped in the middle of its work. Nothing that was kept is lost: try again.");
