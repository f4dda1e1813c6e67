/**
 * The composition root: events from the elements → state → views. What takes time is in `tasks/`, what is shown in `ui/`.
 */

import { Semblance } from "../semblance.js";
import { catalogue } from "./shell/model/catalogue.js";
import { part } from "./shell/dom.js";
import { isolationWouldHelp } from "./engine/running/builds.js";
import { isolate } from "./shell/isolation.js";
import { startOffline } from "./shell/offline.js";
import { count, distinct, initial, reduce, templateIsValid, unfinished } from "./shell/state.js";
import { format, say, text } from "./shell/words.js";
import { nameOf } from "./shell/pictures/address.js";
import { isDownload, isUnfinished, lastUsed, loadsUnasked, newerThan, ofAddress, ofEntry, ofStored } from "./shell/model/choices.js";
import { Embedder } from "./shell/pictures/embed.js";
import { toCsv, toJson, toTable } from "./views/match/export.js";
import { Fidelity } from "./shell/panel/fidelity.js";
import { fromFiles, fromFolder, fromTransfer, modelOf } from "./shell/pictures/intake.js";
import { Loader } from "./shell/model/load.js";
import { Looker } from "./shell/pictures/look.js";
import { incomingSample, listSamples } from "./shell/pictures/samples.js";
import { Scorer } from "./views/match/score.js";
import { fromFragment, toFragment } from "./views/match/share.js";
import { askToKeep, Shelf } from "./shell/model/shelf.js";
import { CameraDialog } from "./shell/pictures/camera-dialog.js";
import { DropZone } from "./shell/pictures/drop-zone.js";
import { FidelityReport } from "./shell/panel/fidelity-report.js";
import { LabelChips } from "./views/match/label-chips.js";
import { ModelDialog } from "./shell/model/model-dialog.js";
import { ModelNote } from "./shell/model/model-note.js";
import { ModelOffer } from "./shell/model/model-offer.js";
import { ModelShelf } from "./shell/model/model-shelf.js";
import { ModelStatus } from "./shell/model/model-status.js";
import { NoticeLine } from "./shell/notices/notice-line.js";
import { NoticeOffer } from "./shell/notices/notice-offer.js";
import "./views/match/picture-card.js";
import { PictureGrid } from "./views/match/picture-grid.js";
import { PictureSources } from "./shell/pictures/picture-sources.js";
import { ResultBar } from "./views/match/result-bar.js";
import { SampleStrip } from "./shell/pictures/sample-strip.js";
import "./shell/model/scale-question.js";
import "./views/match/score-bars.js";
import { ScoreMatrix } from "./views/match/score-matrix.js";
import { StatusPanel } from "./shell/panel/status-panel.js";
import { TemplateField } from "./views/match/template-field.js";
import { UrlDialog } from "./shell/pictures/url-dialog.js";
import { WorkProgress } from "./shell/pictures/work-progress.js";

/** @typedef {import("./shell/state.js").Action} Action */
/** @typedef {import("./shell/state.js").ModelChoice} ModelChoice */
/** @typedef {import("../semblance.js").ModelEntry} ModelEntry */
/** @typedef {import("../semblance.js").StoredModel} StoredModel */

const defaultModel = "pocket";
const barsAtFirst = 6;
const speakAfter = 900;
/** Some browsers begin to read a file only a while after the click that saves it. */
const savedAfter = 60_000;

const ui = {
  camera: part(document, "camera-dialog", CameraDialog),
  drop: part(document, "drop-zone", DropZone),
  fidelity: part(document, "fidelity-report", FidelityReport),
  labels: part(document, "label-chips", LabelChips),
  modelDialog: part(document, "model-dialog", ModelDialog),
  modelNote: part(document, "model-note", ModelNote),
  modelOffer: part(document, "model-offer", ModelOffer),
  modelShelf: part(document, "model-shelf", ModelShelf),
  modelStatus: part(document, "model-status", ModelStatus),
  notice: part(document, "notice-line", NoticeLine),
  grid: part(document, "picture-grid", PictureGrid),
  sources: part(document, "picture-sources", PictureSources),
  bar: part(document, "result-bar", ResultBar),
  samples: part(document, "sample-strip", SampleStrip),
  matrix: part(document, "score-matrix", ScoreMatrix),
  status: part(document, "status-panel", StatusPanel),
  template: part(document, "template-field", TemplateField),
  unfinished: part(document, "#unfinished", NoticeOffer),
  newer: part(document, "#newer", NoticeOffer),
  update: part(document, "#update", NoticeOffer),
  url: part(document, "url-dialog", UrlDialog),
  work: part(document, "work-progress", WorkProgress),
  results: part(document, ".results", HTMLElement),
  note: part(document, "#results-note", HTMLElement),
  announcer: part(document, "#announcer", HTMLElement),
};

