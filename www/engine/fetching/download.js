/** The network: nothing else in the engine fetches. What fails here is a `NetworkError` with the address in it. */
import { failure, isAbort, messageOf, readableBytes } from "../errors.js";
import { checkModelHost } from "./hosts.js";
import { insist, Interruption } from "./retry.js";

/** @typedef {{ signal?: AbortSignal, cache?: RequestCache }} Options */

/** A connection that brings nothing for so long is taken for dead. */
const SILENCE_MS = 30_000;
/** Read at a time. */
const CHUNK_BYTES = 256 * 1024;
/** Statuses after which the same request may succeed. */
const BUSY = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Servers that have answered. @type {Set<string>} */
const heard = new Set();

/**
 * @param {string} url absolute
 * @param {Options & { headers?: Record<string, string> }} [options]
 * @returns {Promise<Response>} with a status of 200 to 299
 */
async function request(url, { signal, cache = "default", headers } = {}) {
  const { origin } = new URL(url);
  let response;
  try {
    // No cookies and no referrer leave for another site; a model or a picture needs neither.
    response = await fetch(url, { signal, cache, headers, credentials: "same-origin", referrerPolicy: "same-origin" });
  } catch (thrown) {
    if (signal?.aborted || isAbort(thrown)) throw thrown;
    throw new Interruption(`${url} could not be reached${whyUnreachable(url)}.`, { cause: thrown, heard: heard.has(origin), answered: false });
  }
  heard.add(origin);
  if (response.ok) return response;
  await response.body?.cancel().catch(() => {});
  const message = `${url} could not be loaded: the server answered ${response.status} ${statusText(response)}.`;
  if (BUSY.has(response.status)) throw new Interruption(message, { waitMs: retryAfter(response) });
  throw failure("NetworkError", message, { status: response.status });
}

/** @param {string} url */
function whyUnreachable(url) {
  if (!navigator.onLine) return ": this device is offline";
  if (new URL(url).origin === self.location.origin) return ": the server does not answer";
  return ": the server does not answer, or it does not let other sites read this file (CORS)";
}

/** @param {Response} response */
function statusText({ status, statusText }) {
  return status === 404 ? "(there is no such file)" : statusText && `(${statusText})`;
}

