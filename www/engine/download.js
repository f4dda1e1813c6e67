/** The network: nothing else in the engine fetches. What fails here is a `NetworkError` with the address in it. */
import { failure, isAbort, messageOf, readableBytes } from "./errors.js";
import { checkModelHost } from "./hosts.js";

/**
 * @param {string} url absolute
 * @param {{ signal?: AbortSignal, cache?: RequestCache }} [options]
 * @returns {Promise<Response>} with a status of 200 to 299
 */
export async function request(url, { signal, cache = "default" } = {}) {
  let response;
  try {
    // No cookies and no referrer leave for another site; a model or a picture needs neither.
    response = await fetch(url, { signal, cache, credentials: "same-origin", referrerPolicy: "same-origin" });
  } catch (thrown) {
    if (signal?.aborted || isAbort(thrown)) throw thrown;
    throw failure("NetworkError", `${url} could not be reached${whyUnreachable(url)}.`, thrown);
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw failure("NetworkError", `${url} could not be loaded: the server answered ${response.status} ${statusText(response)}.`);
  }
  return response;
}

/**
 * The same for what belongs to a model: from where models may come from, after redirects too.
 *
 * @param {string} url absolute
 * @param {{ signal?: AbortSignal, cache?: RequestCache }} options
 */
export async function requestModel(url, options) {
  checkModelHost(url);
  const response = await request(url, options);
  try {
    checkModelHost(response.url);
  } catch (thrown) {
    await response.body?.cancel();
    throw thrown;
  }
  return response;
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

/**
 * How many bytes the body will have, where the server says it. The length of a compressed answer counts
 * the compressed bytes, which the page never sees.
 *
 * @param {Response} response
 */
export function lengthOf(response) {
  const length = Number(response.headers.get("Content-Length") ?? Number.NaN);
  return response.headers.has("Content-Encoding") || !Number.isSafeInteger(length) ? null : length;
}

/**
 * A response's body as it comes in.
 *
 * @param {Response} response
 * @param {AbortSignal} [signal]
 * @returns {AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>}
 */
export async function* chunksOf(response, signal) {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (thrown) {
    if (signal?.aborted || isAbort(thrown)) throw thrown;
    throw failure("NetworkError", `The connection broke while ${response.url} was loading (${messageOf(thrown)}).`, thrown);
  } finally {
    reader.cancel().catch(() => {});
  }
}

/**
 * A piece of a model, whole; its length is known. More or fewer bytes are an error, and more are never held.
 *
 * @param {string} url
 * @param {number} bytes
 * @param {{ signal?: AbortSignal, cache?: RequestCache, onBytes?: (added: number) => void }} options
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function download(url, bytes, { signal, cache, onBytes }) {
  const response = await requestModel(url, { signal, cache });
  const whole = new Uint8Array(bytes);
  let filled = 0;
  for await (const chunk of chunksOf(response, signal)) {
    if (filled + chunk.length > bytes) {
      throw failure("NetworkError", `${url} is longer than it should be (${readableBytes(bytes)}).`);
    }
    whole.set(chunk, filled);
    filled += chunk.length;
    onBytes?.(chunk.length);
  }
  if (filled < bytes) {
    throw failure("NetworkError", `${url} broke off after ${filled} of ${bytes} bytes. Try again.`);
  }
  return whole;
}

/**
 * A small text about models.
 *
 * @param {string} url
 * @param {{ signal?: AbortSignal, cache?: RequestCache, limit?: number }} [options] `limit` in bytes
 */
export async function downloadText(url, { signal, cache, limit = 2 ** 20 } = {}) {
  const response = await requestModel(url, { signal, cache });
  const decoder = new TextDecoder();
  let text = "";
  let read = 0;
  for await (const chunk of chunksOf(response, signal)) {
    read += chunk.length;
    if (read > limit) throw failure("NetworkError", `${url} is longer than it may be (${readableBytes(limit)}).`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
