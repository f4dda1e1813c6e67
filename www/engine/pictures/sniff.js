/** What a file is, from its first bytes; never from its name, which is often wrong. */

/** @typedef {"JPEG" | "PNG" | "GIF" | "WebP" | "BMP" | "ICO" | "AVIF" | "HEIC" | "TIFF" | "JPEG XL" | "PSD" | "SVG" | "PDF" | "zip archive" | "video" | "web page" | "text" | "unknown"} Kind */

/** How many bytes `sniff` looks at. */
export const SNIFF_BYTES = 4096;

/** Offset, bytes. @type {[Kind, number, string][]} */
const MAGIC = [
  ["JPEG", 0, "\xff\xd8\xff"],
  ["PNG", 0, "\x89PNG\r\n\x1a\n"],
  ["GIF", 0, "GIF8"],
  ["WebP", 8, "WEBP"],
  ["BMP", 0, "BM"],
  ["ICO", 0, "\0\0\x01\0"],
  ["TIFF", 0, "II*\0"],
  ["TIFF", 0, "MM\0*"],
  ["TIFF", 0, "II+\0"],
  ["TIFF", 0, "MM\0+"],
  ["JPEG XL", 0, "\xff\x0a"],
  ["JPEG XL", 4, "JXL "],
  ["PSD", 0, "8BPS"],
  ["PDF", 0, "%PDF"],
  ["zip archive", 0, "PK\x03\x04"],
  ["video", 0, "\x1a\x45\xdf\xa3"],
];

/** ISO base media files tell by their brand (ISO/IEC 14496-12, 23008-12). @type {[Kind, RegExp][]} */
const BRANDS = [
  ["AVIF", /^avi[fs]/],
  ["HEIC", /^(hei[cxms]|hev[cxms]|mif1|msf1)/],
  ["video", /./],
];

/**
 * @param {Uint8Array} head
 * @returns {Kind}
 */
export function sniff(head) {
  const start = latin1(head.subarray(0, 32));
  for (const [kind, offset, magic] of MAGIC) if (start.startsWith(magic, offset)) return kind;
  if (start.startsWith("ftyp", 4)) {
    // "mif1" says only "a picture"; the compatible brands after it say which.
    const brands = latin1(head.subarray(8, Math.min(64, new DataView(head.buffer, head.byteOffset).getUint32(0))));
    if (brands.includes("avif")) return "AVIF";
    for (const [kind, brand] of BRANDS) if (brand.test(brands)) return kind;
  }
  return textKind(head.subarray(0, SNIFF_BYTES));
}

/** @param {Uint8Array} head @returns {Kind} */
function textKind(head) {
  const encoding = head[0] === 0xff && head[1] === 0xfe ? "utf-16le" : head[0] === 0xfe && head[1] === 0xff ? "utf-16be" : "utf-8";
  let text;
  try {
    // `stream` lets the last character be cut in two.
    text = new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true });
  } catch {
    return "unknown";
  }
  if (text === "" || /[\0-\x08\x0e-\x1a]/.test(text)) return "unknown";
  const markup = text.replace(/<!--[^]*?-->|<\?[^]*?\?>|<!DOCTYPE svg[^>[]*(\[[^\]]*\])?[^>]*>/gi, "").trimStart();
  if (/^<([\w-]+:)?svg[\s>]/i.test(markup)) return "SVG";
  if (/^<(!doctype html|html|head|body)/i.test(markup)) return "web page";
  return "text";
}

/** @param {Uint8Array} bytes */
function latin1(bytes) {
  return String.fromCharCode(...bytes);
}
