/**
 * A film with its frames. Property: `content` (VideoContent). Its `settings` are what the person chose. `grab()`: what the camera sees now.
 * Events: `video-file` ({ file }), `video-find` ({ words }).
 */

import { emit, part, setText } from "../../../shell/dom.js";
import { format } from "../../../shell/format.js";
import { say, text } from "../words.js";

/**
 * @typedef {object} VideoContent
 * @property {boolean} ready
 * @property {{ name: string, url: string } | null} film
 * @property {import("./video.js").Frame[]} frames
 * @property {string} words
 * @property {MediaStream | null} camera
 */

/** More frames nobody looks through. */
const shownMost = 200;
/** Of what the camera sees, the longer side. */
const side = 512;

export class VideoPanel extends HTMLElement {
  #file = part(this, "input[type=file]", HTMLInputElement);
  #player = part(this, "video", HTMLVideoElement);
  #stage = part(this, ".stage", HTMLElement);
  #headline = part(this, ".headline", HTMLElement);
  #form = part(this, "form", HTMLFormElement);
  #words = part(this, "#video-words", HTMLInputElement);
  #every = part(this, "#video-every", HTMLSelectElement);
  #scenes = part(this, "#video-scenes", HTMLInputElement);
  #camera = part(this, "[data-event=video-camera]", HTMLButtonElement);
  #list = part(this, ".frames", HTMLOListElement);
  #found = part(this, ".found", HTMLElement);
  #need = part(this, ".need", HTMLElement);
  #rest = part(this, ".rest", HTMLElement);
  #listed = "";

  connectedCallback() {
    part(this, ".choose", HTMLButtonElement).addEventListener("click", () => this.#file.click());
    this.#file.addEventListener("change", () => {
      const [file] = this.#file.files ?? [];
      this.#file.value = "";
      if (file) emit(this, "video-file", { file });
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      emit(this, "video-find", { words: this.#words.value.trim() });
    });
    this.#list.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (!button) return;
      this.#player.currentTime = Number(button.value);
      this.#player.scrollIntoView({ block: "nearest" });
      this.#player.focus({ preventScroll: true });
    });
  }

  get settings() {
    return { every: Number(this.#every.value), scenes: this.#scenes.checked };
  }

  async grab() {
    const { videoWidth, videoHeight } = this.#player;
    if (videoWidth === 0) return null;
    const scale = Math.min(1, side / Math.max(videoWidth, videoHeight));
    const canvas = new OffscreenCanvas(Math.round(videoWidth * scale), Math.round(videoHeight * scale));
    canvas.getContext("2d")?.drawImage(this.#player, 0, 0, canvas.width, canvas.height);
    return canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
  }

  /** @param {VideoContent} content */
  set content({ ready, film, frames, words, camera }) {
    this.#need.hidden = ready;
    this.#stage.hidden = !film && !camera;
    this.#found.hidden = !film && !camera;
    setText(this.#camera, camera ? text["video.cameraStop"] : text["video.camera"]);
    if (this.#player.srcObject !== camera) {
      this.#player.srcObject = camera;
      if (camera) this.#player.play().catch(() => {});
    }
    this.#player.controls = !camera;
    const url = film?.url ?? "";
    if (!camera && (this.#player.getAttribute("src") ?? "") !== url) url ? this.#player.setAttribute("src", url) : this.#player.removeAttribute("src");
    setText(this.#headline, film ? say.film(film.name, frames.length) : camera ? say.live(frames.length) : "");
    const most = Math.max(...frames.map(({ score }) => score ?? 0), 1e-6);
    const listed = JSON.stringify([words, frames.length, frames.slice(0, shownMost).map(({ time, score }) => [time, score])]);
    if (listed === this.#listed) return;
    this.#listed = listed;
    this.#list.replaceChildren(...frames.slice(0, shownMost).map((frame) => this.#frame(frame, most)));
    setText(this.#rest, frames.length > shownMost ? say.moreFrames(frames.length - shownMost) : "");
  }

  /** @param {import("./video.js").Frame} frame @param {number} most */
  #frame({ time, url, score }, most) {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", value: String(time) });
    button.ariaLabel = say.goTo(time);
    const image = Object.assign(document.createElement("img"), { alt: "", src: url, loading: "lazy" });
    const label = Object.assign(document.createElement("span"), { className: "number", textContent: say.time(time) });
    button.append(image, label);
    if (score !== null) {
      const value = Object.assign(document.createElement("span"), { className: "track" });
      value.style.setProperty("--value", String(Math.max(0, score / most)));
      value.title = format.cosine(score);
      value.append(document.createElement("span"));
      button.append(value);
    }
    item.append(button);
    return item;
  }
}

customElements.define("video-panel", VideoPanel);