// ── State ───────────────────────────────────────────────────────────────────────────────────────────────────────────

let state = initial();
let drawn = false;

/** @param {Action} action */
function dispatch(action) {
  state = reduce(state, action);
  if (drawn) requestAnimationFrame(render);
  drawn = false;
}

function render() {
  drawn = true;
  const { model, pictures, labels, scores, run } = state;
  const any = pictures.length > 0;
  const matrix = state.view === "matrix";

  ui.modelStatus.model = model;
  ui.modelNote.model = model.running?.name ?? model.choice?.name ?? null;
  ui.modelDialog.content = { model, stored: state.shelf.models };
  ui.modelOffer.question = model.question;
  ui.modelShelf.content = { shelf: state.shelf, running: model.running?.id ?? null };
  const begun = state.unfinished;
  ui.unfinished.message = begun && say.unfinished(begun.name, begun.present, begun.bytes);
  ui.newer.message = state.newer && say.newer(state.newer.name, state.newer.bytes);
  ui.update.message = state.updateReady ? text[any ? "update.pictures" : "update.message"] : null;
  ui.labels.labels = state.labels;
  ui.labels.cut = new Set(scores?.labels.filter((_, j) => scores.cut[j]));
  ui.template.value = state.typedTemplate;
  ui.template.valid = templateIsValid(state);
  ui.sources.compact = any;
  ui.sources.samplesOpen = state.samplesOpen;
  ui.samples.open = state.samplesOpen;

  ui.results.hidden = !any;
  const left = count(state, ...unfinished);
  const failed = count(state, "failed");
  const elapsed = run.now - run.since;
  ui.work.work = { pictures: pictures.length, failed, done: run.done, left, elapsed, stopped: run.stopped, model: model.running !== null };
  ui.bar.view = state.view;
  ui.bar.matrixAllowed = pictures.length > 1;
  ui.bar.numbers = state.numbers;
  ui.bar.allLabels = state.allLabels;
  ui.bar.manyLabels = state.labels.length > barsAtFirst;
  ui.bar.hasScores = (scores?.rows.size ?? 0) > 0;
  const note = noteOn();
  ui.note.hidden = note === "";
  ui.note.textContent = note;
  ui.grid.hidden = matrix;
  ui.matrix.hidden = !matrix;
  const limit = state.allLabels ? Infinity : barsAtFirst;
  if (matrix) ui.matrix.content = { pictures, scores, measure: state.measure };
  ui.grid.content = {
    pictures: matrix ? [] : pictures,
    scores,
    limit,
    numbers: state.numbers,
    modelReady: model.running !== null,
    stopped: run.stopped,
    bars: Math.min(limit, state.labels.length),
  };
  ui.status.info = model.info;
  const possible = clip !== null && labels.length > 0 && count(state, "done") > 0;
  ui.fidelity.content = { fidelity: state.fidelity, info: model.info, possible };
}

/** What there is to say about the results as a whole. */
function noteOn() {
  if (state.scoreError) return state.scoreError;
  if (state.labels.length === 0) return text["results.noLabels"];
  return state.labels.length === 1 && state.scores?.labels.length === 1 ? text["results.oneLabel"] : "";
}

// ── Tasks ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** @type {Semblance | null} */
let clip = null;
const getState = () => state;

const scorer = new Scorer({ getState, dispatch, embedding: (id) => embedder.embedding(id), onScored: scored, onLost: modelLost });
const embedder = new Embedder({ getState, dispatch, onEmbedded: () => scorer.run(), onLost: modelLost });
const looker = new Looker({ thumbnail: Semblance.thumbnail, dispatch, onOpened: (id, picture) => embedder.add(id, picture), onSeen: seen });
const fidelity = new Fidelity({ getState, dispatch, load: Semblance.load, source: (id) => embedder.source(id), embedding: (id) => embedder.embedding(id) });
const shelf = new Shelf({ library: Semblance, dispatch, save: download });
const loader = new Loader({
  library: Semblance,
  dispatch,
  onStart: () => ui.modelDialog.close(),
  onQuestion: () => ui.modelDialog.open(),
  onReady: modelReady,
});

