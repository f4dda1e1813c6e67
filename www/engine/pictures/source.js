/**
 * Whatever shows a picture → something that can go to the worker: files as they are, everything that only the
 * page can read as a bitmap. The caller's own bitmap, canvas or pixels stay theirs; what comes out is a copy.
 */
import { downloadBlob } from "../fetching/download.js";
import { failure, messageOf } from "../errors.js";
import { SNIFF_BYTES, sniff } from "./sniff.js";
import { drawSvg } from "./svg.js";

/** @typedef {import("../../../semblance.js").ImageSource} ImageSource */
/** @typedef {import("../api/protocol.js").Picture} Picture */

/** The same pixels as from a file: upright, colours and alpha untouched. @type {ImageBitmapOptions} */
const AS_SHOWN = { imageOrientation: "from-image", premultiplyAlpha: "none", colorSpaceConversion: "none" };

/**
 * @param {unknown} value
 * @returns {value is ImageSource}
 */
export function isImageSource(value) {
  return (
    typeof value === "string" ||
    [URL, Blob, ImageBitmap, ImageData, HTMLImageElement, HTMLCanvasElement, OffscreenCanvas].some((type) => value instanceof type)
  );
}

/**
 * @param {ImageSource} source
 * @param {AbortSignal} [signal]
 * @returns {Promise<Picture>}
 */
export async function toPicture(source, signal) {
  signal?.throwIfAborted();
  if (typeof source === "string" || source instanceof URL) return fromAddress(source, signal);
  if (source instanceof Blob) return fromBlob(source);
  if (source instanceof ImageData) return fromPixels(source);
  if (source instanceof HTMLImageElement) return fromElement(source);
  if (source.width === 0 || source.height === 0) {
    throw failure("PictureError", "This picture has no pixels: its canvas is empty, or its bitmap was closed.");
  }
  return copy(source);
}

/** @param {Blob} blob @returns {Promise<Picture>} */
async function fromBlob(blob) {
  // Workers can't draw SVG. A file that can't be read is reported by the worker, as every other.
  const head = await blob.slice(0, SNIFF_BYTES).arrayBuffer().catch(() => null);
  const kind = head ? sniff(new Uint8Array(head)) : "unknown";
  // Behind a long preamble an SVG looks like any text; then its name or type counts.
  const named = blob.type === "image/svg+xml" || (blob instanceof File && /\.svg$/i.test(blob.name));
  return kind === "SVG" || (kind === "text" && named) ? drawSvg(blob) : blob;
}

/** @param {ImageData} image @returns {Promise<Picture>} */
async function fromPixels(image) {
  const { data, width, height, colorSpace } = image;
  // Wide-gamut and half-float pixels are converted by the browser.
  if (colorSpace !== "srgb" || !(data instanceof Uint8ClampedArray)) return createImageBitmap(image);
  return { data: new Uint8ClampedArray(data), width, height };
}

/** @param {string | URL} address @param {AbortSignal} [signal] @returns {Promise<Picture>} */
async function fromAddress(address, signal) {
  const url = URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI) : null;
  if (!url || !["http:", "https:", "blob:", "data:"].includes(url.protocol)) {
    throw failure("PictureError", `"${String(address).slice(0, 200)}" is not the address of a picture: it must begin with https:// or http://.`);
  }
  // The page's own content policy lets it fetch from its own site only; a picture of another one comes as <img>.
  if (url.protocol.startsWith("http") && url.origin !== location.origin) return fromOtherSite(url, signal);
  if (url.protocol === "data:") return fromBlob(fromDataAddress(url.href));
  return fromBlob(await downloadBlob(url.href, { signal }));
}

/** Read here rather than fetched, since a page's content policy seldom allows that. @param {string} address */
function fromDataAddress(address) {
  const [, type, base64, data] = /^data:([^,;]*)(?:;[^,;]*?)*?(;base64)?,([^]*)$/i.exec(address) ?? [];
  try {
    const text = decodeURIComponent(data);
    return new Blob([base64 ? Uint8Array.from(atob(text), (char) => char.charCodeAt(0)) : text], { type });
  } catch (thrown) {
    throw failure("PictureError", "This data: address is damaged: it holds no picture.", thrown);
  }
}

/** @param {URL} url @param {AbortSignal} [signal] */
async function fromOtherSite(url, signal) {
  const image = new Image();
  image.crossOrigin = "anonymous";
  image.referrerPolicy = "no-referrer";
  const arrived = new Promise((resolve, reject) => {
    image.onload = resolve;
    image.onerror = () => reject(whyNotFrom(url));
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  image.src = url.href;
  try {
    await arrived;
    return await fromElement(image);
  } finally {
    // Also ends a download that is no longer wanted.
    image.removeAttribute("src");
  }
}

/** The browser doesn't tell a refusal from a missing picture, so that pages can't spy. @param {URL} url */
function whyNotFrom(url) {
  if (!navigator.onLine) return failure("NetworkError", `${url.href} could not be reached: this device is offline.`);
  return failure(
    "PictureError",
    `${url.host} does not allow its pictures to be read by other pages (CORS), or there is no picture at this address. Save the picture and drop it here instead.`,
  );
}

/** @param {HTMLImageElement} image @returns {Promise<Picture>} */
async function fromElement(image) {
  if (!image.complete) await image.decode().catch(() => {});
  if (image.naturalWidth === 0) {
    throw failure("PictureError", `This picture element shows nothing: ${image.currentSrc ? "its picture could not be loaded" : "it has no picture"}.`);
  }
  return copy(image);
}

/** @param {HTMLImageElement | HTMLCanvasElement | OffscreenCanvas | ImageBitmap} source */
async function copy(source) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(source, AS_SHOWN);
  } catch (thrown) {
    throw failure("PictureError", `The browser could not read this picture's pixels (${messageOf(thrown)}).`, thrown);
  }
  if (!isReadable(bitmap)) {
    bitmap.close();
    throw failure(
      "PictureError",
      "This picture comes from another site that does not allow its pictures to be read by other pages (CORS). Save the picture and drop it here instead.",
    );
  }
  return bitmap;
}

/** Pixels from other sites can be shown and not read; reading one of them tells. @param {ImageBitmap} bitmap */
function isReadable(bitmap) {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  context?.drawImage(bitmap, 0, 0);
  try {
    context?.getImageData(0, 0, 1, 1);
    return true;
  } catch {
    return false;
  }
}
