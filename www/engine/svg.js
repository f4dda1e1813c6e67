/** SVG → bitmap. Only a page can draw one; in an `<img>` it runs no script and loads nothing. */
import { failure, messageOf } from "./errors.js";

/** The longer side of a drawing that says nothing about its size, and the least of one that does: lines are sharp at any size, and the model sees more than an icon's 16 pixels. */
const LEAST_SIDE = 512;
const MAX_SIDE = 2048;
/** Longer drawings would stop the page while they are read. */
const MAX_BYTES = 20e6;

const UNITS = new Map([["", 1], ["px", 1], ["pt", 96 / 72], ["pc", 16], ["in", 96], ["cm", 96 / 2.54], ["mm", 96 / 25.4]]);

/**
 * @param {Blob} blob
 * @returns {Promise<ImageBitmap>} transparent where nothing is drawn
 */
export async function drawSvg(blob) {
  if (blob.size > MAX_BYTES) throw failure("PictureError", `This SVG drawing is too large: up to ${MAX_BYTES / 1e6} MB can be read.`);
  const drawing = new DOMParser().parseFromString(await blob.text(), "image/svg+xml");
  const root = drawing.documentElement;
  if (drawing.querySelector("parsererror") || root.localName !== "svg") throw damaged();

  const { width, height } = sizeOf(root);
  // Both are set, since some browsers don't draw without; a viewBox makes the drawing follow them.
  if (!root.hasAttribute("viewBox")) {
    const own = ownSize(root);
    if (own) root.setAttribute("viewBox", `0 0 ${own.width} ${own.height}`);
  }
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(height));

  const text = new XMLSerializer().serializeToString(drawing);
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  const image = new Image();
  try {
    image.src = address;
    await image.decode();
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    context.drawImage(image, 0, 0, width, height);
    // Some browsers let no page read a drawing with HTML inside; it shows here and not in the worker.
    context.getImageData(0, 0, 1, 1);
    return canvas.transferToImageBitmap();
  } catch (thrown) {
    throw damaged(thrown);
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** @param {unknown} [cause] */
function damaged(cause) {
  return failure("PictureError", `This SVG file can't be drawn${cause ? ` (${messageOf(cause)})` : ": its markup is damaged"}.`, cause);
}

/** The size to draw at, in whole pixels. @param {Element} root */
function sizeOf(root) {
  const { width, height } = ownSize(root) ?? boxSize(root) ?? { width: 1, height: 1 };
  const longer = Math.max(width, height);
  const scale = Math.min(Math.max(longer, LEAST_SIDE), MAX_SIDE) / longer;
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** @param {Element} root */
function ownSize(root) {
  const width = pixels(root.getAttribute("width"));
  const height = pixels(root.getAttribute("height"));
  return width && height ? { width, height } : null;
}

/** @param {Element} root */
function boxSize(root) {
  const [, , width, height] = (root.getAttribute("viewBox") ?? "").trim().split(/[\s,]+/).map(Number);
  return width > 0 && height > 0 ? { width, height } : null;
}

/** @param {string | null} length */
function pixels(length) {
  const [, number, unit] = /^\s*\+?([\d.]+(?:e[+-]?\d+)?)\s*([a-z]*)\s*$/i.exec(length ?? "") ?? [];
  const value = Number(number) * (UNITS.get(unit?.toLowerCase()) ?? Number.NaN);
  return value > 0 && Number.isFinite(value) ? value : null;
}
