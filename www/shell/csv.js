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

/** The rows of a CSV file as RFC 4180 has them; a semicolon or a tab divides cells where the first line has no comma. Blank lines are left out.
 * @param {string} text @returns {string[][]} */
export function parse(text) {
  const first = text.slice(0, text.search(/[\r\n]|$/));
  const between = [",", ";", "\t"].find((sign) => first.includes(sign)) ?? ",";
  /** @type {string[][]} */
  const rows = [];
  /** @type {string[]} */
  let row = [];
  let cell = "";
  let quoted = false;
  const end = () => {
    row.push(cell);
    if (row.some((cell) => cell !== "")) rows.push(row);
    [row, cell] = [[], ""];
  };
  const clean = text.replace(/^\ufeff/, "");
  for (let at = 0; at < clean.length; at += 1) {
    const sign = clean[at];
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (clean[at + 1] === '"') cell += clean[(at += 1)];
      else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === between) {
      row.push(cell);
      cell = "";
    } else if (sign === "\n" || sign === "\r") {
      if (sign === "\r" && clean[at + 1] === "\n") at += 1;
      end();
    } else cell += sign;
  }
  end();
  return rows;
}
