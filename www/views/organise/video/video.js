/** A film, or the camera: frames are found by words, with their times. They are in no library, and kept nowhere. */

import { part } from "../../../shell/dom.js";
import { cell, exact } from "../../../shell/csv.js";
import { download } from "../../../shell/leaving.js";
import { say, text } from "../words.js";
import { VideoPanel } from "./video-panel.js";

/** Seconds between two looks through the camera. */
const lookEvery = 1000;
/** Frames of the camera that are kept. */
const liveMost = 600;

/** @typedef {{ time: number, image: Blob, url: string, vector: Float32Array | null, score: number | null }} Frame */

export class Video {
  #needs;
  #panel;
  /** @type {Frame[]} */
  #frames = [];
  /** @type {{ name: string, url: string } | null} */
  #film = null;
  #words = "";
  /** @type {MediaStream | null} */
  #camera = null;
  #looking = 0;
  #began = 0;
  #turn = 0;

  /** @param {import("../part.js").Needs} needs @param {HTMLElement} root */
  constructor(needs, root) {
    this.#needs = needs;
    this.#panel = part(root, "video-panel", VideoPanel);
  }

  /** Another model: frames are embedded anew when they are looked for. */
  changed() {
    for (const frame of this.#frames) [frame.vector, frame.score] = [null, null];
  }

  draw() {
    const ready = this.#needs.shell.clip() !== null;
    this.#panel.content = { ready, film: this.#film, frames: this.#ranked, words: this.#words, camera: this.#camera };
  }

  texts() {
    return { labels: this.#words ? [this.#words] : [], template: "a photo of {}" };
  }

  /** Best first where something is looked for, else in their order. */
  get #ranked() {
    return this.#words && this.#frames.every(({ score }) => score !== null) ? this.#frames.toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0) || a.time - b.time) : this.#frames;
  }

  /** @param {import("../../../shell/view.js").Given} given */
  take(given) {
    const film = given.loose.find(({ file }) => /^video\//.test(file.type) || /\.(mp4|m4v|mov|webm|mkv|avi)$/i.test(file.name));
    if (film) this.#open(film.file);
    return film !== undefined;
  }

  #forget() {
    this.#turn += 1;
    this.#stopCamera();
    for (const { url } of this.#frames) URL.revokeObjectURL(url);
    if (this.#film) URL.revokeObjectURL(this.#film.url);
    [this.#frames, this.#film] = [[], null];
  }

  /** @param {File} file */
  async #open(file) {
    this.#forget();
    const turn = this.#turn;
    const { every, scenes } = this.#panel.settings;
    this.#film = { name: file.name, url: URL.createObjectURL(file) };
    this.#needs.shell.redraw();
    const frames = await this.#needs.work.run(text["video.sampling"], (way) =>
      this.#needs.shell.library.frames(file, {
        ...way,
        every,
        scenes,
        onFrame: ({ time, image }) => {
          if (turn !== this.#turn) return;
          this.#frames.push({ time, image, url: URL.createObjectURL(image), vector: null, score: null });
          this.#needs.shell.redraw();
        },
      }),
    );
    if (turn !== this.#turn) return;
    if (!frames && this.#frames.length === 0) this.#film = null;
    if (frames) this.#needs.shell.announce(say.frames(frames.length));
    if (this.#words && this.#frames.length > 0) await this.#find(this.#words);
    this.#needs.shell.redraw();
  }

  /** @param {string} words */
  async #find(words) {
    this.#words = words;
    const clip = this.#needs.shell.clip();
    for (const frame of this.#frames) frame.score = null;
    this.#needs.shell.redraw();
    if (!words || !clip) return;
    const turn = ++this.#turn;
    /** @type {{ frames: Frame[], cosine: Float32Array } | null} */
    const found = await this.#needs.work.run(text["video.finding"], async ({ signal, onProgress }) => {
      const missing = this.#frames.filter(({ vector }) => vector === null);
      const vectors = await clip.embedImages(missing.map(({ image }) => image), { signal, onProgress });
      missing.forEach((frame, i) => (frame.vector = vectors[i]));
      const frames = this.#frames;
      const { cosine } = await clip.similarity(frames.map(({ vector }) => /** @type {Float32Array} */ (vector)), [words], { template: "a photo of {}", signal });
      return { frames, cosine };
    });
    this.#needs.shell.used();
    if (!found || turn !== this.#turn) return;
    found.frames.forEach((frame, i) => (frame.score = found.cosine[i]));
    this.#needs.shell.redraw();
  }

  async #startCamera() {
    const stream = await navigator.mediaDevices?.getUserMedia({ video: { facingMode: "environment" } }).catch(() => null);
    if (!stream) return this.#needs.shell.notice(text["video.noCamera"]);
    this.#forget();
    this.#camera = stream;
    this.#began = performance.now();
    stream.getVideoTracks()[0]?.addEventListener("ended", () => this.#stopCamera());
    this.#needs.shell.redraw();
    this.#looking = window.setTimeout(() => this.#look(), lookEvery);
  }

  #stopCamera() {
    clearTimeout(this.#looking);
    for (const track of this.#camera?.getTracks() ?? []) track.stop();
    this.#camera = null;
    this.#needs.shell.redraw();
  }

  async #look() {
    const clip = this.#needs.shell.clip();
    const frame = this.#camera && (await this.#panel.grab());
    if (frame && clip) {
      const time = (performance.now() - this.#began) / 1000;
      const [vector] = await clip.embedImages([frame]).catch(() => [null]);
      const score = vector && this.#words ? (await clip.similarity([vector], [this.#words], { template: "a photo of {}" })).cosine[0] : null;
      if (this.#camera) this.#frames.push({ time, image: frame, url: URL.createObjectURL(frame), vector, score });
      for (const { url } of this.#frames.splice(0, Math.max(0, this.#frames.length - liveMost))) URL.revokeObjectURL(url);
      this.#needs.shell.redraw();
    }
    if (this.#camera) this.#looking = window.setTimeout(() => this.#look(), lookEvery);
  }

  /** @returns {import("../../../shell/view.js").Handlers} */
  get handlers() {
    return {
      "video-file": ({ file }) => this.#open(file),
      "video-find": ({ words }) => this.#find(words),
      "video-camera": () => (this.#camera ? this.#stopCamera() : this.#startCamera()),
      "video-close": () => {
        this.#forget();
        this.#needs.work.stop();
        this.#needs.shell.redraw();
      },
      "video-csv": () => {
        const lines = this.#ranked.map(({ time, score }) => [exact(Math.fround(time)), score === null ? "" : exact(score)].join(","));
        const about = this.#words ? `seconds,${cell(this.#words)}` : "seconds,cosine";
        download(`${this.#film?.name ?? "camera"}.csv`, new Blob([[about, ...lines, ""].join("\r\n")], { type: "text/csv" }));
      },
    };
  }
}
