/** Descriptions as files. */

import { cell, exact } from "../../../shell/csv.js";
import { zipped } from "../../../shell/leaving.js";

/** @typedef {import("../../../../semblance.js").Description} Description */
/** @typedef {{ path: string, description: Description }} Described */
/** What stands before and after each. @typedef {{ prefix: string, suffix: string }} Around */

/** @param {Described} described @param {Around} around */
export const textOf = ({ description }, { prefix, suffix }) => `${prefix}${description.text}${suffix}`;

/** One line a picture. @param {Described[]} all @param {Around} around */
export function toCsv(all, around) {
  const lines = all.map((one) => {
    const { phrases, cosine } = one.description;
    return [cell(one.path), cell(textOf(one, around)), exact(cosine), cell(phrases.map(({ phrase }) => phrase).join("; ")), cell(phrases.map(({ gain }) => exact(gain)).join("; "))].join(",");
  });
  return ["path,text,cosine,phrases,gains", ...lines, ""].join("\r\n");
}

/** @param {Described[]} all @param {Around} around @param {object} about */
export function toJson(all, around, about) {
  const pictures = all.map((one) => ({
    path: one.path,
    text: textOf(one, around),
    cosine: exact(one.description.cosine),
    phrases: one.description.phrases.map(({ phrase, bank, gain }) => ({ phrase, bank, gain: exact(gain) })),
  }));
  return JSON.stringify({ ...about, pictures }, null, 2);
}

/** A text beside each picture, with its name and `.txt` instead of its ending: what trainers of image generators read. @param {Described[]} all @param {Around} around */
export function texts(all, around) {
  /** Two pictures may differ in their endings alone. @type {Set<string>} */
  const taken = new Set();
  const nameOf = (/** @type {string} */ path) => {
    const short = `${path.replace(/\.[^./]+$/, "")}.txt`;
    const name = taken.has(short) ? `${path}.txt` : short;
    taken.add(name);
    return name;
  };
  return zipped(all.map((one) => ({ name: nameOf(one.path), file: new Blob([textOf(one, around)], { type: "text/plain" }) })), () => {});
}
