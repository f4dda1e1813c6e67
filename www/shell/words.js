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
const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
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
  /** To the million, for those that are known before they are here. @param {number} n */
  aboutParameters: (n) => `${whole.format(n / 1e6)} million parameters`,
  /** @param {number} ms Since the epoch. */
  day: (ms) => day.format(ms),
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
  "drop.hint": "Pictures, folders, a picture from another page, or a model",

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
  "results.shareLabel": "Share a link with labels, template and model; never pictures",
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
  "model.pause": "Pause",
  "model.resume": "Resume",
  "model.cancel": "Cancel",
  "model.retry": "Try again",
  "model.progress": "Model loading",
  "model.ready": "Ready",
  "model.paused": "Paused",
  "model.choose": "Choose a model",
  "model.views": "What the list shows",
  "model.view.choose": "All models",
  "model.view.stored": "On this device",
  "model.site": "From this site",
  "model.none": "This site lists no models.",
  "model.known": "From huggingface.co",
  "model.knownHint": "That site sees what is fetched from it, as any site does; pictures and words are never sent. Before a large download the page says what it takes, and asks.",
  "model.url": "Any other",
  "model.urlHint": "A repository on huggingface.co (organisation/name), or the address of a manifest.json, .gguf or .safetensors file there or on this site.",
  "model.urlExample": "organisation/name",
  "model.urlInvalid": "This is neither a repository (organisation/name) nor an address.",
  "model.use": "Load it",
  "model.local": "From this machine",
  "model.file": "Open a file",
  "model.folder": "Open a folder",
  "model.fileHint": "A .gguf, .safetensors or .zip file, or the folder of a downloaded repository. Dropping it on the page works, too. It is read here and sent nowhere.",
  "model.noWeights": "There is no .gguf, .safetensors or .zip file among these, so no model.",
  "model.running": "Running",
  "model.stored": "On this device",
  "model.stage.engine": "Starting the engine",
  "model.stage.download": "Downloading",
  "model.stage.storage": "Reading from storage",
  "model.stage.file": "Reading the file",
  "model.stage.ready": "Getting ready",
  "model.cancelled": "Not loaded",
  "model.asked": "Asked for by the link",
  "model.noScale": "Its logit scale is missing",

  "catalogue.b32": "The classic. Quick; good for finding one’s way through ordinary photographs.",
  "catalogue.b16": "Looks closer than B/32, at about four times the work for a picture.",
  "catalogue.l14": "Much surer of details and rarer things; slower, and a larger download.",
  "catalogue.l14at336": "As L/14, on larger pictures: for small things in the frame and for writing.",
  "catalogue.laionB32": "As quick as B/32, trained on openly listed pictures.",
  "catalogue.laionL14": "As large as L/14, trained on openly listed pictures.",
  "catalogue.laionH14": "The best of these. Very large: for machines with memory to spare.",

  "offer.looking": "Looking at what it takes…",
  "offer.download": "To download",
  "offer.memory": "Memory",
  "offer.parameters": "Parameters",
  "offer.licence": "Licence",
  "offer.from": "Comes from",
  "offer.kept": "Kept",
  "offer.room": "Room here",
  "offer.kept.opfs": "in this browser’s storage",
  "offer.kept.cache": "in this browser’s cache",
  "offer.kept.memory": "nowhere: this browser gives the page no storage, so it is gone with the page",
  "offer.kept.full": "nowhere: it is gone with the page",
  "offer.nothing": "nothing, all of it is here",
  "offer.unknown": "not said",
  "offer.later": "known once its first bytes are here",
  "offer.file": "this machine",
  "offer.roomUnknown": "the browser does not say",
  "offer.notNow": "Not now",
  "offer.back": "Other models",
  "offer.again": "Ask again",
  "offer.load": "Load",
  "offer.tooLarge":
    "Choose one with fewer parameters, or a bundle of this one with smaller weights (q4_0 rather than f16).",
  "offer.noRoom": "Delete a model under “On this device” to make room, or download it without keeping it.",

  "scale.title": "One number is missing",
  "scale.why":
    "This file does not say the model’s logit scale, which turns cosines into probabilities. It was learned in training and stands in the original model’s weights (logit_scale, as its exponential).",
  "scale.label": "Logit scale",
  "scale.example": "such as 100",
  "scale.hint": "100 for models by OpenAI and LAION. With another number the order of the labels stays the same and the probabilities change.",
  "scale.invalid": "It takes a number above 0.",
  "scale.use": "Load with it",

  "shelf.list": "Models on this device",
  "shelf.none": "No model is stored in this browser yet.",
  "shelf.use": "Load",
  "shelf.goOn": "Go on",
  "shelf.verify": "Verify",
  "shelf.export": "Export",
  "shelf.delete": "Delete",
  "shelf.keep": "Keep it",
  "shelf.cancel": "Cancel",
  "shelf.import": "Import a file",
  "shelf.importFolder": "Import a folder",
  "shelf.importHint": "Copied into this browser’s storage and checked meanwhile; from then on it works without the file and without the network.",
  "shelf.work.verify": "Reading every byte",
  "shelf.work.export": "Making the file",
  "shelf.work.import": "Copying",
  "shelf.work.delete": "Deleting",
  "shelf.progress": "Progress",
  "shelf.stopped": "Stopped. Nothing was changed.",
  "shelf.notImported": "Stopped. Nothing was kept of it.",
  "shelf.site": "from this site",
  "shelf.neverUsed": "not used yet",

  "unfinished.goOn": "Go on",
  "unfinished.later": "Not now",
  "newer.show": "Show",
  "newer.later": "Not now",
  "update.message": "A new version of this page is ready.",
  "update.pictures": "A new version of this page is ready. Reloading clears the pictures.",
  "update.apply": "Reload",
  "update.later": "Later",
  "notice.list": "Notices",

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
  /** @param {number} perSecond */
  rate: (perSecond) => `${format.bytes(perSecond)}/s`,
  /** @param {number} bytes */
  wereHere: (bytes) => `${format.bytes(bytes)} were here`.replaceAll(" ", "\u00a0"),
  /** @param {number} here @param {number | null} total */
  here: (here, total) => (total === null ? `${format.bytes(here)} are here` : `${format.bytes(here)} of ${format.bytes(total)} are here`),
  /** @param {string} name */
  paused: (name) => `The download of ${name} is paused.`,
  /** @param {string} name */
  discarded: (name) => `What had come of ${name} was removed.`,
  /** @param {string} name @param {string} running */
  answers: (name, running) => `${running} answers until ${name} is ready.`,

  /** @param {number} missing @param {number} bytes */
  toDownload: (missing, bytes) =>
    missing < bytes ? `${format.bytes(missing)} of ${format.bytes(bytes)}; ${format.bytes(bytes - missing)} are here already` : format.bytes(bytes),
  /** @param {number} memory @param {number} limit */
  memory: (memory, limit) => `${format.bytes(memory)}; this page can have ${format.bytes(limit)}`,
  /** @param {number | null} parameters @param {string} dtype */
  weights: (parameters, dtype) => [parameters === null ? "" : format.parameters(parameters), dtype && `${dtype} in the file`].filter(Boolean).join(", ") || text["offer.later"],
  /** @param {number} limit */
  memoryUnknown: (limit) => `${text["offer.later"]}; this page can have ${format.bytes(limit)}`,
  /** @param {string} from @param {string | null} revision */
  from: (from, revision) => (revision ? `${from}, revision ${revision.slice(0, 7)}` : from),
  /** @param {number} available */
  room: (available) => format.bytes(available),
  /** @param {string} name @param {number | null} memory @param {number} limit */
  tooLarge: (name, memory, limit) =>
    memory === null
      ? `${name} does not fit: this page can have ${format.bytes(limit)} of memory.`
      : `${name} does not fit: it would take ${format.bytes(memory)} of memory, and this page can have ${format.bytes(limit)}.`,
  /** @param {number} missing @param {number | null} available */
  noRoom: (missing, available) =>
    available === null
      ? `There is no room to keep ${format.bytes(missing)} more.`
      : `There is no room to keep it: ${format.bytes(missing)} are still to come, and the browser has ${format.bytes(available)} for this site.`,
  /** @param {number} bytes */
  download: (bytes) => `Download ${format.bytes(bytes)}`,
  /** @param {number} bytes */
  downloadUnkept: (bytes) => `Download ${format.bytes(bytes)}, not kept`,

  /** @param {number} models */
  shelfTab: (models) => (models ? `${text["model.view.stored"]} (${format.count(models)})` : text["model.view.stored"]),
  /** @param {{ dtype: string, bytes: number, present: number, complete: boolean, revision: string | null, lastUsed: number | null }} model */
  storedFacts: ({ dtype, bytes, present, complete, revision, lastUsed }) =>
    [
      complete ? format.bytes(bytes) : say.here(present, bytes),
      dtype,
      revision ? `revision ${revision.slice(0, 7)}` : "",
      complete ? (lastUsed === null ? text["shelf.neverUsed"] : `last used ${format.day(lastUsed)}`) : "",
    ]
      .filter(Boolean)
      .join(" · "),
  /** @param {{ name: string, source: string, licence: string }} model */
  storedFrom: ({ name, source, licence }) => {
    const from = source.startsWith(`${location.origin}/`) ? text["shelf.site"] : source.replace(/^https?:\/\//, "");
    return [from === name ? "" : from, licence].filter(Boolean).join(" · ");
  },
  /** @param {string} name @param {number} bytes */
  askDelete: (name, bytes) => `Delete ${name}, ${format.bytes(bytes)}?`,
  /** What a button of many does, and to which. @param {string} verb @param {string} name */
  doTo: (verb, name) => `${verb}: ${name}`,
  /** @param {number} models @param {number} bytes @param {number | null} quota */
  shelfSum: (models, bytes, quota) =>
    `${counted(models, "model", "models")}, ${format.bytes(bytes)}.${quota === null ? "" : ` The browser allows this site ${format.bytes(quota)}.`}`,
  /** @param {string} what @param {number} done @param {number | null} total */
  working: (what, done, total) => (done > 0 ? `${what} · ${say.loaded(done, total)}` : what),
  /** @param {number} bytes @param {boolean} complete */
  verified: (bytes, complete) => (complete ? `All ${format.bytes(bytes)} are as they should be.` : `The ${format.bytes(bytes)} that are here are as they should be.`),
  /** @param {number} bad @param {boolean} download */
  foundBad: (bad, download) =>
    `${counted(bad, "piece was not as it should be and was", "pieces were not as they should be and were")} removed. ${download ? "Loading the model downloads what is missing again." : "Delete the model and import it again."}`,
  /** @param {string} name */
  deleted: (name) => `${name} was deleted from this device.`,
  /** @param {string} name */
  exported: (name) => `${name} is being saved by the browser.`,
  /** @param {string} name */
  imported: (name) => `${name} is on this device now.`,
  /** @param {string} name @param {number} here @param {number} bytes */
  unfinished: (name, here, bytes) => `${name}: ${format.bytes(here)} of ${format.bytes(bytes)} are here.`,
  /** @param {string} name @param {number} bytes */
  newer: (name, bytes) => `This site has another version of ${name} (${format.bytes(bytes)}). The one on this device is used.`,
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
