/** The words that all of the page shares. Each part of it has its own beside it; numbers are in `format.js`. */

import { counted, format } from "./format.js";

/** Fixed text, by key: the build writes it into the HTML, where `data-t…` names a key. */
export const text = {
  "page.title": "Semblance: how well do pictures and words match?",
  "page.name": "Semblance",
  "page.tagline": "How well do pictures and words match? Found out on this machine.",
  "page.skip": "Skip to the pictures",
  "page.noscript": "Semblance runs in the browser and needs JavaScript and WebAssembly.",

  "views.list": "Views",
  "dialog.close": "Close",
  "list.more": "Show more",
  "doing.stop": "Stop",
  "doing.title": "Progress",
};

/** Sentences with something in them. */
export const say = {
  /** @param {string} name */
  noView: (name) => `This page has no view “${name}”.`,
  /** @param {string} title @param {string} reason */
  notOpened: (title, reason) => `${title} could not be opened: ${reason}`,
  /** @param {string} title @param {string} page */
  titleOf: (title, page) => `${title} · ${page}`,
  /** @param {string} what @param {number} done @param {number} total 0: nobody knows, 1: `done` is a share */
  doing: (what, done, total) => (total === 0 ? `${what}…` : total === 1 ? `${what}: ${format.percent(done)}` : `${what}: ${format.count(done)} of ${format.count(total)}`),
  /** @param {string} url */
  unreachable: (url) => `${url} could not be reached: ${navigator.onLine ? "the server does not answer" : "this device is offline"}.`,
  /** @param {string} url @param {number} status */
  answered: (url, status) => `${url} could not be loaded: the server answered ${status}.`,
  /** @param {number} n */
  pictures: (n) => counted(n, "picture", "pictures"),
  /** @param {number} ms */
  left: (ms) => `${format.duration(ms)} left`,
  /** @param {number} failed */
  failed: (failed) => `${format.count(failed)} could not be read`,
  /** @param {number} loaded @param {number | null} total */
  loaded: (loaded, total) => (total === null ? format.bytes(loaded) : `${format.bytes(loaded)} of ${format.bytes(total)}`),
};
