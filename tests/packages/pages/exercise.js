/**
 * What a page of anybody's does with the library: something of every part, so that each of its workers and modules is fetched
 * once. What comes back is the same wherever the library comes from.
 *
 * @param {typeof import("semblance-clip").Semblance} Semblance
 * @param {string | undefined} model
 */
export async function exercise(Semblance, model) {
  const labels = ["cat", "dog", "bee", "bridge"];
  const [cat, bee] = ["cat.jpg", "bee.jpg"].map((name) => new URL(`pictures/${name}`, document.baseURI).href);
  const clip = await Semblance.load({ model });
  const scores = await clip.classify(cat, labels, { template: "a photo of a {}" });
  const { cosine, overTexts } = await clip.similarity([cat, bee], labels);
  const others = await everyPart(Semblance, clip, [cat, bee], labels);
  const { build, threads, notes } = clip.info();
  clip.free();
  return { numbers: [...scores.flatMap(({ probability, logit }) => [probability, logit]), ...cosine, ...overTexts, ...others.numbers], said: others.said, build, threads, notes, isolated: crossOriginIsolated };
}

/**
 * What is a script and a module of its own.
 *
 * @param {typeof import("semblance-clip").Semblance} Semblance
 * @param {import("semblance-clip").Semblance} clip
 * @param {string[]} pictures
 * @param {string[]} labels
 */
async function everyPart(Semblance, clip, pictures, labels) {
  const tiff = await (await fetch(new URL("pictures/small.tif", document.baseURI))).blob();
  const vectors = await clip.embedImages([tiff, ...pictures]);
  const files = await Promise.all(pictures.map(async (url) => new File([await (await fetch(url)).blob()], /** @type {string} */ (url.split("/").pop()))));
  const index = await Semblance.openIndex("exercise", { model: clip });
  await index.add(files);
  const found = await index.search({ text: "a bee" });
  const { file: npy } = await index.export("npy");
  const groups = await index.groups();
  const most = groups.most;
  groups.free();
  await index.close();
  await Semblance.deleteIndex("exercise");
  const classifier = await Semblance.teach(
    [
      { name: "one", examples: [vectors[0], vectors[1]] },
      { name: "other", examples: [vectors[2], vectors[2]] },
    ],
    { model: clip },
  );
  const evaluation = await clip.evaluate(vectors.slice(1), [0, 2], labels);
  const problems = await Semblance.checkLabels(["dog", "no cat"]);
  const description = await clip.describe(vectors[1]);
  // No model that writes is here; the refusal comes from the worker that would run one.
  const refusal = await Semblance.loadCaptioner({ model: new File(["no model"], "none.gguf") }).catch((error) => error.name);
  return {
    numbers: [...vectors[0], evaluation.report.top1.share],
    said: { found: found.map(({ path }) => path), npy: npy.size, groups: most, classes: classifier.classes, problems: problems.map(({ kind }) => kind), description: description.text, refusal },
  };
}
