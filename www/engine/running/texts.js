/** Texts' vectors, a portion at a time. */
import { joined } from "./rows.js";

/** @typedef {{ signal?: AbortSignal, onProgress?: (done: number, total: number) => void }} Way */

/** Texts at a time: between two portions somebody may cancel. */
const TEXTS = 64;

/**
 * The vectors of texts, one after another.
 *
 * @param {import("../../../semblance.js").Semblance} clip
 * @param {{ texts: import("../../../semblance.js").Label[], template: string | string[] }[]} groups of one template each
 * @param {Way} way
 */
export async function textRows(clip, groups, { signal, onProgress } = {}) {
  const total = groups.reduce((sum, { texts }) => sum + texts.length, 0);
  const rows = [];
  for (const { texts, template } of groups) {
    for (let at = 0; at < texts.length; at += TEXTS) {
      rows.push(...(await clip.embedTexts(texts.slice(at, at + TEXTS), { template, signal })));
      onProgress?.(rows.length, total);
    }
  }
  return joined(rows);
}
