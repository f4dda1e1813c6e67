// The library as its users write it. This file is only ever compiled: it fails when a type they rely on changes.
import { Semblance } from "./semblance.js";
import type { Embedding, ErrorName, Info, LoadProgress, ModelEntry, NetworkRequest, Score, Similarity } from "./semblance.js";

declare const file: File;
declare const image: HTMLImageElement;
declare const canvas: HTMLCanvasElement;
declare const bitmap: ImageBitmap;
declare const data: ImageData;

const controller = new AbortController();
const signal = controller.signal;
const onProgress = ({ stage, loaded, total }: LoadProgress) =>
  console.log(stage === "download" ? "from the network" : stage, total === null ? loaded : loaded / total);

const clip = await Semblance.load({ model: "pocket", onProgress, signal });
for (const model of ["pocket", new URL("https://example.org/model/manifest.json"), file]) await Semblance.load({ model });
await Semblance.load();
await Semblance.load({ dtype: "f32", towers: "image", build: "relaxed", threads: 2, keepTexts: false });
await Semblance.forgetTexts();

const scores: Score[] = await clip.classify(image, ["cat", "dog"], { template: "a photo of a {}", signal });
const best = scores.reduce((a, b) => (a.probability > b.probability ? a : b));
const line: string = `${best.label} ${best.probability.toFixed(2)} ${best.logit} ${best.cosine}${best.cut ? " (cut)" : ""}`;

const sources = [file, new Blob(), new URL("https://example.org/cat.jpg"), "cat.jpg", bitmap, data, image, canvas, new OffscreenCanvas(1, 1)];
const vectors: Float32Array[] = await clip.embedImages(sources, { signal, onProgress: (done, total) => console.log(done / total) });
const texts: Embedding[] = await clip.embedTexts(["a photo of a cat"]);
await clip.classify(vectors[0], ["cat"]);

const { rows, cols, cosine, logits, overTexts, overImages, cut }: Similarity = await clip.similarity([image, vectors[0]], ["cat"]);
const cell: number = cosine[0 * cols] + logits[0] + overTexts[0] + overImages[rows - 1];
const flags: boolean[] = cut;

const info: Info = clip.info();
const build: "simd" | "relaxed" | "threads" = info.build;
const compute: "int8" | "f32" = info.model.compute;
const milliseconds: number | undefined = info.timings?.imageTower;
const models: ModelEntry[] = await Semblance.models();
const requests: NetworkRequest[] = await Semblance.requests();
const thumbnail: ImageBitmap = (await Semblance.thumbnail(file, { size: 96 })).bitmap;
clip.free();

try {
  await Semblance.load({ model: "absent" });
} catch (error) {
  const name = (error as Error).name as ErrorName;
  console.log(name === "NetworkError", line, texts, cell, flags, build, compute, milliseconds, models, requests, thumbnail);
}

// What must not compile.
// @ts-expect-error labels are an array
await clip.classify(image, "cat");
// @ts-expect-error a number is no picture
await clip.embedImages([1]);
// @ts-expect-error there is no such dtype
await Semblance.load({ dtype: "int4" });
// @ts-expect-error there is no such option
await clip.classify(image, ["cat"], { prompt: "{}" });
// @ts-expect-error a probability is no text
const wrong: string = scores[0].probability;
// @ts-expect-error one loads a model, one does not construct it with a name
new Semblance("pocket");
console.log(wrong);
