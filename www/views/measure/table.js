/** Tables of what was measured. */

/** A table's head and rows: text, or what is there already. @param {HTMLTableElement} table @param {string[]} head @param {(string | HTMLElement)[][]} rows */
export function fill(table, head, rows) {
  const heads = document.createElement("tr");
  heads.append(...head.map((name) => Object.assign(document.createElement("th"), { scope: "col", textContent: name })));
  const body = rows.map((cells) => {
    const row = document.createElement("tr");
    row.append(
      ...cells.map((cell, at) => {
        const element = at === 0 ? Object.assign(document.createElement("th"), { scope: "row" }) : document.createElement("td");
        element.append(cell);
        return element;
      }),
    );
    return row;
  });
  const [top, rest] = [document.createElement("thead"), document.createElement("tbody")];
  top.append(heads);
  rest.append(...body);
  table.replaceChildren(top, rest);
}
