/** Which of some numbers are the greatest. Pure. */

/** Places of the two greatest. @param {Float32Array} row */
export function twoBest(row) {
  let [best, second] = row[1] > row[0] ? [1, 0] : [0, 1];
  for (let at = 2; at < row.length; at += 1) {
    if (row[at] > row[best]) [best, second] = [at, best];
    else if (row[at] > row[second]) second = at;
  }
  return [best, second];
}
