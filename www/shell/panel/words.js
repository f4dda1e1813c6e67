/** The words of the panel on engine and privacy. */

import { counted, format } from "../format.js";

/** Fixed text, by key: the build writes it into the HTML, where `data-t…` names a key. */
export const text = {
  "status.title": "Engine and privacy",
  "status.engine": "Engine",
  "status.build": "Build",
  "status.threads": "Threads",
  "status.products": "Integer products",
  "status.route.dot": "one relaxed instruction",
  "status.route.paired": "pairs in 16 bits",
  "status.route.simd128": "plain SIMD",
  "status.memory": "Memory",
  "status.model": "Model",
  "status.parameters": "Parameters",
  "status.dtype": "Weights",
  "status.input": "Picture size",
  "status.embedding": "Embedding",
  "status.context": "Longest text",
  "status.logitScale": "Logit scale",
  "status.hash": "SHA-256",
  "status.source": "Came from",
  "status.cached": "Texts kept",
  "status.timings": "Last picture",
  "status.decode": "Decode, waited for",
  "status.preprocess": "Preprocess",
  "status.imageTower": "Image tower",
  "status.scoring": "Scoring",
  "status.total": "Total",
  "status.noTimings": "No picture yet.",
  "status.noEngine": "No model is loaded.",
  "status.build.simd": "WebAssembly SIMD",
  "status.build.relaxed": "WebAssembly relaxed SIMD",
  "status.build.threads": "WebAssembly relaxed SIMD, threads",
  "status.compute": "Computes in",
  "status.compute.int8": "8-bit integers (int8)",
  "status.compute.f32": "32-bit floats, exactly (f32)",
  "status.reload": "From the next time it is loaded, this page can use several threads: this browser then adds the headers itself. Reload it to have them now.",
  "status.source.download": "the network",
  "status.source.storage": "the browser's storage",
  "status.source.file": "a file on this machine",
  "status.kept": "kept in the browser's storage",
  "status.notKept": "not kept",
  "status.verified": "checked",
  "status.unverified": "not checked against a manifest",
  "fidelity.title": "Fidelity",
  "fidelity.lead": "The engine computes in 8-bit integers: fast, and a little off. The same model computed exactly shows how little, on your pictures and labels.",
  "fidelity.start": "Compare with exact (f32)",
  "fidelity.cancel": "Cancel",
  "fidelity.progress": "Comparison",
  "fidelity.nothing": "It takes a picture that is done, and a label.",
  "fidelity.model": "Loading the exact model",
  "fidelity.texts": "Working on the labels",
  "fidelity.pictures": "Working on the pictures",
  "fidelity.images": "Pictures",
  "fidelity.labels": "Labels",
  "fidelity.best": "Best label",
  "fidelity.order": "Order of labels",
  "fidelity.largest": "Largest change",
  "privacy.title": "Privacy",
  "privacy.lead":
    "Nothing was sent. Pictures and words are worked on in this browser; the requests below only fetch files. They are all the page has made since it opened.",
  "privacy.kept":
    "Pictures are not kept. Labels are, in their template and with what the model makes of them, in this browser's storage: on the next visit they need not be worked out again.",
  "privacy.forget": "Forget kept labels",
  "privacy.isolation":
    "A script of the site in your browser (service-worker.js) keeps the site's own files in this browser's storage and hands them out, so that the page works without the network; where the site's host does not send the headers that threads need, it adds them. The browser fetches that script by itself, and the script fetches the files that it keeps, outside of this list.",
  "offline.kept": "This page also works without the network, with the models that are on this device.",
  "offline.unsupported": "This page does not work without the network: this browser offers no service worker here (not in private windows, and only over https or on localhost).",
  "offline.failed": "This page does not work without the network yet: its files could not be stored. That is tried again on the next visit.",
  "privacy.list": "Network requests since the page opened",
  "privacy.address": "Address",
  "privacy.size": "Size",
  "privacy.time": "After",
  "privacy.cached": "from this browser’s cache",
  "privacy.unknown": "not said",
  "privacy.other": "other site",
};

/** Sentences with something in them. */
export const say = {
  /** @param {number} n */
  dims: (n) => `${format.count(n)} numbers`,
  /** @param {number} n */
  tokens: (n) => `${format.count(n)} tokens`,
  /** @param {number} size @param {number} patch */
  input: (size, patch) => `${size} × ${size}, patches of ${patch}`,
  /** @param {string} from @param {string} kept */
  source: (from, kept) => `${from}, ${kept}`,
  /** @param {number} n */
  requests: (n) => `${counted(n, "request", "requests")}, nothing sent`,
  /** @param {string} ms */
  lastPicture: (ms) => `last picture ${ms}`,
  /** @param {number} bytes */
  fidelityMemory: (bytes) => `It takes about ${format.bytes(bytes)} of memory while it runs.`,
  /** @param {number} done @param {number} total */
  fidelityPictures: (done, total) => `${text["fidelity.pictures"]} · ${format.count(done)} of ${format.count(total)}`,
  /** @param {number} pictures @param {number} left @param {number} labels */
  compared: (pictures, left, labels) =>
    `Compared on ${left ? "the first " : ""}${counted(pictures, "picture", "pictures")} and ${counted(labels, "label", "labels")}.`,
  /** @param {string} mean @param {string} worst */
  cosines: (mean, worst) => `cosine ${mean}, at worst ${worst}`,
  /** @param {number} same @param {number} all */
  sameBest: (same, all) => `the same for ${format.count(same)} of ${counted(all, "picture", "pictures")}`,
  /** @param {number} moved @param {number} all */
  moved: (moved, all) => (moved ? `${format.count(moved)} of ${format.count(all)} stand in another place` : "unchanged"),
  /** @param {string} exact @param {string} fast @param {string} picture @param {string} label */
  changed: (exact, fast, picture, label) => `${fast} instead of ${exact} (${picture}: ${label})`,
  /** @param {number} n */
  threads: (n) => counted(n, "thread", "threads"),
  /** @param {string} route @param {number} reached @param {number} share */
  products: (route, reached, share) => `${route}, ${format.count(Math.round(reached))} GOP/s, ${format.percent(share)} of what this machine can do`,
  forgotten: () => "The kept labels were forgotten. Those in use are kept again when they are next worked out.",
};
