/** The view's address: `#/teach?library=…`, and pictures of it to be put into a class: `add=` numbers in base 36. Pure. */

/** @param {URLSearchParams} fields */
export function fromFields(fields) {
  const add = (fields.get("add") ?? "").split(".").map((one) => parseInt(one, 36));
  return { library: fields.get("library"), add: add.filter((id) => Number.isSafeInteger(id) && id > 0) };
}

/** @param {string} library */
export function toFields(library) {
  return new URLSearchParams({ library });
}
