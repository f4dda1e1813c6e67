/**
 * A picture, or what the camera sees, and what the classifier says of it. Property: `content`. Events: `try-files` ({ files }),
 * `try-frame` ({ frame, done }): an `ImageBitmap` of the camera, and what to call when it was looked at.
 */

import { emit, part, setText } from "../../../shell/dom.js";
import { say, text } from "../words.js";

/** @typedef {import("../../../../semblance.js").Classification} Classification */

/** Bars that are shown. */
const most = 5;

export class TryPanel extends HTMLElement {
  #photo = part(this, ".photo", HTMLElement);
  #image = part(this, "img", HTMLImageElement);
  #video = part(this, "video", HTMLVideoElement);
  #input = part(this, "input[type=file]", HTMLInputElement);
  #answer = part(this, ".answer", HTMLElement);
  #bars = part(this, "ol", HTMLElement);
  #error = part(this, ".trouble", HTMLElement);
  #camera = part(this, ".camera", HTMLButtonElement);
  /** @type {MediaStream | null} */
  #stream = null;
  /** The browser's question may be answered after it was closed again. */
  #turn = 0;

  connectedCallback() {
    part(this, ".files", HTMLButtonElement).addEventListener("click", () => this.#input.click());
    this.#input.addEventListener("change", () => {
      const files = Array.from(this.#input.files ?? []);
      this.#input.value = "";
      if (files.length > 0) emit(this, "try-files", { files });
    });
    this.#camera.addEventListener("click", () => (this.#stream ? this.stop() : this.#start()));
  }

  get isLive() {
    return this.#stream !== null;
  }

  async #start() {
    const turn = ++this.#turn;
    this.#say("");
    if (!navigator.mediaDevices) return this.#say(text["try.insecure"]);
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 640 } } });
      if (turn !== this.#turn) return end(stream);
      this.#stream = stream;
      this.#video.srcObject = stream;
      await this.#video.play();
      this.#showSource();
      this.#look();
    } catch (error) {
      if (turn === this.#turn) this.#say(say.noCamera(/** @type {Error} */ (error).message));
    }
  }

  /** Frame after frame, each when the one before was looked at. */
  async #look() {
    while (this.#stream) {
      const frame = await createImageBitmap(this.#video).catch(() => null);
      if (frame) await new Promise((done) => emit(this, "try-frame", { frame, done }));
      await new Promise((next) => requestAnimationFrame(next));
    }
  }

  stop() {
    this.#turn += 1;
    if (this.#stream) end(this.#stream);
    this.#stream = null;
    this.#video.srcObject = null;
    this.#showSource();
  }

  #showSource() {
    const live = this.#stream !== null;
    this.#video.hidden = !live;
    this.#image.hidden = live || !this.#image.getAttribute("src");
    this.#photo.hidden = !live && this.#image.hidden;
    setText(part(this.#camera, "span", HTMLElement), live ? text["try.stop"] : text["try.camera"]);
    this.#camera.ariaPressed = String(live);
  }

  /** @param {string} message */
  #say(message) {
    setText(this.#error, message);
    this.#error.hidden = message === "";
  }

  /** @param {{ name: string, url: string, answer: Classification | null, error: string } | null} tried */
  set content(tried) {
    if (tried?.url && this.#image.getAttribute("src") !== tried.url) this.#image.src = tried.url;
    if (!tried?.url) this.#image.removeAttribute("src");
    this.#image.alt = tried?.name ?? "";
    this.#showSource();
    if (tried) this.#say(tried.error);
    const answer = tried?.answer ?? null;
    this.#answer.hidden = !answer;
    this.#bars.hidden = !answer;
    if (!answer) return;
    setText(this.#answer, answer.label ?? text["try.none"]);
    this.#answer.classList.toggle("none", answer.label === null);
    this.#bars.replaceChildren(...answer.scores.slice(0, most).map(bar));
  }
}

/** @param {{ label: string, probability: number }} score */
function bar({ label, probability }) {
  const item = document.createElement("li");
  const track = Object.assign(document.createElement("span"), { className: "track" });
  track.ariaHidden = "true";
  const fill = document.createElement("span");
  fill.style.setProperty("--value", String(probability));
  track.append(fill);
  item.append(Object.assign(document.createElement("span"), { className: "label", textContent: label }), Object.assign(document.createElement("span"), { className: "value", textContent: say.share(probability) }), track);
  return item;
}

/** @param {MediaStream} stream */
function end(stream) {
  for (const track of stream.getTracks()) track.stop();
}

customElements.define("try-panel", TryPanel);
