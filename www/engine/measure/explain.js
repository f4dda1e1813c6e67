/** Why did it say that? The types and their meaning are in semblance.d.ts. */
import { checkLabels, checkOptions, checkTemplates } from "../api/check.js";

/** @typedef {import("../../../semblance.js").ExplainOptions} ExplainOptions */
/** @typedef {import("../../../semblance.js").Explanation} Explanation */
/** @typedef {import("../../../semblance.js").Label} Label */
/** @typedef {import("../api/protocol.js").Heat} Heat */
/** @typedef {Omit<import("../api/protocol.js").Calls["explain"]["args"], "handle">} Asked */

const METHODS = ["patches", "occlusion"];
/** How opaque the most evidence is. */
const OPAQUE = 0.85;
/** Where none is chosen: a warm one, which few pictures are full of. @type {[number, number, number]} */
const COLOUR = [255, 64, 32];

/**
 * @param {(signal?: AbortSignal) => Promise<import("../api/protocol.js").Picture>} picture made ready once the rest is known to be right
 * @param {Label} label
 * @param {ExplainOptions | undefined} options
 * @param {(args: Asked, options: import("../api/client.js").CallOptions) => Promise<Heat>} ask
 * @returns {Promise<Explanation>}
 */
export async function explain(picture, label, options, ask) {
  const { method = "patches", labels = [], template, signal, onProgress } = checkOptions(options, "explain");
  if (!METHODS.includes(method)) throw new TypeError(`method must be one of ${METHODS.map((method) => `"${method}"`).join(", ")}`);
  const [text] = checkLabels([label], "label");
  const all = labels.length > 0 ? checkLabels(labels, "labels") : [];
  const among = all.includes(text) ? all : [text, ...all];
  const args = { labels: among, label: among.indexOf(text), templates: checkTemplates(template), method };
  const heat = await ask({ ...args, picture: await picture(signal) }, { signal, onProgress: ({ done }) => onProgress?.(done) });
  const [x, y, width, height] = heat.seen;
  return {
    method,
    side: heat.side,
    heat: heat.cells,
    seen: { x, y, width, height },
    overlay: (look) => overlay(heat, look),
  };
}

/**
 * Between the cells' centres the evidence is drawn in straight lines, in both directions; what the model does not see stays clear.
 *
 * @param {Heat} heat
 * @param {{ width?: number, colour?: [number, number, number] }} [look]
 */
function overlay({ side, cells, seen, width: pictureWidth, height: pictureHeight }, { width = 256, colour = COLOUR } = {}) {
  if (!Number.isInteger(width) || width < 1 || width > 4096) throw new TypeError("width must be a whole number from 1 to 4096");
  const height = Math.max(1, Math.round((width * pictureHeight) / pictureWidth));
  const image = new ImageData(width, height);
  const most = cells.reduce((most, cell) => Math.max(most, cell), 0);
  if (most === 0) return image;
  const [left, top, across, down] = seen;
  const columns = Array.from({ length: width }, (_, x) => place(((x + 0.5) / width - left) / across, side));
  for (let y = 0; y < height; y++) {
    const row = place(((y + 0.5) / height - top) / down, side);
    if (!row) continue;
    columns.forEach((column, x) => {
      if (!column) return;
      const between = (/** @type {number} */ y) => cells[y * side + column.low] * (1 - column.share) + cells[y * side + column.high] * column.share;
      const value = between(row.low) * (1 - row.share) + between(row.high) * row.share;
      image.data.set([...colour, 255 * OPAQUE * (Math.max(0, value) / most)], 4 * (y * width + x));
    });
  }
  return image;
}

/** The two cells that a place lies between, and how near it is to the second; null outside. @param {number} at from 0 to 1 @param {number} side */
function place(at, side) {
  if (at < 0 || at > 1) return null;
  const cell = Math.min(side - 1, Math.max(0, at * side - 0.5));
  const low = Math.floor(cell);
  return { low, high: Math.min(side - 1, low + 1), share: cell - low };
}
