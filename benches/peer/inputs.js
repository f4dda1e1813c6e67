/** What every engine is given: the same picture and the same texts. Made by setup.py, fetched once. */

/** @typedef {{ shape: [number, number], ids: number[] }} Tokens texts as ids, padded to the longest */
/** @typedef {"labels5" | "labels80" | "captions80"} TextRow */
/** @typedef {"image1" | "image8" | "jpeg"} ImageRow */
/** @typedef {ImageRow | TextRow} Row */
/**
 * @typedef {object} Inputs
 * @property {Blob} photo a JPEG of 1024 × 768
 * @property {Float32Array} pixels the photo as the image tower sees it, 3 × 224 × 224
 * @property {Record<TextRow, string[]>} texts
 * @property {Record<TextRow, Tokens>} tokens the same texts
 * @property {Record<Row, number[]>} reference the embedding of each row's first picture or text, f32, unit length
 */

/** Made by setup.py; every address of it ends with what is asked for. @param {string} path */
export function made(path) {
  return new URL(`work/${path}`, import.meta.url).href;
}

/** @returns {Promise<Inputs>} */
export async function readInputs() {
  const [texts, tokens, reference, pixels, photo] = await Promise.all([
    readTexts(),
    read(made("inputs/tokens.json")).then((response) => response.json()),
    read(made("inputs/reference.json")).then((response) => response.json()),
    read(made("inputs/pixels.f32")).then((response) => response.arrayBuffer()),
    read(made("photo.jpg")).then((response) => response.blob()),
  ]);
  return {
    photo,
    pixels: new Float32Array(pixels),
    texts,
    tokens,
    reference,
  };
}

/** COCO's labels in a template, and captions. @returns {Promise<Inputs["texts"]>} */
export async function readTexts() {
  const { labels, template, captions } = await (await read(new URL("texts.json", import.meta.url).href)).json();
  const prompts = labels.map((/** @type {string} */ label) => template.replace("{}", label));
  return { labels5: prompts.slice(0, 5), labels80: prompts, captions80: captions };
}

/** @param {string} url */
export async function read(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} is not there (${response.status}): run benches/peer/setup.py`);
  return response;
}

/** The photo `count` times. @param {Inputs} inputs @param {number} count */
export function pixelBatch({ pixels }, count) {
  const batch = new Float32Array(count * pixels.length);
  for (let i = 0; i < count; i++) batch.set(pixels, i * pixels.length);
  return batch;
}
