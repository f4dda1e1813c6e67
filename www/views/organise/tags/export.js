/** Tags as files. */

import { cell, exact } from "../../../shell/csv.js";
import { zipped } from "../../../shell/leaving.js";

/** @typedef {{ id: number, path: string, tags: { word: string, probability: number }[] }} Row */

/** Of each tag its pictures, the likeliest first; tags with the most pictures first. @param {import("../../../../semblance.js").TagSelection} selection */
export function byTag({ pictures }) {
  /** @type {Map<string, { id: number, probability: number }[]>} */
  const all = new Map();
  for (const { id, tags } of pictures) {
    for (const { word, probability } of tags) {
      const some = all.get(word);
      if (some) some.push({ id, probability });
      else all.set(word, [{ id, probability }]);
    }
  }
  const sorted = [...all].sort(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1));
  return new Map(
    sorted.map(([word, some]) => {
      some.sort((a, b) => b.probability - a.probability || a.id - b.id);
      return [word, { ids: Uint32Array.from(some, ({ id }) => id), values: Float32Array.from(some, ({ probability }) => probability) }];
    }),
  );
}

/** One line a picture. @param {Row[]} rows */
export function toCsv(rows) {
  const lines = rows.map(({ path, tags }) => [cell(path), cell(tags.map(({ word }) => word).join("; ")), cell(tags.map(({ probability }) => exact(probability)).join("; "))].join(","));
  return ["path,tags,probabilities", ...lines, ""].join("\r\n");
}

/** @param {Row[]} rows @param {object} about */
export function toJson(rows, about) {
  const pictures = rows.map(({ path, tags }) => ({ path, tags: tags.map(({ word, probability }) => ({ word, probability: exact(probability) })) }));
  return JSON.stringify({ ...about, pictures }, null, 2);
}

/** A sidecar beside each picture, with the whole of its name: what exiftool and digiKam look for. @param {Row[]} rows @param {typeof import("../../../../semblance.js").Semblance} library */
export async function sidecars(rows, library) {
  const texts = await library.sidecars(rows.map(({ tags }) => tags.map(({ word }) => word)));
  return zipped(texts.map((text, at) => ({ name: `${rows[at].path}.xmp`, file: new Blob([text], { type: "application/rdf+xml" }) })), () => {});
}

/** A folder for each tag with copies of its pictures. @param {Row[]} rows @param {{ path: string, file: File }[]} files @param {(done: number, total: number) => void} onProgress */
export function folders(rows, files, onProgress) {
  const fileAt = new Map(files.map(({ path, file }) => [path, file]));
  const copies = rows.flatMap(({ path, tags }) => {
    const file = fileAt.get(path);
    return file ? tags.map(({ word }) => ({ name: `${word.replaceAll(/[\\/:*?"<>|]/g, "-")}/${path.replaceAll("/", " - ")}`, file })) : [];
  });
  return zipped(copies, (done) => onProgress(done, copies.length));
}
