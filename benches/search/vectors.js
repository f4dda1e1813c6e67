/** Vectors as if of pictures: around a thousand centres, the same in every run. */

const CENTRES = 1000;
/** How far pictures of one centre lie apart: cosines of some 0.6 with each other. */
const SPREAD = 0.8;

/** @param {number} seed */
function random(seed) {
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32 - 0.5;
  };
}

/** @param {number} dim */
export function makeVectors(dim) {
  const centres = Array.from({ length: CENTRES }, (_, i) => {
    const next = random(i + 1);
    return unit(Float32Array.from({ length: dim }, next));
  });
  /** The one with this number; below 0 are those of queries. @param {number} number */
  return (number) => {
    const next = random(1e6 + number);
    const centre = centres[Math.abs(number * 7919) % CENTRES];
    const scale = (SPREAD * Math.sqrt(12)) / Math.sqrt(dim);
    return unit(Float32Array.from(centre, (value) => value + scale * next()));
  };
}

/** @param {Float32Array} vector */
function unit(vector) {
  let sum = 0;
  for (const value of vector) sum += value * value;
  const length = Math.sqrt(sum);
  for (let i = 0; i < vector.length; i++) vector[i] /= length;
  return vector;
}