/** However it ends, the lists of requests and of what is stored have changed. @param {Promise<void>} loading */
async function load(loading) {
  await loading;
  const { status, message } = state.model;
  if (status === "error") ui.announcer.textContent = message;
  await Promise.all([refreshRequests(), shelf.refresh()]);
}

/** A small model of this site, or one that is here, is loaded at once; others say first what they take. @param {ModelChoice} choice */
function choose(choice) {
  const { running, entries } = state.model;
  if (choice.address !== null && choice.address === running?.address) {
    ui.modelDialog.close();
    return isMoving() ? loader.stop("") : undefined;
  }
  const entry = entries.find(({ name }) => name === choice.model);
  return load(entry && loadsUnasked(entry) ? loader.start(choice) : loader.choose(choice));
}

/** A model of this device, as it is here: a large newer version of it is offered, and not downloaded unasked.
 * @param {StoredModel} stored */
function use(stored) {
  const { entries } = state.model;
  const loading = loader.start(ofStored(stored, entries));
  dispatch({ type: "newer", entry: newerThan(stored, entries) });
  return load(loading);
}

const isMoving = () => state.model.status === "loading" || state.model.status === "paused";

/** Cancelled: back to the model that runs, and nothing of the other stays. */
async function cancel() {
  const { choice } = state.model;
  if (!choice || !isMoving()) return;
  await loader.stop(text["model.cancelled"]);
  if (await loader.discard(choice)) ui.notice.show(say.discarded(choice.name));
  await shelf.refresh();
}

/** @param {ModelChoice} choice */
async function pause(choice) {
  ui.announcer.textContent = say.paused(choice.name);
  await loader.pause(choice);
  await shelf.refresh();
}

/** @param {Semblance} loaded @param {ModelChoice} choice */
async function modelReady(loaded, choice) {
  clip?.free();
  clip = loaded;
  fidelity.cancel();
  embedder.use(clip);
  scorer.use(clip);
  dispatch({ type: "model/ready", choice, info: clip.info() });
  ui.announcer.textContent = say.modelReady(choice.name);
  embedder.run();
  await refreshEntries();
}

/** The engine broke off in the middle of its work. Everything waits until a model is loaded again.
 * @param {string} message */
function modelLost(message) {
  clip?.free();
  clip = null;
  fidelity.cancel();
  embedder.use(null);
  scorer.use(null);
  dispatch({ type: "model/lost", message });
  ui.announcer.textContent = message;
  refreshRequests();
}

function seen() {
  embedder.run();
  announceSoon();
}

let speaking = 0;

function scored() {
  if (clip) dispatch({ type: "model/info", info: clip.info() });
  announceSoon();
  refreshRequests();
}

function announceSoon() {
  clearTimeout(speaking);
  speaking = window.setTimeout(announce, speakAfter);
}

/** The results in a breath, for those who listen to the page. */
function announce() {
  const { scores, pictures } = state;
  const failed = count(state, "failed");
  const best = pictures.flatMap(({ id, name }) => {
    const row = scores?.rows.get(id);
    if (!scores || !row) return [];
    const j = row.logits.indexOf(Math.max(...row.logits));
    const value = scores.labels.length === 1 ? say.cosine(format.cosine(row.cosine[j])) : format.percent(row.overTexts[j]);
    return [say.best(name, scores.labels[j], value)];
  });
  const summary = [best.length ? say.scored(best.length) : "", failed ? `${say.failed(failed)}.` : "", best.slice(-3).join("; ")];
  ui.announcer.textContent = summary.filter(Boolean).join(" ");
}

/** Take up the page's new version, once there is one. */
let applyUpdate = () => {};

let nextId = 1;

/** @param {import("./shell/pictures/intake.js").Intake} intake @param {boolean} [sample] */
function add({ pictures, skipped, model }, sample = false) {
  if (model) choose(model);
  if (skipped) ui.notice.show(say.skipped(skipped));
  if (pictures.length === 0) return;
  const added = pictures.map(({ source, name }) => ({ id: nextId++, source, name: name || say.pasteName() }));
  dispatch({ type: "pictures/add", pictures: added.map(({ id, name }) => ({ id, name })), sample });
  looker.add(added);
  if (state.pictures.length === added.length && !sample) requestAnimationFrame(showResults);
}

