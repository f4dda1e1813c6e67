/** Vectors as they cross to WebAssembly. Pure. */

/** One after another. @param {Float32Array[]} vectors */
export function joined(vectors) {
  const all = new Float32Array(vectors.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const vector of vectors) {
    all.set(vector, at);
    at += vector.length;
  }
  return all;
}
