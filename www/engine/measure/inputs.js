/** What measuring takes: pictures, or their vectors. */

/** @typedef {import("../../../semblance.js").Semblance} Clip */
/** @typedef {import("../../../semblance.js").ImageInput} ImageInput */
/** @typedef {import("../../../semblance.js").ImageSource} ImageSource */

/**
 * @param {Clip} clip
 * @param {ImageInput[] | Float32Array} images pictures, embeddings, or embeddings one after another
 * @param {{ signal?: AbortSignal, onProgress?: (done: number, total: number) => void }} options
 * @returns {Promise<Float32Array[]>}
 */
export async function vectorsOf(clip, images, options) {
  const width = clip.info().model.embedding;
  if (images instanceof Float32Array) {
    if (images.length % width !== 0) throw new TypeError(`images must be rows of ${width} numbers`);
    return Array.from({ length: images.length / width }, (_, i) => images.subarray(i * width, (i + 1) * width));
  }
  if (!Array.isArray(images)) throw new TypeError("images must be an array of pictures or embeddings, or a Float32Array of embeddings");
  const isVector = (/** @type {ImageInput} */ image) => image instanceof Float32Array;
  const sources = /** @type {ImageSource[]} */ (images.filter((image) => !isVector(image)));
  const made = sources.length > 0 ? await clip.embedImages(sources, options) : [];
  return images.map((image) => /** @type {Float32Array} */ (isVector(image) ? image : made.shift()));
}
