/** The element `<semblance-classifier>`; what it promises is in semblance-classifier.d.ts. */
import { library, sharedModel } from "./models.js";
import { pictureIn, View } from "./view.js";
import { say } from "./words.js";

/** @typedef {import("../../semblance.js").Semblance} Clip */
/** @typedef {import("../../semblance.js").Embedding} Embedding */
/** @typedef {import("../../semblance.js").ImageSource} ImageSource */
/** @typedef {import("../../semblance.js").LoadProgress} LoadProgress */
/** @typedef {import("../../semblance.js").ModelInput} ModelInput */
/** @typedef {import("../../semblance.js").Score} Score */

const TEMPLATE = "a photo of a {}";
const TOP = 5;
/** Of the preview of what no `<img>` shows, in pixels. */
const PREVIEW_SIDE = 640;

/** Those in the page: what is pasted nowhere in particular is for the only one. @type {Set<SemblanceClassifier>} */
const present = new Set();

/** A server that renders pages imports this, too. */
const Base = globalThis.HTMLElement ?? /** @type {typeof HTMLElement} */ (/** @type {unknown} */ (class {}));

export class SemblanceClassifier extends Base {
  static observedAttributes = ["labels", "model", "template", "top", "preload", "lang"];

  #view = new View(this);
  /** Ends the listeners. @type {AbortController | null} */
  #connected = null;
  /** Ends the work on the picture that is shown. @type {AbortController | null} */
  #work = null;
  /** What was set as a property, which counts until the attribute changes: a label may have a comma in it, and a model be a file. @type {{ labels?: string[], model?: ModelInput }} */
  #set = {};
  /** @type {ReturnType<typeof sharedModel> | null} */
  #shared = null;
  /** @type {ImageSource | null} */
  #picture = null;
  /** Its, once it is known: labels that change cost no more work on the picture. @type {Embedding | null} */
  #vector = null;
  /** @type {Score[]} */
  #scores = [];
  /** The model has been announced. */
  #ready = false;
  /** Hears of the load of the model that is wanted. @param {LoadProgress | null} progress */
  #onProgress = (progress) => this.#work && this.#showProgress(progress);

  get labels() {
    const typed = (this.getAttribute("labels") ?? "").split(",").map((label) => label.trim());
    return [...(this.#set.labels ?? typed.filter(Boolean))];
  }

  set labels(labels) {
    if (!Array.isArray(labels) || !labels.every((label) => typeof label === "string")) throw new TypeError("labels must be an array of texts");
    this.#set.labels = [...labels];
    this.#changeQuestion();
  }

  get model() {
    return this.#set.model ?? this.getAttribute("model") ?? undefined;
  }

  set model(model) {
    this.#set.model = model;
    this.#changeModel();
  }

  get template() {
    return this.getAttribute("template") ?? TEMPLATE;
  }

  set template(template) {
    this.setAttribute("template", template);
  }

  get top() {
    const top = Number(this.getAttribute("top"));
    return Number.isInteger(top) && top > 0 ? top : TOP;
  }

  set top(top) {
    this.setAttribute("top", String(top));
  }

  get preload() {
    return this.hasAttribute("preload");
  }

  set preload(preload) {
    this.toggleAttribute("preload", preload);
  }

  get scores() {
    return structuredClone(this.#scores);
  }

  connectedCallback() {
    present.add(this);
    this.#takeOver();
    const { signal } = (this.#connected = new AbortController());
    this.#view.listen((picture) => this.#take(picture), signal);
    document.addEventListener("paste", (event) => this.#paste(event), { signal });
    this.#ask();
    // What was shown before it was moved is shown again.
    if (this.#picture && !this.#vector) this.#take(this.#picture);
    else if (this.preload) this.#preload();
  }

  disconnectedCallback() {
    present.delete(this);
    this.#connected?.abort();
    this.#connected = null;
    this.#stop();
    this.#leaveModel();
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    if (before === now) return;
    if (name === "labels" || name === "model") delete this.#set[name];
    if (name === "model") this.#changeModel();
    else if (name !== "preload") this.#changeQuestion();
    else if (this.#connected && now !== null) this.#preload();
  }

  /** @param {ImageSource} picture */
  async classify(picture) {
    this.#stop();
    const work = (this.#work = new AbortController());
    this.#picture = picture;
    this.#vector = null;
    this.#scores = [];
    this.#view.fail("");
    return this.#do(work, async ({ signal }) => {
      await this.#showPreview(picture, signal);
      if (this.labels.length === 0) throw named("TextError", say("element-no-labels"));
      const clip = await this.#load(signal);
      this.#view.work(say("element-looking"));
      const [vector] = await clip.embedImages([picture], { signal });
      this.#vector = vector;
      return this.#score(clip, vector, signal);
    });
  }

  clear() {
    this.#stop();
    this.#picture = this.#vector = null;
    this.#scores = [];
    this.#view.fail("");
    this.#view.picture(null);
  }

  /** What a page set before it had this script hides the properties of the same names. */
  #takeOver() {
    const own = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (this));
    for (const name of ["labels", "model", "template", "top", "preload"].filter((name) => Object.hasOwn(this, name))) {
      const value = own[name];
      delete own[name];
      own[name] = value;
    }
  }

  /** What a visitor brings; what goes wrong with it is shown. @param {ImageSource} picture */
  #take(picture) {
    this.classify(picture).catch(() => {});
  }

  /** The same picture with other labels. */
  #again() {
    this.#stop();
    const work = (this.#work = new AbortController());
    this.#view.fail("");
    const again = this.#do(work, async ({ signal }) => {
      if (this.labels.length === 0) throw named("TextError", say("element-no-labels"));
      return this.#score(await this.#load(signal), /** @type {Embedding} */ (this.#vector), signal);
    });
    again.catch(() => {});
  }

  #preload() {
    if (this.#picture) return;
    this.#stop();
    const work = (this.#work = new AbortController());
    this.#do(work, ({ signal }) => this.#load(signal)).catch(() => {});
  }

  /**
   * Do something for the picture, until another comes. Whatever goes wrong with it is shown and told.
   *
   * @template T
   * @param {AbortController} work
   * @param {(work: AbortController) => Promise<T>} task
   */
  async #do(work, task) {
    try {
      return await task(work);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (!work.signal.aborted) {
        // An engine that stopped is no use to anybody any more.
        if (error.name === "EngineError") this.#leaveModel(true);
        this.#view.fail(error.message);
        this.#tell("semblance-error", { error });
      }
      throw work.signal.aborted ? work.signal.reason : error;
    } finally {
      if (this.#work === work) {
        this.#work = null;
        this.#view.work(null);
      }
    }
  }

  #stop() {
    this.#work?.abort();
    this.#work = null;
    this.#view.work(null);
  }

