/** Cells of a CSV file. Pure. */

/** A spreadsheet takes text that starts with one of these signs for a formula and would run it: an apostrophe in front
 * keeps it text. @param {string} value */
export const inert = (value) => (/^\s*[=+\-@]|^[\t\r]/.test(value) ? `'${value}` : value);

/** Outside text as a CSV cell, quoted as RFC 4180 says. @param {string} value */
export function cell(value) {
  const safe = inert(value);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Nine digits hold every bit of an f32. @param {number} value */
export const exact = (value) => Number(value.toPrecision(9));
