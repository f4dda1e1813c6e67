/** A snapshot from the camera. Method: `open()`. Event: `picture-taken` ({ blob, name }). */

import { emit, part, setText } from "../dom.js";
import { say, text } from "./words.js";

/** @type {Record<string, keyof typeof text>} */
const reasons = {
  NotAllowedError: "camera.denied",
  SecurityError: "camera.denied",
  NotFoundError: "camera.missing",
  OverconstrainedError: "camera.missing",
  NotReadableError: "camera.busy",
  AbortError: "camera.busy",
};

export class CameraDialog extends HTMLElement {
  #dialog = part(this, "dialog", HTMLDialogElement);
  #video = part(this, "video", HTMLVideoElement);
  #status = part(this, "[role=status]", HTMLElement);
  #take = part(this, "#camera-take", HTMLButtonElement);
  /** @type {MediaStream | null} */
  #stream = null;
  /** Counts how often the dialog was opened or closed: the browser's question may be answered after that. */
  #turn = 0;

  connectedCallback() {
    part(this, "[value=close]", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("close", () => this.#stop());
    this.#video.addEventListener("playing", () => {
      setText(this.#status, "");
      this.#take.disabled = false;
      this.#take.focus();
    });
    this.#take.addEventListener("click", () => this.#snap());
  }

  async open() {
    const turn = ++this.#turn;
    this.#take.disabled = true;
    setText(this.#status, text["camera.starting"]);
    this.#dialog.showModal();
    if (!navigator.mediaDevices) {
      setText(this.#status, text["camera.insecure"]);
      return;
    }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1920 } } });
      if (turn !== this.#turn) return end(stream);
      this.#stream = stream;
      this.#video.srcObject = stream;
    } catch (error) {
      if (turn !== this.#turn) return;
      const { name, message } = /** @type {Error} */ (error);
      setText(this.#status, name in reasons ? text[reasons[name]] : message);
    }
  }

  #stop() {
    this.#turn += 1;
    if (this.#stream) end(this.#stream);
    this.#stream = null;
    this.#video.srcObject = null;
  }

  async #snap() {
    this.#take.disabled = true;
    const { videoWidth: width, videoHeight: height } = this.#video;
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext("2d")?.drawImage(this.#video, 0, 0);
    const blob = await canvas.convertToBlob({ type: "image/png" });
    const now = new Date();
    this.#dialog.close();
    emit(this, "picture-taken", { blob, name: say.cameraName(now.getHours(), now.getMinutes(), now.getSeconds()) });
  }
}

/** @param {MediaStream} stream */
function end(stream) {
  for (const track of stream.getTracks()) track.stop();
}

customElements.define("camera-dialog", CameraDialog);