  /** @param {AbortSignal} signal @returns {Promise<Clip>} */
  async #load(signal) {
    this.#shared ??= sharedModel(this.model);
    const clip = await this.#shared.load(this.#onProgress);
    signal.throwIfAborted();
    if (!this.#ready) this.#tell("semblance-ready", { info: clip.info() });
    this.#ready = true;
    return clip;
  }

  /** @param {boolean} [broken] */
  #leaveModel(broken = false) {
    if (broken) this.#shared?.forget();
    this.#shared?.leave(this.#onProgress);
    this.#shared = null;
    this.#ready = false;
  }

  #changeQuestion() {
    this.#ask();
    if (this.#vector && this.#connected) this.#again();
  }

  #changeModel() {
    this.#leaveModel();
    this.#vector = null;
    if (!this.#connected) return;
    if (this.#picture) this.#take(this.#picture);
    else if (this.preload) this.#preload();
  }

  /** @param {Clip} clip @param {Embedding} vector @param {AbortSignal} signal */
  async #score(clip, vector, signal) {
    const scores = await clip.classify(vector, this.labels, { template: this.template, signal });
    scores.sort((a, b) => b.probability - a.probability);
    this.#scores = scores;
    this.#view.scores(scores.slice(0, this.top), this.#lang);
    this.#tell("semblance-result", { scores: this.scores, label: scores[0].label, picture: this.#picture });
    return this.scores;
  }

  /** @param {LoadProgress | null} progress */
  #showProgress(progress) {
    const { stage, loaded, total } = progress ?? { stage: "engine", loaded: 0, total: null };
    if (stage === "ready") return;
    if (stage === "engine") return this.#view.work(say("element-engine"));
    if (total === null) return this.#view.work(say("element-model"));
    const size = (/** @type {number} */ bytes) =>
      new Intl.NumberFormat(this.#lang, { style: "unit", unit: "megabyte", minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(bytes / 1e6);
    this.#view.work(say("element-bytes", { loaded: size(loaded), total: size(total) }), loaded / total);
  }

  /** An `<img>` where it can show this, at once; else what the engine makes of it. @param {ImageSource} picture @param {AbortSignal} signal */
  async #showPreview(picture, signal) {
    const own = picture instanceof Blob ? URL.createObjectURL(picture) : null;
    const address = own ?? (typeof picture === "string" || picture instanceof URL ? String(picture) : null);
    const image = Object.assign(document.createElement("img"), { alt: picture instanceof File ? picture.name : say("element-picture") });
    try {
      if (address === null) throw new TypeError("No address");
      image.src = address;
      await image.decode();
      signal.throwIfAborted();
      this.#view.picture(image);
    } catch {
      signal.throwIfAborted();
      // Where the engine can't read it either, nothing is shown of the last one.
      this.#view.picture(null);
      this.#view.work(say("element-engine"));
      const { bitmap } = await (await library()).thumbnail(picture, { size: PREVIEW_SIDE, signal });
      const canvas = Object.assign(document.createElement("canvas"), { width: bitmap.width, height: bitmap.height });
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", image.alt);
      canvas.getContext("bitmaprenderer")?.transferFromImageBitmap(bitmap);
      this.#view.picture(canvas);
    } finally {
      // What is shown was decoded, and needs it no more.
      if (own) URL.revokeObjectURL(own);
    }
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const typing = event.composedPath().some((target) => target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea)$/i.test(target.localName)));
    const meant = this.matches(":hover, :focus-within") || present.size === 1;
    const picture = pictureIn(event.clipboardData);
    if (typing || !meant || !(picture instanceof Blob)) return;
    event.preventDefault();
    this.#take(picture);
  }

  #ask() {
    this.#view.ask(this.labels, this.#lang);
  }

  get #lang() {
    const lang = /** @type {HTMLElement | null} */ (this.closest("[lang]"))?.lang;
    // What the page says may be no language that there is.
    return Intl.NumberFormat.supportedLocalesOf(["en"].concat(/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(lang ?? "") ? [/** @type {string} */ (lang)] : [])).at(-1) ?? "en";
  }

  /** @param {string} name @param {object} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }
}

/** @param {string} name @param {string} message */
const named = (name, message) => Object.assign(new Error(message), { name });