/** On a phone the first results come up below the fold: go there. */
function showResults() {
  if (ui.results.getBoundingClientRect().top < window.innerHeight / 2) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  ui.results.scrollIntoView({ behavior: still ? "instant" : "smooth" });
}

/** @param {number[]} ids */
function remove(ids) {
  looker.remove(ids);
  embedder.remove(ids);
  dispatch({ type: "pictures/remove", ids });
  embedder.run();
  scorer.run();
}

async function refreshRequests() {
  ui.status.requests = await Semblance.requests();
}

/** What the site offers, or what it offered when it could last be asked. */
async function refreshEntries() {
  const entries = await Semblance.models().catch(() => state.model.entries);
  dispatch({ type: "model/entries", entries });
  return entries;
}

// ── Results that leave ──────────────────────────────────────────────────────────────────────────────────────────────

/** @param {string} name @param {Blob} content */
function download(name, content) {
  const url = URL.createObjectURL(content);
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), savedAfter);
}

/** @param {string} content @returns {Promise<boolean>} Whether the browser let us. */
async function toClipboard(content) {
  try {
    await navigator.clipboard.writeText(content);
    return true;
  } catch {
    return false;
  }
}

async function share() {
  const { labels, template, model } = state;
  const chosen = model.running ?? model.choice;
  const fragment = toFragment({ labels, template, model: chosen?.address ?? null });
  history.replaceState(null, "", fragment);
  const copied = await toClipboard(location.href);
  ui.notice.show([copied ? say.shared() : say.sharedBar(), chosen && chosen.address === null ? say.sharedNoModel() : ""].join(" ").trim());
}

// ── Events ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** @type {Record<string, (detail: any) => unknown>} */
const on = {
  "labels-change": ({ labels: given }) => {
    const { labels, merged } = distinct(given);
    dispatch({ type: "labels", labels });
    ui.labels.labels = labels;
    if (merged.length) ui.notice.show(say.merged(merged));
    scorer.textsChanged();
  },
  "template-change": ({ template }) => {
    dispatch({ type: "template", typed: template });
    if (templateIsValid(state)) scorer.textsChanged();
  },
  "files-chosen": ({ files, folder }) => add(folder ? fromFolder(files) : fromFiles(files)),
  transfer: async ({ transfer }) => add(await fromTransfer(transfer)),
  "camera-open": () => ui.camera.open(),
  "picture-taken": ({ blob, name }) => add({ pictures: [{ source: blob, name }], skipped: 0 }),
  "url-open": () => ui.url.open(),
  "address-entered": ({ address }) => add({ pictures: [{ source: address, name: nameOf(address) }], skipped: 0 }),
  "samples-toggle": () => dispatch({ type: "toggle", what: "samplesOpen" }),
  "samples-add": ({ samples }) => add({ pictures: samples.map(incomingSample), skipped: 0 }, true),
  "picture-remove": ({ id }) => remove([id]),
  "pictures-clear": () => {
    remove(state.pictures.map(({ id }) => id));
    ui.sources.focus();
  },
  "work-stop": () => {
    dispatch({ type: "run/stop" });
    embedder.stop();
    scorer.run();
  },
  "work-resume": () => {
    dispatch({ type: "run/resume" });
    embedder.run();
  },
  "view-change": ({ view }) => dispatch({ type: "view", view }),
  "measure-change": ({ measure }) => dispatch({ type: "measure", measure }),
  "toggle-shown": ({ what }) => dispatch({ type: "toggle", what }),
  "export-csv": () => download("semblance.csv", new Blob([toCsv(state)], { type: "text/csv" })),
  "export-json": () => download("semblance.json", new Blob([toJson(state)], { type: "application/json" })),
  "copy-table": async () => ui.notice.show((await toClipboard(toTable(state))) ? say.copied() : say.copyFailed()),
  "share-link": share,
  "model-load": () => state.model.choice && choose(state.model.choice),
  "model-retry": () => state.model.choice && load(loader.start(state.model.choice)),
  "model-resume": () => state.model.choice && load(loader.start(state.model.choice)),
  "model-pause": () => state.model.choice && pause(state.model.choice),
  "model-cancel": cancel,
  "model-open": async () => {
    ui.modelDialog.open();
    await Promise.all([refreshEntries(), shelf.refresh()]);
  },
  "model-choose": choose,
  "model-files": ({ files }) => {
    const model = modelOf(files);
    return model ? choose(model) : ui.notice.show(text["model.noWeights"]);
  },
  "model-decline": () => loader.decline(),
  "offer-accept": () => {
    const { question } = state.model;
    if (question?.offer && question.offer.keeps !== "memory") askToKeep();
    return question && load(loader.start(question.choice));
  },
  "offer-again": () => state.model.question && choose(state.model.question.choice),
  "offer-decline": () => ui.modelDialog.close(),
  "scale-given": ({ logitScale }) => state.model.question && load(loader.start({ ...state.model.question.choice, logitScale })),
  "shelf-use": ({ model }) => use(model),
  "shelf-verify": ({ model }) => shelf.verify(model),
  "shelf-export": ({ model }) => shelf.export(model),
  "shelf-delete": async ({ model }) => {
    await shelf.delete(model);
    await refreshEntries();
  },
  "shelf-import": ({ files }) => {
    const model = modelOf(files)?.model;
    return model && typeof model !== "string" ? shelf.import(/** @type {File | File[]} */ (model)) : ui.notice.show(text["model.noWeights"]);
  },
  "shelf-stop": () => shelf.stop(),
  "unfinished-go-on": () => state.unfinished && use(state.unfinished),
  "newer-show": () => {
    const { newer } = state;
    dispatch({ type: "newer", entry: null });
    return newer && choose(ofEntry(newer));
  },
  "newer-later": () => dispatch({ type: "newer", entry: null }),
  "unfinished-later": () => dispatch({ type: "unfinished", model: null }),
  "update-apply": () => applyUpdate(),
  "update-later": () => dispatch({ type: "update", ready: false }),
  "status-open": refreshRequests,
  "texts-forget": async () => {
    await Semblance.forgetTexts();
    if (clip) dispatch({ type: "model/info", info: clip.info() });
    ui.notice.show(say.forgotten());
  },
  "fidelity-start": async () => {
    if (clip) await fidelity.run(clip);
    const { result, message } = state.fidelity;
    ui.announcer.textContent = result ? say.compared(result.pictures, result.left, result.labels) : message;
    await refreshRequests();
  },
  "fidelity-cancel": () => fidelity.cancel(),
};

