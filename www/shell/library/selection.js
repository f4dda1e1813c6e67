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
