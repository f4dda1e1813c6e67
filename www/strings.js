/**
 * Every word the page shows, in one place for translation.
 *
 * `text` holds fixed text: `index.html` names a key in `data-t` (text), `data-t-label` (accessible name),
 * `data-t-title` or `data-t-placeholder`, and `dom.js` fills it in. `say` holds sentences with something in them,
 * `format` the numbers.
 */

const locale = "en";
const plural = new Intl.PluralRules(locale);

/** @param {number} count @param {string} one @param {string} other */
const counted = (count, one, other) => `${format.count(count)} ${plural.select(count) === "one" ? one : other}`;

/** @param {number} digits */
const fixed = (digits) => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const [one, two, four, five] = [fixed(1), fixed(2), fixed(4), fixed(5)];

/** The typographic minus, as wide as a digit. @param {string} number */
const minus = (number) => number.replace("-", "−");

/** Numbers as people read them. */
export const format = {
  /** @param {number} n */
  count: (n) => whole.format(n),
  /** @param {number} p 0..1 */
  percent: (p) => `${one.format(p * 100)} %`,
  /** @param {number} c */
  cosine: (c) => minus(four.format(c)),
  /** Of vectors that are almost the same. @param {number} c */
  fidelity: (c) => five.format(c),
  /** @param {number} l */
  logit: (l) => minus(two.format(l)),
  /** @param {number} b */
  bytes: (b) => (b < 1e6 ? `${whole.format(b / 1e3)} kB` : b < 1e9 ? `${one.format(b / 1e6)} MB` : `${two.format(b / 1e9)} GB`),
  /** @param {number} ms */
  milliseconds: (ms) => `${ms < 10 ? one.format(ms) : whole.format(ms)} ms`,
  /** @param {number} ms */
  duration: (ms) => (ms < 59_500 ? `${Math.max(1, Math.round(ms / 1000))} s` : `${Math.round(ms / 60_000)} min`),
  /** @param {number} n */
  parameters: (n) => (n < 1e9 ? `${one.format(n / 1e6)} million` : `${two.format(n / 1e9)} billion`),
  /** @param {number} n */
  speed: (n) => (n < 10 ? one.format(n) : whole.format(n)),
};

