/** Frames of a video file. The types and their meaning are in semblance.d.ts. */
import { checkOptions } from "../api/check.js";
import { failure } from "../errors.js";

/** @typedef {import("../../../semblance.js").VideoFrameAt} VideoFrameAt */

/** Of a frame's longer side. */
const SIDE = 512;
/** Frames are compared as grey pictures of so many pixels a side. */
const GREY = 16;
/**
 * So much, of 1, two frames of different scenes differ on average, each with its own mean brightness taken off: half of what two unrelated
 * photographs differ.
 */
const OTHER = 0.08;
const FRAMES_AT_MOST = 3600;
/** A browser that has not answered by then never does. */
const PATIENCE_MS = 15_000;

/**
 * @param {Blob} file
 * @param {import("../../../semblance.js").FrameOptions} [options]
 * @returns {Promise<VideoFrameAt[]>}
 */
export async function frames(file, options) {
  const { every = 1, scenes = true, most = FRAMES_AT_MOST, onFrame, signal, onProgress } = checkOptions(options, "frames");
  if (!(file instanceof Blob)) throw new TypeError("frames: the video must be a Blob or a File");
  if (!(every > 0 && every < Infinity)) throw new TypeError("every must be a number of seconds above 0");
  if (!Number.isInteger(most) || most < 1) throw new TypeError("most must be a whole number from 1 on");
  signal?.throwIfAborted();
  const url = URL.createObjectURL(file);
  try {
    const video = await opened(url, file, signal);
    return await looked(video, { every, scenes, most, onFrame, signal, onProgress });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** @param {string} url @param {Blob} file @param {AbortSignal} [signal] */
async function opened(url, file, signal) {
  const video = document.createElement("video");
  Object.assign(video, { muted: true, playsInline: true, preload: "auto" });
  const ready = heard(video, "loadeddata", signal);
  video.src = url;
  await ready.catch((thrown) => {
    if (signal?.aborted) throw thrown;
    const kind = file.type || "of an unknown kind";
    throw failure("PictureError", `This browser can't decode the video (${kind}). Convert it to MP4 with H.264, or to WebM, and try again.`, thrown);
  });
  if (video.videoWidth === 0) throw failure("PictureError", "There are no pictures in this file, only sound.");
  // What a browser recorded says its length only at its end.
  if (video.duration === Infinity) {
    const known = heard(video, "durationchange", signal);
    video.currentTime = 1e9;
    await known.catch(() => {});
  }
  if (!Number.isFinite(video.duration)) throw failure("PictureError", "This video does not say how long it is, so it can't be gone through.");
  return video;
}

/**
 * @param {HTMLVideoElement} video
 * @param {Required<Pick<import("../../../semblance.js").FrameOptions, "every" | "scenes" | "most">> & Pick<import("../../../semblance.js").FrameOptions, "onFrame" | "signal" | "onProgress">} way
 */
async function looked(video, { every, scenes, most, onFrame, signal, onProgress }) {
  const total = Math.min(most, Math.max(1, Math.ceil(video.duration / every)));
  const scale = Math.min(1, SIDE / Math.max(video.videoWidth, video.videoHeight));
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(video.videoWidth * scale)), Math.max(1, Math.round(video.videoHeight * scale)));
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  /** @type {VideoFrameAt[]} */
  const found = [];
  /** @type {Float32Array | null} */
  let last = null;
  for (let i = 0; i < total; i += 1) {
    signal?.throwIfAborted();
    const time = Math.min(i * every, Math.max(0, video.duration - 0.001));
    if (Math.abs(video.currentTime - time) > 1e-6) {
      const there = heard(video, "seeked", signal);
      video.currentTime = time;
      await there;
    }
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const grey = greyOf(canvas);
    if (!scenes || last === null || difference(grey, last) >= OTHER) {
      last = grey;
      const frame = { time, image: await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 }) };
      found.push(frame);
      onFrame?.(frame);
    }
    onProgress?.(i + 1, total);
  }
  return found;
}

/** Brightness, 0 to 1, less its mean. @param {OffscreenCanvas} canvas */
function greyOf(canvas) {
  const small = new OffscreenCanvas(GREY, GREY);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (small.getContext("2d", { willReadFrequently: true }));
  context.drawImage(canvas, 0, 0, GREY, GREY);
  const { data } = context.getImageData(0, 0, GREY, GREY);
  // ITU-R BT.601's luma.
  const grey = Float32Array.from({ length: GREY * GREY }, (_, i) => (0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]) / 255);
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  return grey.map((value) => value - mean);
}

/** @param {Float32Array} a @param {Float32Array} b */
const difference = (a, b) => a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;

/** @param {HTMLVideoElement} video @param {string} event @param {AbortSignal} [signal] */
function heard(video, event, signal) {
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    const end = (/** @type {() => void} */ settle) => {
      over.abort();
      clearTimeout(waiting);
      settle();
    };
    const options = { signal: over.signal };
    const waiting = setTimeout(() => end(() => reject(failure("PictureError", "The browser has stopped decoding this video."))), PATIENCE_MS);
    video.addEventListener(event, () => end(() => resolve(undefined)), options);
    video.addEventListener("error", () => end(() => reject(video.error ?? failure("PictureError", "The video can't be read."))), options);
    signal?.addEventListener("abort", () => end(() => reject(signal.reason)), options);
  });
}
