/**
 * Pictures → an index: what is there unchanged is passed over, what is there by another name keeps its vector, and the
 * rest is embedded, several at a time. Every picture is in storage as soon as it is done, so that to go on after a pause,
 * a closed tab or a lost model is to add the same again.
 */
import { failure, isAbort, messageOf } from "../errors.js";
import { throttled } from "../api/throttle.js";

/** @typedef {import("./client.js").IndexClient} IndexClient */
/** @typedef {import("./protocol.js").Listed} Listed */
/** @typedef {import("../running/pipeline.js").Embedded} Embedded */
/** @typedef {import("../../../semblance.js").AddProgress} AddProgress */
/** A picture to add, opened when it is its turn. @typedef {Listed & { open: () => Promise<File> }} Source */
/** A picture's vector and what is seen on the way. @typedef {(file: File, signal: AbortSignal) => Promise<Embedded>} EmbedFile */

/** Files that are compared with the index in one call. */
const COMPARED = 500;
/** Pictures that are on their way at a time: what the engine's pipeline holds, and some whose files are being read. */
const AT_A_TIME = 20;
/** Of these last seconds the rate is taken. */
const RATE_MS = 10_000;

/**
 * @param {object} needs
 * @param {IndexClient} needs.client
 * @param {number} needs.handle
 * @param {EmbedFile} needs.embed
 * @param {Source[]} sources
 * @param {{ folder: string | null, signal?: AbortSignal, onProgress?: (progress: AddProgress) => void }} options `folder`: they are the whole of it
 * @returns {Promise<AddProgress>} the last progress
 */
export async function addPictures({ client, handle, embed }, sources, { folder, signal, onProgress }) {
  const giveUp = new AbortController();
  const abort = () => giveUp.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  /** @type {AddProgress} */
  const progress = { done: 0, total: sources.length, added: 0, unchanged: 0, same: 0, renamed: 0, removed: 0, failed: [], rate: null, secondsLeft: null, room: null };
  const rate = new Rate();
  const tell = throttled((/** @type {AddProgress} */ now) => onProgress?.({ ...now, failed: [...now.failed], ...rate.of(now) }));
  try {
    await client.call("begin", { handle, folder });
    const fresh = await compare(client, handle, sources, giveUp.signal);
    progress.unchanged = progress.done = sources.length - fresh.length;
    progress.room = await client.call("roomFor", { handle, count: fresh.length });
    tell.report(progress);
    await each(fresh, AT_A_TIME, giveUp, async (source) => {
      const kind = await addOne({ client, handle, embed }, source, giveUp.signal).catch((thrown) => {
        // What is wrong with one picture is no reason to leave the others.
        if (!(thrown instanceof Error) || thrown.name !== "PictureError") throw thrown;
        progress.failed.push({ path: source.path, message: thrown.message });
      });
      if (kind) progress[kind] += 1;
      progress.done += 1;
      rate.tick();
      tell.report(progress);
    });
    progress.removed = await client.call("settle", { handle, whole: folder !== null });
    tell.report(progress);
    tell.flush();
    return { ...progress, ...rate.of(progress) };
  } finally {
    tell.stop();
    signal?.removeEventListener("abort", abort);
  }
}

/** Those that the index doesn't have as they are. @param {IndexClient} client @param {number} handle @param {Source[]} sources @param {AbortSignal} signal */
async function compare(client, handle, sources, signal) {
  /** @type {Source[]} */
  const fresh = [];
  for (let at = 0; at < sources.length; at += COMPARED) {
    signal.throwIfAborted();
    const some = sources.slice(at, at + COMPARED);
    const there = await client.call("compare", { handle, files: some.map(listed) });
    fresh.push(...some.filter((_, i) => !there[i]));
  }
  return fresh;
}

/** @param {Source} source @returns {Listed} */
const listed = ({ path, size, modified }) => ({ path, size, modified });

/**
 * @param {{ client: IndexClient, handle: number, embed: EmbedFile }} needs
 * @param {Source} source
 * @param {AbortSignal} signal
 * @returns {Promise<"added" | "same" | "renamed">}
 */
async function addOne({ client, handle, embed }, source, signal) {
  const file = await source.open();
  const { hash, known } = await client.call("content", { handle, file, listed: listed(source) });
  if (known) return known;
  signal.throwIfAborted();
  const { vector, width, height, taken, small } = await embed(file, signal);
  // One that is computed is kept, whoever has lost interest meanwhile.
  await client.call("put", { handle, facts: { ...listed(source), hash, width, height, taken }, vector, thumbnail: small });
  return "added";
}

/**
 * Work over all, so many at a time. The first that fails ends it, once those that were begun are over.
 *
 * @template T
 * @param {T[]} all
 * @param {number} atATime
 * @param {AbortController} giveUp
 * @param {(one: T) => Promise<void>} work
 */
async function each(all, atATime, giveUp, work) {
  let next = 0;
  /** @type {unknown} */
  let failed;
  const lane = async () => {
    while (next < all.length && !giveUp.signal.aborted) {
      try {
        await work(all[next++]);
      } catch (thrown) {
        failed ??= thrown;
        giveUp.abort(thrown);
      }
    }
  };
  await Promise.all(Array.from({ length: atATime }, lane));
  if (failed !== undefined && !isAbort(failed)) throw failed instanceof Error ? failed : failure("EngineError", messageOf(failed));
  giveUp.signal.throwIfAborted();
}

/** Pictures a second. */
class Rate {
  /** @type {number[]} */
  #ticks = [];
  #begun = performance.now();

  tick() {
    this.#ticks.push(performance.now());
  }

  /** @param {AddProgress} progress */
  of({ done, total }) {
    const now = performance.now();
    const from = Math.max(this.#begun, now - RATE_MS);
    this.#ticks = this.#ticks.filter((at) => at >= from);
    const seconds = (now - from) / 1000;
    const rate = this.#ticks.length > 0 && seconds > 0.2 ? this.#ticks.length / seconds : null;
    return { rate, secondsLeft: rate ? (total - done) / rate : null };
  }
}
