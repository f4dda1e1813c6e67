/** Where each result stands: rows of equal squares, with a line between those that stand out and the rest. Pure. */

/**
 * @typedef {object} Layout
 * @property {number} count
 * @property {number} columns
 * @property {number} size Of a square, in pixels.
 * @property {number} gap
 * @property {number} standing So many stand before the line; as many as there are, or none: there is no line.
 * @property {number} line The line's height.
 */

/** Browsers lay out no more than so many pixels. */
const tallest = 15e6;

/** @param {Layout} layout */
const pitch = ({ size, gap }) => size + gap;

/** @param {Layout} layout */
export const hasLine = ({ standing, count }) => standing > 0 && standing < count;

/** Where the second part begins. @param {Layout} layout */
const second = (layout) => (hasLine(layout) ? Math.ceil(layout.standing / layout.columns) * pitch(layout) + layout.line : 0);

/** @param {Layout} layout @param {number} index @returns {{ x: number, y: number }} */
export function placeOf(layout, index) {
  const { columns, standing } = layout;
  const behind = hasLine(layout) && index >= standing;
  const at = behind ? index - standing : index;
  return { x: (at % columns) * pitch(layout), y: (behind ? second(layout) : 0) + Math.floor(at / columns) * pitch(layout) };
}

/** Where the line stands, from its top. @param {Layout} layout */
export const lineAt = (layout) => second(layout) - layout.line;

/** @param {Layout} layout */
export function heightOf(layout) {
  if (layout.count === 0) return 0;
  return Math.min(tallest, placeOf(layout, layout.count - 1).y + layout.size);
}

/** Which results lie between two heights: the first, and the one behind the last.
 * @param {Layout} layout @param {number} top @param {number} bottom @returns {[number, number]} */
export function between(layout, top, bottom) {
  const { columns, count, standing } = layout;
  const row = (/** @type {number} */ y) => Math.max(0, Math.floor(y / pitch(layout)));
  const first = Math.max(0, Math.min(top, tallest));
  const last = Math.max(0, Math.min(bottom, tallest));
  if (!hasLine(layout)) return [Math.min(count, row(first) * columns), Math.min(count, (row(last) + 1) * columns)];
  const begin = second(layout);
  const from = first < begin ? Math.min(standing, row(first) * columns) : standing + row(first - begin) * columns;
  const to = last < begin ? Math.min(standing, (row(last) + 1) * columns) : standing + (row(last - begin) + 1) * columns;
  return [Math.min(count, from), Math.min(count, to)];
}

/** Where a key leads. @param {Layout} layout @param {number} index @param {string} key @param {number} page Rows in sight.
 * @returns {number | null} Null: it is none of these keys. */
export function step(layout, index, key, page) {
  const { columns, count } = layout;
  const rows = Math.max(1, page);
  /** @type {Record<string, number>} */
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, PageUp: -columns * rows, PageDown: columns * rows, Home: -count, End: count };
  if (!(key in steps)) return null;
  const to = index + steps[key];
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  // Up and down end in their column; a page ends at an end.
  if (key.startsWith("Arrow") && (to < 0 || to >= count)) return key === "ArrowDown" && index < count - 1 && Math.floor(index / columns) < Math.floor((count - 1) / columns) ? count - 1 : index;
  return Math.max(0, Math.min(count - 1, to));
}
