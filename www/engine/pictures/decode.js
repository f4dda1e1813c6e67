/**
 * Pictures → pixels. Everything odd about a file ends here: what comes out is a decoded picture of a sane size,
 * upright, or a `PictureError` that says what is wrong with it.
 */
import { failure, readableBytes } from "../errors.js";
import { factsOf, patched, readPart } from "./facts.js";
import { SNIFF_BYTES, sniff } from "./sniff.js";
import { decodeTiff } from "./tiff.js";
import { drawUpright } from "./turn.js";

/** @typedef {import("../api/protocol.js").Picture} Picture */
/** @typedef {import("../api/protocol.js").Rgba} Rgba */
/** @typedef {import("./facts.js").ReadFacts} ReadFacts */
/**
 * What a picture is before it is decoded.
 *
 * @typedef {object} Look
 * @property {import("./sniff.js").Kind} kind
 * @property {number | null} pixels it will have; null where the file doesn't say
 * @property {import("./facts.js").Orientation} orientation
 * @property {import("./facts.js").Patch} [hide]
 * @property {number} [taken] milliseconds since 1970 on the camera's clock, where the file says it
 */
/** A picture's pixels and, where it was asked for, a small one of it as JPEG. @typedef {Rgba & { small?: Uint8Array<ArrayBuffer> }} Pixels */

/** Four bytes a pixel: a decoded picture of this size takes 400 MB. */
const MAX_PIXELS = 100e6;
/** The longest side that browsers' canvases take. */
const MAX_SIDE = 32_767;
/** The same pixels in every browser, with colours as they are in the file. What EXIF says of turning is hidden by then, and what a HEIF's own properties say belongs to decoding. @type {ImageBitmapOptions} */
const AS_IN_FILE = { imageOrientation: "from-image", premultiplyAlpha: "none", colorSpaceConversion: "none" };

/** What to do with pictures that browsers mostly can't read. @type {Partial<Record<import("./sniff.js").Kind, string>>} */
const NOT_HERE = {
  AVIF: "This browser cannot read AVIF pictures. Save it as JPEG or PNG and try again.",
  HEIC: "This browser cannot read HEIC pictures. Save it as JPEG or PNG and try again.",
  "JPEG XL": "This browser cannot read JPEG XL pictures. Save it as JPEG or PNG and try again.",
  PSD: "This is a Photoshop file, which browsers cannot read. Save it as JPEG or PNG and try again.",
};

/**
 * A picture's pixels, alpha kept. Of an animation, the first frame.
 *
 * @param {Picture} picture an `ImageBitmap` is closed
 * @param {ReadFacts} readFacts
 * @returns {Promise<Rgba>}
 */
export async function decode(picture, readFacts) {
  return pixelsOf(picture, await look(picture, readFacts));
}

/**
 * A look at a picture before it is decoded, which is what costs. What is too large is refused here.
 *
 * @param {Picture} picture
 * @param {ReadFacts} readFacts
 * @returns {Promise<Look>}
 */
export async function look(picture, readFacts) {
  if (picture instanceof Blob) return lookAtFile(picture, readFacts);
  checkSize(picture);
  return { kind: "unknown", pixels: picture.width * picture.height, orientation: 1 };
}

/**
 * The pixels of a picture that was looked at.
 *
 * @param {Picture} picture an `ImageBitmap` is closed
 * @param {Look} look
 * @param {number} [side] of a square that a small one of it is to fit into
 * @returns {Promise<Pixels>}
 */
export async function pixelsOf(picture, look, side) {
  if ("data" in picture) return side ? pixelsOf(await bitmapOf(picture), look, side) : picture;
  const bitmap = await open(picture, look, AS_IN_FILE);
  try {
    const context = drawUpright(bitmap, look.orientation);
    const { width, height } = context.canvas;
    const { data } = context.getImageData(0, 0, width, height, { colorSpace: "srgb" });
    const pixels = { data: /** @type {Uint8ClampedArray<ArrayBuffer>} */ (data), width, height };
    return side ? { ...pixels, small: await smallOf(context.canvas, side) } : pixels;
  } catch (thrown) {
    throw failure("PictureError", `The browser has not enough memory for this picture (${readableSize(bitmap)}).`, thrown);
  } finally {
    bitmap.close();
  }
}

/**
 * A picture fitted into `size` × `size`, never enlarged, alpha kept.
 *
 * @param {Picture} picture an `ImageBitmap` is closed
 * @param {number} size
 * @param {ReadFacts} readFacts
 * @returns {Promise<import("../api/protocol.js").Thumbnail>} `width` and `height` are the picture's own
 */
