/**
 * SHA-256 (FIPS 180-4). `crypto.subtle` does whole buffers, fast, but only in secure contexts and never as a
 * stream; this one does both where that can't, at a tenth of the speed.
 */

/** @param {Uint8Array} bytes */
export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {string} hex */
export function fromHex(hex) {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

/**
 * @param {Uint8Array<ArrayBuffer> | string} bytes a text counts as its UTF-8
 * @returns {Promise<string>} lower-case hex
 */
export async function sha256(bytes) {
  if (typeof bytes === "string") return sha256(new TextEncoder().encode(bytes));
  if (globalThis.crypto?.subtle) return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
  return new Sha256().update(bytes).hex();
}

/**
 * A model's: that of its file, or one over the hashes of all its files, by which folders, archives and a hub's
 * repository of the same content are one model.
 *
 * @param {{ name: string, sha256: string | null }[]} files
 */
export async function modelHash(files) {
  const [first] = files;
  if (files.length === 1 && first.sha256) return first.sha256;
  const own = files.filter(({ name }) => !name.endsWith(".index.json"));
  return sha256(own.map(({ name, sha256 }) => `${sha256} ${name}\n`).sort().join(""));
}

/**
 * The SHA-1 that git gives a file.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<string | null>} null where the page has no `crypto.subtle`
 */
export async function gitHash(bytes) {
  if (!globalThis.crypto?.subtle) return null;
  const blob = await new Blob([`blob ${bytes.length}\0`, bytes]).arrayBuffer();
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-1", blob)));
}

/** The first `count` primes' fractional root bits: FIPS 180-4, sections 4.2.2 (cube roots) and 5.3.3 (square roots). */
function rootBits(/** @type {number} */ count, /** @type {number} */ power) {
  const bits = [];
  for (let n = 2; bits.length < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n && prime; d++) prime = n % d !== 0;
    if (prime) bits.push(((n ** power) % 1) * 2 ** 32);
  }
  return Int32Array.from(bits, (b) => Math.floor(b) | 0);
}

const ROUND = rootBits(64, 1 / 3);
const START = rootBits(8, 1 / 2);

/** SHA-256 of bytes as they come in. */
export class Sha256 {
  #state = START.slice();
  /** What doesn't fill a block yet. */
  #rest = new Uint8Array(64);
  #filled = 0;
  #length = 0;

  /** @param {Uint8Array} bytes */
  update(bytes) {
    this.#length += bytes.length;
    let at = 0;
    if (this.#filled > 0) {
      at = Math.min(64 - this.#filled, bytes.length);
      this.#rest.set(bytes.subarray(0, at), this.#filled);
      this.#filled += at;
      if (this.#filled < 64) return this;
      compress(this.#state, this.#rest, 0);
    }
    for (; at + 64 <= bytes.length; at += 64) compress(this.#state, bytes, at);
    this.#rest.set(bytes.subarray(at));
    this.#filled = bytes.length - at;
    return this;
  }

  /** The digest in lower-case hex. Nothing can be added afterwards. */
  hex() {
    const bits = this.#length * 8;
    // One bit, zeros, and the length in bits as 64 big-endian bits, up to the end of a block.
    const padding = new Uint8Array((this.#filled < 56 ? 64 : 128) - this.#filled);
    padding[0] = 0x80;
    const view = new DataView(padding.buffer);
    view.setUint32(padding.length - 8, Math.floor(bits / 2 ** 32));
    view.setUint32(padding.length - 4, bits >>> 0);
    this.update(padding);
    const digest = new DataView(new ArrayBuffer(32));
    this.#state.forEach((word, i) => digest.setInt32(i * 4, word));
    return toHex(new Uint8Array(digest.buffer));
  }
}

/** The message schedule; one for all, since a block is done before another begins. */
const schedule = new Int32Array(64);

/**
 * Section 6.2.2: one block of 64 bytes from `at` into the state. A plain function over plain arrays, which
 * engines compile well.
 *
 * @param {Int32Array} state
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function compress(state, bytes, at) {
  const w = schedule;
  for (let t = 0, i = at; t < 16; t++, i += 4) {
    w[t] = (bytes[i] << 24) | (bytes[i + 1] << 16) | (bytes[i + 2] << 8) | bytes[i + 3];
  }
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15];
    const y = w[t - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = (w[t - 16] + s0 + w[t - 7] + s1) | 0;
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let t = 0; t < 64; t++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUND[t] + w[t]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}
