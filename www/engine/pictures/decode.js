/**
 * Pictures → pixels. Everything odd about a file ends here: what comes out is a decoded picture of a sane size,
 * upright, or a `PictureError` that says what is wrong with it.
 */
import { failure, readableBytes } from "../errors.js";
import { SNIFF_BYTES, sniff } from "./sniff.js";

/** @typedef {import("../api/protocol.js").Picture} Picture */
/** @typedef {import("../api/protocol.js").Rgba} Rgba */
/** @typedef {import("../running/wasm.js").ImageSize} ImageSize */
/** What a picture is before it is decoded. `pixels` it will have, null where its first bytes don't say. @typedef {{ kind: import("./sniff.js").Kind, pixels: number | null }} Look */

/** Four bytes a pixel: a decoded picture of this size takes 400 MB. */
const MAX_PIXELS = 100e6;
/** The longest side that browsers' canvases take. */
const MAX_SIDE = 32_767;
/** Where the size stands, except behind long metadata in a JPEG. */
const HEAD_BYTES = 256 * 2 ** 10;
const LONG_HEAD_BYTES = 16 * 2 ** 20;

/** The same pixels in every browser: turned as EXIF says, colours as they are in the file. @type {ImageBitmapOptions} */
const AS_IN_FILE = { imageOrientation: "from-image", premultiplyAlpha: "none", colorSpaceConversion: "none" };

/** What to do with pictures that browsers mostly can't read. @type {Partial<Record<import("./sniff.js").Kind, string>>} */
const NOT_HERE = {
  AVIF: "This browser cannot read AVIF pictures. Save it as JPEG or PNG and try again.",
  HEIC: "This browser cannot read HEIC pictures. Save it as JPEG or PNG and try again.",
  TIFF: "This browser cannot read TIFF pictures. Save it as JPEG or PNG and try again.",
  "JPEG XL": "This browser cannot read JPEG XL pictures. Save it as JPEG or PNG and try again.",
  PSD: "This is a Photoshop file, which browsers cannot read. Save it as JPEG or PNG and try again.",
};

/**
 * A picture's pixels, alpha kept. Of an animation, the first frame.
 *
 * @param {Picture} picture an `ImageBitmap` is closed
 * @param {ImageSize} imageSize
 * @returns {Promise<Rgba>}
 */
export async function decode(picture, imageSize) {
  return pixelsOf(picture, await look(picture, imageSize));
}

/**
 * A look at a picture before it is decoded, which is what costs. What is too large is refused here.
 *
 * @param {Picture} picture
 * @param {ImageSize} imageSize
 * @returns {Promise<Look>}
 */
export async function look(picture, imageSize) {
  if (picture instanceof Blob) return lookAtFile(picture, imageSize);
  checkSize(picture);
  return { kind: "unknown", pixels: picture.width * picture.height };
}

/**
 * The pixels of a picture that was looked at.
 *
 * @param {Picture} picture an `ImageBitmap` is closed
 * @param {Look} look
 * @returns {Promise<Rgba>}
 */
export async function pixelsOf(picture, look) {
  if ("data" in picture) return picture;
  const bitmap = await open(picture, look, AS_IN_FILE);
  const { width, height } = bitmap;
  try {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d", { colorSpace: "srgb", willReadFrequently: true });
    if (!context) throw new Error("no canvas");
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height, { colorSpace: "srgb" });
    return { data: /** @type {Uint8ClampedArray<ArrayBuffer>} */ (data), width, height };
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
 * @param {ImageSize} imageSize
 * @returns {Promise<import("../api/protocol.js").Thumbnail>} `width` and `height` are the picture's own
 */
export async function thumbnail(picture, size, imageSize) {
  const shown = "data" in picture ? await createImageBitmap(new ImageData(picture.data, picture.width, picture.height)) : picture;
  const bitmap = await open(shown, await look(shown, imageSize), { imageOrientation: "from-image" });
  const { width, height } = bitmap;
  const scale = Math.min(1, size / Math.max(width, height));
  if (scale === 1) return { width, height, bitmap };
  try {
    const fitted = await createImageBitmap(bitmap, {
      resizeWidth: Math.max(1, Math.round(width * scale)),
      resizeHeight: Math.max(1, Math.round(height * scale)),
      resizeQuality: "high",
    });
    return { width, height, bitmap: fitted };
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

/** @param {Blob} file @param {ImageSize} imageSize @returns {Promise<Look>} */
async function lookAtFile(file, imageSize) {
  if (file.size === 0) throw failure("PictureError", "This file is empty.");
  const head = await readHead(file, HEAD_BYTES);
  const kind = sniff(head.subarray(0, SNIFF_BYTES));
  let size = imageSize(head);
  if (!size && kind === "JPEG" && file.size > HEAD_BYTES) size = imageSize(await readHead(file, LONG_HEAD_BYTES));
  // Before the browser makes room for the pixels: 10 kB of PNG can ask for 1.6 GB.
  if (size) checkSize(size);
  return { kind, pixels: size ? size.width * size.height : null };
}

/**
 * @param {Blob | ImageBitmap} picture
 * @param {Look} look
 * @param {ImageBitmapOptions} options
 * @returns {Promise<ImageBitmap>}
 */
async function open(picture, { kind }, options) {
  if (picture instanceof ImageBitmap) return picture;
  let bitmap;
  try {
    bitmap = await createImageBitmap(picture, options);
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

/** @param {Blob} file @param {number} bytes */
async function readHead(file, bytes) {
  try {
    return new Uint8Array(await file.slice(0, bytes).arrayBuffer());
  } catch (thrown) {
    throw failure("PictureError", "This file can't be read: it was moved, changed or deleted since it was chosen.", thrown);
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