/** Seconds, or a date. @param {Response} response @returns {number | null} milliseconds */
function retryAfter({ headers }) {
  const value = headers.get("Retry-After");
  if (!value) return null;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

/** The status that a server refused with. @param {unknown} thrown @returns {number | null} */
export function statusOf(thrown) {
  const { status } = /** @type {{ status?: unknown }} */ ((thrown instanceof Error && thrown.cause) || {});
  return typeof status === "number" ? status : null;
}

/**
 * A response whose server has begun to answer, or been silent for too long. What follows is the caller's to read.
 *
 * @param {string} url absolute
 * @param {Options} [options]
 */
export async function respond(url, { signal, cache } = {}) {
  const watch = new Watch(url, signal);
  try {
    return await watch.over(request(url, { signal: watch.signal, cache }));
  } finally {
    watch.end();
  }
}

/**
 * A whole file of any kind. @param {string} url absolute @param {Options} [options] @returns {Promise<Blob>} of the type that the server says
 */
export async function downloadBlob(url, { signal, cache } = {}) {
  const watch = new Watch(url, signal);
  try {
    const response = await watch.over(request(url, { signal: watch.signal, cache }));
    const answer = new Answer(response, watch);
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const chunks = [];
    for (let chunk = await answer.read(); chunk; chunk = await answer.read()) chunks.push(chunk.slice());
    return new Blob(chunks, { type: response.headers.get("Content-Type") ?? "" });
  } finally {
    watch.end();
  }
}

/**
 * A file that belongs to a model, from where models may come from, after redirects too.
 *
 * @param {string} url absolute
 * @param {Options & { from?: number, to?: number }} options the first and the last byte wanted, where not all are; the server may send all the same
 * @returns {Promise<Answer>}
 */
export async function open(url, { signal, cache, from, to }) {
  checkModelHost(url);
  const watch = new Watch(url, signal);
  try {
    const headers = from === undefined ? undefined : { Range: `bytes=${from}-${to}` };
    const response = await watch.over(request(url, { signal: watch.signal, cache, headers }));
    const answer = new Answer(response, watch);
    try {
      checkModelHost(response.url);
    } catch (thrown) {
      answer.close();
      throw thrown;
    }
    return answer;
  } catch (thrown) {
    watch.end();
    throw thrown;
  }
}

/** What a server sends, read as far as one likes; to be closed by whoever opened it. */
export class Answer {
  #watch;
  #reader;
  /** Of the bytes to come, the first one's place in the file. */
  at = 0;
  /** The server sends the part that was asked for, and not all. */
  isPart;
  /** Bytes of the whole file, where the server says it. @type {number | null} */
  total;
  /** By which this version of the file is told from others, where the server says it. @type {string | null} */
  version;
  /** The next page of a list, in the form of RFC 8288. @type {string | undefined} */
  next;

  /** @param {Response} response @param {Watch} watch */
  constructor(response, watch) {
    const { headers, status } = response;
    this.#watch = watch;
    this.#reader = response.body && readerOf(response.body);
    this.isPart = status === 206;
    const [, first, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get("Content-Range") ?? "") ?? [];
    // Where another site doesn't show where its part begins, the hash will tell.
    this.claimed = first === undefined ? null : Number(first);
    // The length of a compressed answer counts the compressed bytes, which the page never sees.
    this.compressed = headers.has("Content-Encoding");
    const length = headers.has("Content-Length") && !this.compressed && !this.isPart ? Number(headers.get("Content-Length")) : Number.NaN;
    this.total = total !== undefined ? Number(total) : Number.isSafeInteger(length) ? length : null;
    this.version = headers.get("ETag") ?? headers.get("Last-Modified");
    [, this.next] = /<([^>]*)>;\s*rel="next"/.exec(headers.get("Link") ?? "") ?? [];
  }

  /** @returns {Promise<Uint8Array<ArrayBuffer> | null>} good until the next is asked for; null at the end */
  async read() {
    const result = this.#reader && (await this.#watch.over(this.#reader.read()));
    if (!result?.value?.length) return null;
    this.at += result.value.length;
    return result.value;
  }

  close() {
    this.#watch.end();
    this.#reader?.cancel().catch(() => {});
  }
}

/**
 * Where the browser can, always into the same memory: a large model would leave as much garbage behind as it has bytes.
 *
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body
 * @returns {{ read(): Promise<{ value?: Uint8Array<ArrayBuffer> }>, cancel(): Promise<void> }}
 */
function readerOf(body) {
  let reader;
  try {
    reader = body.getReader({ mode: "byob" });
  } catch {
    return body.getReader();
  }
  const own = reader;
  let memory = new ArrayBuffer(CHUNK_BYTES);
  return {
    async read() {
      const { value } = await own.read(new Uint8Array(memory));
      if (value) memory = value.buffer;
      return { value };
    },
    cancel: () => own.cancel(),
  };
}

/** Ends a request when its caller gives up, and when it has been silent for long. */
class Watch {
  #controller = new AbortController();
  #url;
  #caller;
  #silent = false;
  #giveUp = () => this.#controller.abort(this.#caller?.reason);

  /** @param {string} url @param {AbortSignal} [caller] */
  constructor(url, caller) {
    this.#url = url;
    this.#caller = caller;
    if (caller?.aborted) this.#giveUp();
    caller?.addEventListener("abort", this.#giveUp, { once: true });
  }

  get signal() {
    return this.#controller.signal;
  }

  /** @template T @param {Promise<T>} step */
  async over(step) {
    const timer = setTimeout(() => {
      this.#silent = true;
      this.#controller.abort();
    }, SILENCE_MS);
    try {
      return await step;
    } catch (thrown) {
      this.#caller?.throwIfAborted();
      if (this.#silent) throw new Interruption(`${this.#url} broke off: the server sent nothing for ${SILENCE_MS / 1000} seconds.`);
      if (thrown instanceof Error && thrown.name === "NetworkError" && !(thrown instanceof DOMException)) throw thrown;
      throw new Interruption(`The connection broke while ${this.#url} was loading (${messageOf(thrown)}).`, { cause: thrown });
    } finally {
      clearTimeout(timer);
    }
  }

  end() {
    this.#caller?.removeEventListener("abort", this.#giveUp);
  }
}

/**
 * A small text about models. A server that is busy or broken is asked again.
 *
 * @param {string} url
 * @param {Options & { limit?: number, once?: boolean }} [options] `limit` in bytes; `once`: not again, since there is something to fall back on
 */
export async function downloadText(url, options) {
  return (await downloadPage(url, options)).text;
}

/**
 * @param {string} url
 * @param {Options & { limit?: number, once?: boolean }} [options]
 * @returns {Promise<{ text: string, next: string | undefined }>} `next`: the list goes on there
 */
export function downloadPage(url, { signal, cache, limit = 4 * 2 ** 20, once = false } = {}) {
  const attempt = async () => {
    const answer = await open(url, { signal, cache });
    try {
      const decoder = new TextDecoder();
      let text = "";
      for (let chunk = await answer.read(); chunk; chunk = await answer.read()) {
        if (answer.at > limit) throw failure("NetworkError", `${url} is longer than it may be (${readableBytes(limit)}).`);
        text += decoder.decode(chunk, { stream: true });
      }
      return { text: text + decoder.decode(), next: answer.next };
    } finally {
      answer.close();
    }
  };
  return once ? attempt() : insist(attempt, signal);
}
