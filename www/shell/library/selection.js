/** Which pictures of a library are selected: the same in every view that has the library. */

/** @type {Map<string, Set<number>>} */
const selections = new Map();

/**
 * @param {string} library its name
 * @param {Set<number>} [selected] from now on
 * @returns {Set<number>} not to be changed
 */
export function selectionOf(library, selected) {
  if (selected) selections.set(library, selected);
  return selections.get(library) ?? new Set();
}

/**
 * What is selected after one was picked, or a range: from the one that was picked last, which then are all selected.
 *
 * @param {Set<number>} before
 * @param {Uint32Array} ids as they are shown
 * @param {{ index: number, range: boolean, last: number }} pick places
 */
export function picked(before, ids, { index, range, last }) {
  const selected = new Set(before);
  const [from, to] = range ? [Math.min(last, index), Math.max(last, index)] : [index, index];
  const add = range || !selected.has(ids[index]);
  for (let i = from; i <= to && i < ids.length; i += 1) add ? selected.add(ids[i]) : selected.delete(ids[i]);
  return selected;
}