/** Fixed text, by key. */
export const text = {
  "page.title": "Semblance: how well do pictures and words match?",
  "page.name": "Semblance",
  "page.tagline": "How well do pictures and words match? Found out on this machine.",
  "page.skip": "Skip to the pictures",

  "labels.title": "Labels",
  "labels.hint": "Comma or Enter adds a label. A pasted list adds many.",
  "labels.keys": "Arrow keys move between labels, Enter or F2 edits, Backspace removes.",
  "labels.placeholder": "Add a label",
  "labels.list": "Labels",
  "labels.edit": "Edit the label",
  "labels.clear": "Clear all",
  "labels.cut": "cut",
  "labels.cutWhy": "Longer than the model can read: its end was cut.",

  "template.title": "Template",
  "template.hint": "Each label is put where {} stands.",
  "template.presets": "Template presets",
  "template.preset.none": "{}",
  "template.preset.photo": "a photo of a {}",
  "template.preset.blurry": "a blurry photo of a {}",
  "template.preset.small": "a photo of the small {}",
  "template.preset.drawing": "a drawing of a {}",
  "template.preset.scene": "a photo taken in a {}",
  "template.invalid": "The template needs {} where the label goes. Until then, the last results stay.",

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
  "drop.hint": "Pictures, folders, or a picture from another page",

  "camera.title": "Take a picture",
  "camera.starting": "Waiting for the camera…",
  "camera.take": "Take picture",
  "camera.video": "Camera preview",
  "camera.denied": "The browser was not allowed to use the camera. Allow it in the site's settings, then try again.",
  "camera.missing": "No camera was found on this machine.",
  "camera.busy": "The camera is in use by another program. Close it there, then try again.",
  "camera.insecure": "The browser gives the camera only to pages opened over https or from localhost.",
  "dialog.close": "Close",

  "url.title": "Picture from a URL",
  "url.input": "Address of the picture",
  "url.hint": "The other site must allow it (CORS), and it will see that the picture was fetched.",
  "url.add": "Add picture",
  "url.invalid": "This is not an http or https address.",

  "results.title": "Results",
  "view.title": "View",
  "view.cards": "Cards",
  "view.matrix": "Matrix",
  "view.matrixWhy": "The matrix compares at least two pictures.",
  "view.numbers": "Cosine and logit",
  "view.all": "All labels",
  "results.csv": "CSV",
  "results.csvLabel": "Export as CSV",
  "results.json": "JSON",
  "results.jsonLabel": "Export as JSON",
  "results.copy": "Copy",
  "results.copyLabel": "Copy the table",
  "results.share": "Share",
  "results.shareLabel": "Copy a link with labels, template and model; never pictures",
  "results.clear": "Remove all",
  "results.oneLabel":
    "With one label there is nothing to compare it with, and a probability (a softmax over one) would always be 100 %. So this is its cosine: how closely the picture and the words point the same way. Add a second label to see probabilities.",
  "results.noLabels": "Add a label to see how well it matches.",

  "matrix.title": "Pictures by labels",
  "matrix.measure": "Numbers in the matrix",
  "matrix.overTexts": "Over labels",
  "matrix.overImages": "Over pictures",
  "matrix.cosine": "Raw cosine",
  "matrix.overTextsWhy": "Each row adds up to 100 %: for this picture, how likely is each label.",
  "matrix.overImagesWhy": "Each column adds up to 100 %: for this label, how likely is each picture.",
  "matrix.cosineWhy": "The raw similarity, before any softmax. Shading runs from the lowest to the highest here.",
  "matrix.picture": "Picture",
  "matrix.pending": "…",
  "list.more": "Show more",

  "card.looking": "Opening…",
  "card.waiting": "Waiting for its turn",
  "card.waitingModel": "Waiting for the model",
  "card.working": "Looking…",
  "card.stopped": "Stopped",
  "card.failed": "This picture could not be read",
  "card.ranking": "Labels, best match first",

  "work.title": "Pictures done",
  "work.stop": "Stop",
  "work.resume": "Resume",

  "model.title": "Model",
  "model.open": "Change",
  "model.load": "Load",
  "model.cancel": "Cancel",
  "model.retry": "Try again",
  "model.progress": "Model loading",
  "model.ready": "Ready",
  "model.choose": "Choose a model",
  "model.site": "From this site",
  "model.none": "This site lists no models.",
  "model.file": "Open a .gguf file",
  "model.fileHint": "Read from this machine, not sent anywhere.",
  "model.url": "Address of a bundle",
  "model.urlHint": "A manifest.json or .gguf on this site or on huggingface.co.",
  "model.use": "Load it",
  "model.running": "Running",
  "model.stored": "Already in the browser's storage",
  "model.stage.engine": "Starting the engine",
  "model.stage.download": "Downloading",
  "model.stage.storage": "Reading from storage",
  "model.stage.file": "Reading the file",
  "model.stage.ready": "Getting ready",
  "model.cancelled": "Not loaded",
  "model.asked": "Asked for by the link",

  "pocket.lead": "pocket is a small model for trying things out, and often wrong on ordinary photographs.",
  "pocket.knows":
    "It was trained from scratch for this project, on small pictures of kinds of things: animals, vehicles, scenes, flowers, clothing, groceries and everyday objects. It does best with one clear thing in the frame and plain, general words.",
  "pocket.limits":
    "A real CLIP learned from hundreds of millions of captioned pictures. It knows names, styles, text and places, and takes whole sentences. Load one with Change, above; the page works the same.",
  "other.lead": "A model repeats what its training pictures and captions said, mistakes and prejudices included.",
  "other.knows":
    "What it knows is in its model card. It does best where label and template read like a caption someone might have written.",
  "other.limits":
    "Its probabilities only compare the labels you gave: something always comes out on top, even when nothing fits. The cosine says how close the match is by itself.",

  "status.title": "Engine and privacy",
  "status.engine": "Engine",
  "status.build": "Build",
  "status.threads": "Threads",
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
    "This site's host does not send the headers that threads need; a script of the site in your browser (service-worker.js) adds them. It keeps nothing, and the browser fetches it by itself, outside of this list.",
  "privacy.list": "Network requests since the page opened",
  "privacy.address": "Address",
  "privacy.size": "Size",
  "privacy.time": "After",
  "privacy.cached": "cached",
  "privacy.unknown": "not said",
  "privacy.other": "other site",

  "page.noscript": "Semblance runs in the browser and needs JavaScript and WebAssembly.",
};

