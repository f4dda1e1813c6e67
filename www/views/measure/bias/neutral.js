/** Pictures that show nothing: one colour, gradients, stripes, noise. What a word changes on them, the words alone do. */

const side = 64;
const count = 40;

/** The same ones every time. @returns {ImageData[]} */
export function neutralPictures() {
  let state = 1;
  // Numbers that are the same everywhere (Park and Miller 1988).
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const colour = () => [random() * 255, random() * 255, random() * 255];
  return Array.from({ length: count }, (_, at) => {
    const [a, b] = [colour(), colour()];
    const kind = at % 4;
    const period = 4 + Math.floor(random() * 16);
    const share = (/** @type {number} */ x, /** @type {number} */ y) => [0, (kind === 1 ? x : y) / side, (x + y) % (2 * period) < period ? 0 : 1, random()][kind];
    const image = new ImageData(side, side);
    for (let y = 0; y < side; y += 1) {
      for (let x = 0; x < side; x += 1) {
        const of = share(x, y);
        image.data.set([...a.map((from, i) => from + (b[i] - from) * of), 255], 4 * (y * side + x));
      }
    }
    return image;
  });
}
