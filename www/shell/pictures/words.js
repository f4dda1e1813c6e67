/** The words about pictures coming in. */

import { counted, format } from "../format.js";

/** Fixed text, by key: the build writes it into the HTML, where `data-t…` names a key. */
export const text = {
  "sources.title": "Pictures",
  "sources.heading": "Drop pictures here",
  "sources.hint": "Anywhere on the page works. You can paste, too. They stay on this machine.",
  "sources.files": "Choose pictures",
  "sources.folder": "Folder",
  "sources.camera": "Camera",
  "sources.url": "URL",
  "sources.samples": "Samples",
  "samples.title": "Or try a sample",
  "samples.all": "Add all",
  "samples.list": "Sample pictures",
  "samples.credits": "Credits",
  "drop.title": "Drop to add",
  "drop.hint": "Pictures, folders, a picture from another page, or a model",

  "camera.title": "Take a picture",
  "camera.starting": "Waiting for the camera…",
  "camera.take": "Take picture",
  "camera.video": "Camera preview",
  "camera.denied": "The browser was not allowed to use the camera. Allow it in the site's settings, then try again.",
  "camera.missing": "No camera was found on this machine.",
  "camera.busy": "The camera is in use by another program. Close it there, then try again.",
  "camera.insecure": "The browser gives the camera only to pages opened over https or from localhost.",

  "url.title": "Picture from a URL",
  "url.input": "Address of the picture",
  "url.hint": "The other site must allow it (CORS), and it will see that the picture was fetched.",
  "url.add": "Add picture",
  "url.invalid": "This is not an http or https address.",
  "work.clear": "Remove all",

  "work.title": "Pictures done",
  "work.stop": "Stop",
  "work.resume": "Resume",
};

/** Sentences with something in them. */
export const say = {
  /** @param {number} n */
  skipped: (n) => counted(n, "file was left out: not a picture, or not readable.", "files were left out: not pictures, or not readable."),
  /** @param {number} n */
  waitForModel: (n) => `${counted(n, "picture waits", "pictures wait")} for the model`,
  /** @param {number} done @param {number} total */
  done: (done, total) => `${format.count(done)} of ${format.count(total)} pictures`,
  /** @param {number} perSecond */
  speed: (perSecond) => `${format.speed(perSecond)} a second`,
  /** @param {number} n */
  stopped: (n) => `Stopped, ${counted(n, "picture", "pictures")} to go`,
  /** @param {number} hour @param {number} minute @param {number} second */
  cameraName: (hour, minute, second) => `camera ${[hour, minute, second].map((n) => String(n).padStart(2, "0")).join(".")}.png`,
  /** @param {string} host */
  refused: (host) =>
    `${host} does not allow its pictures to be read by other pages (CORS), or there is no picture at this address. Save the picture and drop it here instead.`,
  pasteName: () => "pasted picture",
};
