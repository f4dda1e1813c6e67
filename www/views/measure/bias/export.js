/** What a probe found, as CSV. Pure. */

import { cell, exact } from "../../../shell/csv.js";

/** @param {NonNullable<import("../state.js").MeasureState["bias"]>} found */
export function toCsv({ probe, bias, neutral }) {
  const head = "group,attribute,prompt,pictures,mean_logits,low,high,bootstrap_low,bootstrap_high,cohens_d,p,p_holm,verdict";
  const lines = bias.shifts.map(({ group, attribute, mean, interval, bootstrap, cohensD, p, holm, verdict }) => {
    const numbers = [mean, interval.low, interval.high, bootstrap.low, bootstrap.high, cohensD, p, holm].map((number) => (number === null ? "" : exact(number)));
    const pictures = neutral ? `${bias.pictures} that show nothing` : bias.pictures;
    return [cell(probe.groups[group]), cell(probe.attributes[attribute]), cell(probe.prompt), pictures, ...numbers, verdict].join(",");
  });
  return [head, ...lines, ""].join("\r\n");
}
