/** How far a model's vectors are from the exact ones, and what that does to the results. Pure. */

/**
 * @typedef {{ images: Float32Array[], texts: Float32Array[] }} Vectors Unit vectors, pictures and texts in the same order on both sides.
 * @typedef {{ mean: number, worst: number }} Spread Of cosines between the two vectors of one picture or text.
 *
 * @typedef {object} Comparison
 * @property {number} pictures
 * @property {number} labels
 * @property {Spread} images
 * @property {Spread} texts
 * @property {number} sameBest Pictures whose best label is the same.
 * @property {number} moved Labels that stand in another place, over the rankings of all pictures.
 * @property {{ picture: number, label: number, exact: number, fast: number }} largest The probability that changed most,
 *   by the indices of its picture and label.
 */

/** @param {Float32Array} a @param {Float32Array} b */
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** @param {Float32Array[]} a @param {Float32Array[]} b @returns {Spread} */
function spread(a, b) {
  const cosines = a.map((vector, i) => dot(vector, b[i]) / Math.hypot(...vector) / Math.hypot(...b[i]));
  return { mean: cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length, worst: Math.min(...cosines) };
}

/** Softmax over the texts of cosine × logit scale. @param {Float32Array} image @param {Float32Array[]} texts @param {number} logitScale */
function probabilities(image, texts, logitScale) {
  const logits = texts.map((text) => dot(image, text) * logitScale);
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / sum);
}

/** Indices, the largest value's first. @param {number[]} values */
const ranking = (values) => values.map((_, i) => i).sort((a, b) => values[b] - values[a]);

/** @param {Vectors} exact @param {Vectors} fast @param {number} logitScale @returns {Comparison} */
export function compare(exact, fast, logitScale) {
  let [sameBest, moved] = [0, 0];
  let largest = { picture: 0, label: 0, exact: 0, fast: 0 };
  exact.images.forEach((image, picture) => {
    const right = probabilities(image, exact.texts, logitScale);
    const ours = probabilities(fast.images[picture], fast.texts, logitScale);
    const [places, ourPlaces] = [ranking(right), ranking(ours)];
    sameBest += Number(places[0] === ourPlaces[0]);
    moved += places.filter((label, place) => label !== ourPlaces[place]).length;
    right.forEach((probability, label) => {
      if (Math.abs(ours[label] - probability) <= Math.abs(largest.fast - largest.exact)) return;
      largest = { picture, label, exact: probability, fast: ours[label] };
    });
  });
  return {
    pictures: exact.images.length,
    labels: exact.texts.length,
    images: spread(exact.images, fast.images),
    texts: spread(exact.texts, fast.texts),
    sameBest,
    moved,
    largest,
  };
}