for (const [name, handle] of Object.entries(on)) {
  document.addEventListener(name, async (event) => {
    try {
      await handle(/** @type {CustomEvent} */ (event).detail);
    } catch (error) {
      ui.notice.show(/** @type {Error} */ (error).message);
    }
  });
}

// ── Opening ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What a link asks for is done at once, except for fetching a large model, or one from elsewhere: that waits for a click.
 * Done when the load that it begins has ended. */
async function open() {
  const asked = fromFragment(location.hash);
  if (asked.labels) dispatch({ type: "labels", labels: distinct(asked.labels).labels });
  if (asked.template) dispatch({ type: "template", typed: asked.template });
  scorer.textsChanged();
  const { choice, running } = state.model;
  const current = choice ?? running;
  if (current && (!asked.model || asked.model === current.address)) return;
  const [entries, stored] = await Promise.all([refreshEntries(), shelf.refresh()]);
  if (asked.model) await suggest(asked.model, entries, text["model.asked"]);
  else {
    dispatch({ type: "unfinished", model: stored.find(isUnfinished) ?? null });
    const last = lastUsed(stored);
    await (last ? use(last) : suggest(defaultModel, entries, ""));
  }
  await refreshRequests();
}

/** @param {string} address @param {ModelEntry[]} entries @param {string} message */
async function suggest(address, entries, message) {
  const choice = ofAddress(address, entries);
  const entry = entries.find(({ name }) => name === address);
  if (entry ? loadsUnasked(entry) : address === defaultModel) await load(loader.start(choice));
  else dispatch({ type: "model/suggest", choice, message });
}

async function openSamples() {
  ui.samples.samples = await listSamples();
  render();
}

/** Once the page is of use: then the rest of its files are fetched for the next visit. */
async function keepPage() {
  ui.status.offline = await startOffline({
    onUpdate: (apply) => {
      applyUpdate = apply;
      dispatch({ type: "update", ready: true });
    },
  });
  await refreshRequests();
}

async function start() {
  ui.modelDialog.known = catalogue;
  ui.modelShelf.canGoOn = isDownload;
  render();
  openSamples();
  if ((await isolate(isolationWouldHelp())) === "next time") ui.status.note = text["status.reload"];
  window.addEventListener("hashchange", open);
  await open();
  await keepPage();
}

start();