export async function thumbnail(picture, size, readFacts) {
  const seen = await look(picture, readFacts);
  const stored = await open("data" in picture ? await bitmapOf(picture) : picture, seen, {});
  const bitmap = seen.orientation === 1 ? stored : drawUpright(stored, seen.orientation).canvas.transferToImageBitmap();
  if (bitmap !== stored) stored.close();
  const { width, height } = bitmap;
  if (Math.max(width, height) <= size) return { width, height, bitmap };
  try {
    return { width, height, bitmap: await fitted(bitmap, size) };
  } finally {
    bitmap.close();
  }
}

/** Fitted into `side` × `side`, never enlarged. @param {ImageBitmap | OffscreenCanvas} picture @param {number} side */
function fitted(picture, side) {
  const { width, height } = picture;
  const scale = Math.min(1, side / Math.max(width, height));
  return createImageBitmap(picture, {
    resizeWidth: Math.max(1, Math.round(width * scale)),
    resizeHeight: Math.max(1, Math.round(height * scale)),
    resizeQuality: "high",
  });
}

/** The same over white, as JPEG, which is made in a fraction of what others take. @param {OffscreenCanvas} picture @param {number} side */
async function smallOf(picture, side) {
  const bitmap = await fitted(picture, side);
  try {
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) throw new Error("no canvas");
    context.fillStyle = "white";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0);
    return new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 })).arrayBuffer());
  } finally {
    bitmap.close();
  }
}

/**
 * Whether pixels come out of a canvas as they went in. Some browsers change them a little for every site, so that
 * sites can't tell their users apart; then embeddings are a little off.
 */
export function readsExactPixels() {
  const side = 16;
  const pattern = new ImageData(side, side);
  for (let i = 0; i < pattern.data.length; i++) pattern.data[i] = i % 4 === 3 ? 255 : (i * 37) % 256;
  const context = new OffscreenCanvas(side, side).getContext("2d", { willReadFrequently: true });
  context?.putImageData(pattern, 0, 0);
  const read = context?.getImageData(0, 0, side, side).data;
  return pattern.data.every((value, i) => value === read?.[i]);
}

/** @param {Blob} file @param {ReadFacts} readFacts @returns {Promise<Look>} */
async function lookAtFile(file, readFacts) {
  if (file.size === 0) throw failure("PictureError", "This file is empty.");
  const kind = sniff(await readPart(file, 0, SNIFF_BYTES));
  const { size, orientation, hide, taken } = await factsOf(file, readFacts);
  // Before room is made for the pixels: 10 kB of PNG can ask for 1.6 GB.
  if (size) checkSize(size);
  return { kind, pixels: size ? size.width * size.height : null, orientation, hide, taken };
}

/** @param {Rgba} rgba */
function bitmapOf({ data, width, height }) {
  return createImageBitmap(new ImageData(data, width, height), AS_IN_FILE);
}

/**
 * @param {Blob | ImageBitmap} picture
 * @param {Look} look
 * @param {ImageBitmapOptions} options
 * @returns {Promise<ImageBitmap>}
 */
async function open(picture, { kind, hide }, options) {
  if (picture instanceof ImageBitmap) return picture;
  if (kind === "TIFF") {
    const rgba = await decodeTiff(picture);
    checkSize(rgba);
    return bitmapOf(rgba);
  }
  let bitmap;
  try {
    bitmap = await createImageBitmap(hide ? patched(picture, hide) : picture, options);
  } catch (thrown) {
    throw failure("PictureError", whyUnreadable(kind), thrown);
  }
  try {
    checkSize(bitmap);
    return bitmap;
  } catch (thrown) {
    bitmap.close();
    throw thrown;
  }
}

/** @param {import("./sniff.js").Kind} kind */
function whyUnreadable(kind) {
  const here = NOT_HERE[kind];
  if (here) return here;
  switch (kind) {
    case "unknown":
      return "This is not a picture that the browser can read.";
    case "text":
    case "web page":
    case "video":
    case "zip archive":
    case "PDF":
      return `This is not a picture that the browser can read (it looks like ${kind === "text" ? kind : `a ${kind}`}).`;
    default:
      return `This ${kind} file is damaged: the browser can't read it.`;
  }
}

/** @param {{ width: number, height: number }} size */
function checkSize({ width, height }) {
  if (width * height > MAX_PIXELS) {
    const megapixels = (width * height) / 1e6;
    const memory = readableBytes(width * height * 4);
    throw failure(
      "PictureError",
      `This picture is too large: ${readableSize({ width, height })} are ${megapixels.toFixed(0)} megapixels and would take ${memory}; up to ${MAX_PIXELS / 1e6} megapixels can be read.`,
    );
  }
  if (Math.max(width, height) > MAX_SIDE) {
    throw failure("PictureError", `This picture is too long: ${readableSize({ width, height })}; a side can have up to ${MAX_SIDE} pixels.`);
  }
  if (width < 1 || height < 1) throw failure("PictureError", "This picture has no pixels.");
}

/** @param {{ width: number, height: number }} size */
function readableSize({ width, height }) {
  return `${width} × ${height} pixels`;
}
