/** The confusion matrix as a table, of all classes or of those that are most confused. */

import { say, text } from "../words.js";

/** @typedef {{ truth: number, answer: number, count: number }} Cell */

/** A table of more says nothing. */
const most = 24;

/** Of many classes, those with the most that went wrong. @param {Cell[]} cells @param {number} classes @returns {number[]} */
export function shownClasses(cells, classes) {
  const all = Array.from({ length: classes }, (_, at) => at);
  if (classes <= most) return all;
  const wrong = new Float64Array(classes);
  for (const { truth, answer, count } of cells) {
    if (truth === answer) continue;
    wrong[truth] += count;
    wrong[answer] += count;
  }
  return all.sort((a, b) => wrong[b] - wrong[a] || a - b).slice(0, most).sort((a, b) => a - b);
}

/** @param {Cell[]} cells @param {string[]} names */
export function confusionTable(cells, names) {
  const shown = shownClasses(cells, names.length);
  /** @type {Map<string, number>} */
  const counts = new Map(cells.map(({ truth, answer, count }) => [`${truth},${answer}`, count]));
  const totals = new Map(shown.map((truth) => [truth, cells.reduce((sum, cell) => sum + (cell.truth === truth ? cell.count : 0), 0)]));
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  head.append(header(text["matrix.truth"], "col"), ...shown.map((answer) => header(names[answer], "col")));
  const body = table.createTBody();
  for (const truth of shown) {
    const row = body.insertRow();
    row.append(header(names[truth], "row"));
    for (const answer of shown) {
      const cell = row.insertCell();
      const count = counts.get(`${truth},${answer}`) ?? 0;
      if (count === 0) continue;
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: String(count) });
      button.dataset.truth = String(truth);
      button.dataset.answer = String(answer);
      button.ariaLabel = say.cell(names[truth], names[answer], count);
      button.className = truth === answer ? "right" : "wrong";
      button.style.setProperty("--value", String(count / (totals.get(truth) || 1)));
      cell.append(button);
    }
  }
  return { table, part: shown.length < names.length };
}

/** @param {string} name @param {"row" | "col"} scope */
function header(name, scope) {
  const cell = document.createElement("th");
  cell.scope = scope;
  cell.append(Object.assign(document.createElement("span"), { textContent: name, title: name }));
  return cell;
}
