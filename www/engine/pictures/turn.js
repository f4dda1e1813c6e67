/** Stored pixels → upright ones, as EXIF's orientation says (CIPA DC-008, 4.6.5): here, for every format and browser. */

/** By orientation: what a canvas's `setTransform` takes, with the stored width and height. @type {Record<number, (w: number, h: number) => [number, number, number, number, number, number]>} */
const MATRICES = {
  1: () => [1, 0, 0, 1, 0, 0],
  2: (w) => [-1, 0, 0, 1, w, 0],
  3: (w, h) => [-1, 0, 0, -1, w, h],
  4: (_, h) => [1, 0, 0, -1, 0, h],
  5: () => [0, 1, 1, 0, 0, 0],
  6: (_, h) => [0, 1, -1, 0, h, 0],
  7: (w, h) => [0, -1, -1, 0, h, w],
  8: (w) => [0, -1, 1, 0, 0, w],
};

/**
 * A canvas with the picture on it, upright.
 *
 * @param {ImageBitmap} bitmap
 * @param {import("./facts.js").Orientation} orientation
 * @returns {OffscreenCanvasRenderingContext2D}
 */
export function drawUpright(bitmap, orientation) {
  const { width, height } = bitmap;
  const canvas = orientation >= 5 ? new OffscreenCanvas(height, width) : new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { colorSpace: "srgb", willReadFrequently: true });
  if (!context) throw new Error("no canvas");
  // Pixels change places and nothing else.
  context.imageSmoothingEnabled = false;
  context.setTransform(...MATRICES[orientation](width, height));
  context.drawImage(bitmap, 0, 0);
  return context;
}
