/** SVG → bitmap. Only a page can draw one; in an `<img>` it runs no script and loads nothing. */
import { failure, messageOf } from "../errors.js";

/** The longer side of a drawing that says nothing about its size, and the least of one that does: lines are sharp at any size, and the model sees more than an icon's 16 pixels. */
const LEAST_SIDE = 512;
const MAX_SIDE = 2048;
/** Longer drawings would stop the page while they are read. */
const MAX_BYTES = 10e6;

/** CSS pixels in a unit (CSS Values 4, absolute lengths). Others depend on what is around the drawing. */
const UNITS = new Map([["", 1], ["px", 1], ["pt", 96 / 72], ["pc", 16], ["in", 96], ["cm", 96 / 2.54], ["mm", 96 / 25.4]]);

/** What may stand before the root element, then the root's start tag. */
const PROLOG = /^(?:\s+|<\?[^]*?\?>|<!--[^]*?-->|<!DOCTYPE(?:[^[>"']|"[^"]*"|'[^']*')*(?:\[[^]*?\]\s*)?>)*/i;
const ROOT = /^<(?:[\w.-]+:)?svg(?=[\s>/])(?:[^>"']|"[^"]*"|'[^']*')*>/;

/**
 * @param {Blob} blob
 * @returns {Promise<ImageBitmap>} transparent where nothing is drawn
 */
export async function drawSvg(blob) {
  if (blob.size > MAX_BYTES) throw failure("PictureError", `This SVG drawing is too large: up to ${MAX_BYTES / 1e6} MB can be read.`);
  const { text, width, height } = withSize(toText(new Uint8Array(await blob.arrayBuffer())));
  const image = new Image();
  // Not a blob: address: with HTML in the drawing, browsers let no page read what such a one shows.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  try {
    await image.decode();
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    context.drawImage(image, 0, 0, width, height);
    // Where the browser lets no page read it, that shows here and not in the worker.
    context.getImageData(0, 0, 1, 1);
    return canvas.transferToImageBitmap();
  } catch (thrown) {
    throw failure("PictureError", `This SVG file is damaged: the browser can't draw it (${messageOf(thrown)}).`, thrown);
  }
}

/** @param {Uint8Array} bytes */
function toText(bytes) {
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : null;
  const declared = /^<\?xml[^>]*?encoding=["']([\w.-]+)/.exec(new TextDecoder().decode(bytes.subarray(0, 200)))?.[1];
  try {
    return new TextDecoder(marked ?? declared ?? "utf-8").decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/**
 * The drawing with `width`, `height` and `viewBox` set, since some browsers don't draw without, and the size in
 * whole pixels. Done on the text: a parsed document would try out every style in it against the page's content
 * policy, and fill the console.
 *
 * @param {string} text
 */
function withSize(text) {
  const prolog = PROLOG.exec(text)?.[0] ?? "";
  const tag = ROOT.exec(text.slice(prolog.length))?.[0];
  if (!tag) throw failure("PictureError", "This SVG file is damaged: it has no <svg> element.");
  const own = ownSize(tag);
  const { width, height } = fit(own ?? boxSize(tag) ?? { width: 1, height: 1 });
  const box = attribute(tag, "viewBox") ?? (own ? `0 0 ${own.width} ${own.height}` : null);
  const sized = tag
    .replace(/\s(?:width|height|viewBox)\s*=\s*(?:"[^"]*"|'[^']*')/g, "")
    .replace(/\s*\/?>$/, (end) => ` width="${width}" height="${height}"${box ? ` viewBox="${box}"` : ""}${end}`);
  // The declared encoding no longer holds; a document type is kept for the entities it may define.
  const kept = prolog.replace(/<\?xml[^]*?\?>/i, "").trimStart();
  return { text: kept + sized + text.slice(prolog.length + tag.length), width, height };
}

/** @param {string} tag @param {string} name */
function attribute(tag, name) {
  const [, double, single] = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag) ?? [];
  return double ?? single?.replaceAll('"', "") ?? null;
}

/** @param {{ width: number, height: number }} size */
function fit({ width, height }) {
  const longer = Math.max(width, height);
  const scale = Math.min(Math.max(longer, LEAST_SIDE), MAX_SIDE) / longer;
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** @param {string} tag */
function ownSize(tag) {
  const width = pixels(attribute(tag, "width"));
  const height = pixels(attribute(tag, "height"));
  return width && height ? { width, height } : null;
}

/** @param {string} tag */
function boxSize(tag) {
  const [, , width, height] = (attribute(tag, "viewBox") ?? "").trim().split(/[\s,]+/).map(Number);
  return width > 0 && height > 0 ? { width, height } : null;
}

/** @param {string | null} length */
function pixels(length) {
  const [, number, unit] = /^\s*\+?([\d.]+(?:e[+-]?\d+)?)\s*([a-z]*)\s*$/i.exec(length ?? "") ?? [];
  const value = Number(number) * (UNITS.get(unit?.toLowerCase()) ?? Number.NaN);
  return value > 0 && Number.isFinite(value) ? value : null;
}
