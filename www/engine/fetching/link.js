/** Weights by their address alone: a `.gguf`, or a `.safetensors` with its texts beside it. */
import { downloadText, open, statusOf } from "./download.js";
import { chooseFiles, ENGINE_TEXTS } from "./folder.js";
import { sha256 } from "../storage/hash.js";
import { cut, idOf, planFrom } from "./plan.js";
import { orStored, readRecord } from "../storage/records.js";
import { insist } from "./retry.js";

/** @typedef {import("./local.js").Opened} Opened */
/** @typedef {import("./plan.js").PlanFile} PlanFile */
/** @typedef {import("./resolve.js").Resolved} Resolved */
/** @typedef {import("../storage/store.js").Store} Store */
/** A text beside the weights. @typedef {{ name: string, text: string }} Text */

/**
 * @param {string} url
 * @param {Store | null} store
 * @param {AbortSignal} signal
 * @returns {Promise<Resolved>}
 */
export async function resolveLink(url, store, signal) {
  const id = await idOf(url);
  const before = await readRecord(store, "models", id);
  const name = decodeURIComponent(new URL(url).pathname.split("/").at(-1) ?? "");
  return orStored(before, async () => {
    const { bytes, version } = await ask(url, before !== null, signal);
    const texts = /\.gguf$/i.test(name) ? [] : await textsBeside(url, name, signal);
    const about = { id, name, title: name, licence: "", revision: null, dtype: "", source: url, url, published: false };
    // Without its length it can't be cut, and without a version a later part may be of another file.
    if (bytes === null || version === null) return { plan: planFrom(about, []), stream: streamOf(url, name, bytes, texts, signal) };
    const weights = cut({ name, bytes, version, url }, await sha256(`${url}\n${bytes}\n${version}`));
    return { plan: planFrom(about, [...(await Promise.all(texts.map((text) => textFile(url, text)))), weights]) };
  });
}

/**
 * How long the file is and which version of it: from the answer to a request for its first byte.
 *
 * @param {string} url
 * @param {boolean} once
 * @param {AbortSignal} signal
 */
async function ask(url, once, signal) {
  const attempt = async () => {
    const answer = await open(url, { signal, cache: "no-store", from: 0, to: 0 });
    answer.close();
    return { bytes: answer.total, version: answer.version };
  };
  return once ? attempt() : insist(attempt, signal);
}

/** @param {string} url of the weights @param {string} name @param {AbortSignal} signal @returns {Promise<Text[]>} */
async function textsBeside(url, name, signal) {
  const found = await Promise.all(
    ENGINE_TEXTS.map(async (name) => {
      try {
        return { name, text: await downloadText(new URL(name, url).href, { signal, cache: "no-cache", limit: 64e6 }) };
      } catch (thrown) {
        const status = statusOf(thrown);
        if (status === 404 || status === 403 || status === 410) return null;
        throw thrown;
      }
    }),
  );
  const texts = found.filter((text) => text !== null);
  await chooseFiles([...texts.map(({ name }) => name), name], `The folder of ${url}`, async () => "", name);
  return texts;
}

/** @param {string} url of the weights @param {Text} text @returns {Promise<PlanFile>} */
async function textFile(url, { name, text }) {
  const bytes = new TextEncoder().encode(text);
  const hash = await sha256(bytes);
  return cut({ name, bytes: bytes.length, sha256: hash, url: new URL(name, url).href }, hash);
}

/**
 * Read from its start to its end, and not kept.
 *
 * @param {string} url
 * @param {string} name
 * @param {number | null} bytes
 * @param {Text[]} texts
 * @param {AbortSignal} signal
 * @returns {Opened}
 */
function streamOf(url, name, bytes, texts, signal) {
  const files = texts.map(({ name, text }) => {
    const encoded = new TextEncoder().encode(text);
    return {
      name,
      bytes: encoded.length,
      async *chunks() {
        yield encoded;
      },
    };
  });
  const weights = {
    name,
    bytes: bytes ?? 0,
    async *chunks() {
      const answer = await open(url, { signal });
      try {
        for (let chunk = await answer.read(); chunk; chunk = await answer.read()) yield chunk;
      } finally {
        answer.close();
      }
    },
  };
  const total = bytes === null ? null : files.reduce((sum, { bytes }) => sum + bytes, bytes);
  return { name, bytes: total, files: [...files, weights], remote: true };
}