/** Sentences with something in them. */
export const say = {
  /** @param {string[]} labels */
  merged: (labels) =>
    labels.length === 1 ? `“${labels[0]}” is already there; the two were merged.` : `${format.count(labels.length)} labels were already there; they were merged.`,
  /** @param {string} label */
  removeLabel: (label) => `Remove ${label}`,
  /** @param {number} n */
  pictures: (n) => counted(n, "picture", "pictures"),
  /** @param {number} n */
  moreLabels: (n) => `and ${counted(n, "other", "others")}`,
  /** @param {string} name */
  removePicture: (name) => `Remove ${name}`,
  /** @param {number} w @param {number} h */
  size: (w, h) => `${w} × ${h}`,
  /** @param {string} cosine */
  cosine: (cosine) => `cosine ${cosine}`,
  /** @param {string} cosine @param {string} logit */
  numbers: (cosine, logit) => `cosine ${cosine} · logit ${logit}`,
  /** @param {number} n */
  skipped: (n) => counted(n, "file was left out: not a picture, or not readable.", "files were left out: not pictures, or not readable."),
  /** @param {number} n */
  waitForModel: (n) => `${counted(n, "picture waits", "pictures wait")} for the model`,
  /** @param {number} done @param {number} total */
  done: (done, total) => `${format.count(done)} of ${format.count(total)} pictures`,
  /** @param {number} perSecond */
  speed: (perSecond) => `${format.speed(perSecond)} a second`,
  /** @param {number} ms */
  left: (ms) => `${format.duration(ms)} left`,
  /** @param {number} n */
  stopped: (n) => `Stopped, ${counted(n, "picture", "pictures")} to go`,
  /** @param {number} failed */
  failed: (failed) => `${format.count(failed)} could not be read`,
  /** @param {number} loaded @param {number | null} total */
  loaded: (loaded, total) => (total === null ? format.bytes(loaded) : `${format.bytes(loaded)} of ${format.bytes(total)}`),
  /** @param {number} bytes */
  needs: (bytes) => `${format.bytes(bytes)} to load`,
  /** @param {string} licence @param {number} parameters @param {string} dtype */
  modelFacts: (licence, parameters, dtype) => `${format.parameters(parameters)} parameters · ${dtype} · ${licence}`,
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
  /** @param {string} url */
  badUrl: (url) => `${url} is not a web address.`,
  /** @param {string} name @param {string} label @param {string} value */
  best: (name, label, value) => `${name}: ${label}, ${value}`,
  /** @param {number} n */
  scored: (n) => `${counted(n, "picture", "pictures")} scored.`,
  /** @param {number} hour @param {number} minute @param {number} second */
  cameraName: (hour, minute, second) => `camera ${[hour, minute, second].map((n) => String(n).padStart(2, "0")).join(".")}.png`,
  /** @param {string} url */
  unreachable: (url) => `${url} could not be reached: ${navigator.onLine ? "the server does not answer" : "this device is offline"}.`,
  /** @param {string} url @param {number} status */
  answered: (url, status) => `${url} could not be loaded: the server answered ${status}.`,
  /** @param {string} host */
  refused: (host) =>
    `${host} does not allow its pictures to be read by other pages (CORS), or there is no picture at this address. Save the picture and drop it here instead.`,
  forgotten: () => "The kept labels were forgotten. Those in use are kept again when they are next worked out.",
  pasteName: () => "pasted picture",
  copied: () => "The table is on the clipboard.",
  copyFailed: () => "The browser did not give access to the clipboard. Export as CSV instead.",
  shared: () => "The link is on the clipboard and in the address bar. It holds labels, template and model; no pictures.",
  sharedBar: () => "The link is in the address bar: copy it there. It holds labels, template and model; no pictures.",
  sharedNoModel: () => "The link holds labels and template; a model opened from a file cannot travel in a link.",
  modelReady: (/** @type {string} */ name) => `${name} is ready.`,
};

/** @typedef {keyof typeof text} TextKey */
