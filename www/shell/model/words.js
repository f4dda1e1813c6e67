/** The words about models. */

import { counted, format } from "../format.js";
import { say as shared } from "../words.js";

/** Fixed text, by key: the build writes it into the HTML, where `data-t…` names a key. */
export const text = {
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

  "pocket.lead":
    "pocket is a small model for trying things out. It knows some 420 everyday things, and is often wrong on ordinary photographs.",
  "pocket.knows":
    "Among a few plain words it picks the right one more often than not: animals, vehicles, food, flowers, clothes, furniture, instruments, scenes, and what kind of thing it is. It sees 32 × 32 pixels, so one clear thing that fills the picture works best.",
  "pocket.limits":
    "A word that it was shown no pictures of, such as zebra or castle, only counts as its kind and is rarely picked; wide scenes drift to mountain, beach or building. It understands no sentences, names, places, writing or numbers, and English only. A real CLIP learned from hundreds of millions of captioned pictures and does better at all of this. Load one with Change, above; the page works the same.",
  "other.lead": "A model repeats what its training pictures and captions said, mistakes and prejudices included.",
  "other.knows":
    "What it knows is in its model card. It does best where label and template read like a caption someone might have written.",
  "other.limits":
    "Its probabilities only compare the labels you gave: something always comes out on top, even when nothing fits. The cosine says how close the match is by itself.",

  "unfinished.goOn": "Go on",
  "unfinished.later": "Not now",
  "newer.show": "Show",
  "newer.later": "Not now",
};

/** Sentences with something in them. */
export const say = {
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
  working: (what, done, total) => (done > 0 ? `${what} · ${shared.loaded(done, total)}` : what),
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
  /** @param {string} licence @param {number} parameters @param {string} dtype */
  modelFacts: (licence, parameters, dtype) => `${format.parameters(parameters)} parameters · ${dtype} · ${licence}`,
  /** @param {string} name */
  ready: (name) => `${name} is ready.`,
  /** @param {string} name @param {number} here @param {number} bytes */
  unfinished: (name, here, bytes) => `${name}: ${format.bytes(here)} of ${format.bytes(bytes)} are here.`,
  /** @param {string} name @param {number} bytes */
  newer: (name, bytes) => `This site has another version of ${name} (${format.bytes(bytes)}). The one on this device is used.`,
};

/** @typedef {keyof typeof text} TextKey */
