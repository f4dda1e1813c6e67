/** The view `teach`: classes of a person's own, from a few pictures each. Events from its elements → state → elements. */

import { cell, exact } from "../../shell/csv.js";
import { part } from "../../shell/dom.js";
import { download } from "../../shell/leaving.js";
import { LibraryElements } from "../../shell/library/elements.js";
import { Library } from "../../shell/library/library.js";
import { isEmpty } from "../../shell/library/state.js";
import { Thumbnails } from "../../shell/library/thumbnails.js";
import { ModelNote } from "../../shell/model/model-note.js";
import { looksLikePicture } from "../../shell/pictures/intake.js";
import { fromFields, toFields } from "./address.js";
import { ClassBoard } from "./classes/class-board.js";
import { leaves, nameOf, unused } from "./classes/folders.js";
import { forgetLesson, keepLesson, keptLesson } from "./classes/kept.js";
import { PicturesDialog } from "./classes/pictures-dialog.js";
import { cameSmall, missingSmall } from "./classes/small-picture.js";
import { MethodPanel } from "./method-panel.js";
import { QualityPanel } from "./quality/quality-panel.js";
import { classOf, initial, NONE, present, reduce } from "./state.js";
import { Teacher } from "./teacher.js";
import { TryPanel } from "./trying/try-panel.js";
import { say, text } from "./words.js";

const extension = ".classifier.safetensors";
/** Pictures that are found for a class. */
const foundMost = 240;

class Teach {
  #shell;
  #root;
  #ui;
  #state = initial;
  #library;
  #teacher;
  #thumbnails;
  #started = false;
  /** Whose lesson is there; what belongs to none is not kept. */
  #lessonOf = "";
  /** Files that are being added for a class, by their paths. @type {Map<string, string>} */
  #expected = new Map();
  /** Where something was dropped, if on a class. */
  #droppedOn = "";
  #wanting = 0;

  /** @param {import("../../shell/view.js").Shell} shell @param {HTMLElement} root */
  constructor(shell, root) {
    this.#shell = shell;
    this.#root = root;
    this.#ui = elementsOf(root);
    const getState = () => this.#state;
    const dispatch = (/** @type {import("./state.js").Action} */ action) => this.#dispatch(action);
    this.#library = new Library({ shell, dispatch, getState: () => this.#state.library, onChanged: () => this.#libraryChanged().catch((error) => shell.notice(error.message)) });
    const index = () => this.#library.index;
    this.#teacher = new Teacher({ shell, dispatch, getState, index });
    this.#thumbnails = new Thumbnails(
      async (id) => (await index()?.thumbnail(id)) ?? null,
      (id, url) => cameSmall(root, id, url),
    );
    for (const element of [this.#ui.board, this.#ui.dialog, this.#ui.quality]) element.small = (id) => this.#thumbnails.get(id);
    shell.on("model", () => {
      if (this.#started) this.#library.modelChanged();
      this.#teacher.changed();
    });
    shell.listen({ ...this.#ui.library.answers(this.#library), ...this.#onClasses(), ...this.#onTeaching() }, root);
    addEventListener("drop", ({ clientX, clientY }) => {
      const under = root.checkVisibility() ? document.elementsFromPoint(clientX, clientY) : [];
      const card = under.map((element) => element.closest("[data-class]")).find((card) => card !== null);
      this.#droppedOn = card instanceof HTMLElement ? (card.dataset.class ?? "") : "";
    }, { capture: true });
    this.#ui.keepInput.addEventListener("change", () => {
      const [file] = this.#ui.keepInput.files ?? [];
      this.#ui.keepInput.value = "";
      if (file) this.#teacher.open(file).catch((error) => shell.notice(error.message));
    });
  }

  /** @param {URLSearchParams} fields */
  open(fields) {
    const { library, add } = fromFields(fields);
    if (!this.#started) this.#start(library, add);
    else this.#again(library, add);
  }

  /** @param {string | null} library @param {number[]} add */
  async #start(library, add) {
    this.#started = true;
    await this.#library.start(library);
    this.#addToNew(add);
  }

  /** @param {string | null} library @param {number[]} add */
  async #again(library, add) {
    if (library && library !== this.#state.library.name) await this.#library.open(library);
    else await this.#library.refresh();
    this.#addToNew(add);
  }

  /** Pictures that were chosen elsewhere become a class. @param {number[]} ids */
  #addToNew(ids) {
    if (ids.length === 0) return;
    this.#shell.address(toFields(this.#state.library.name));
    this.#put(this.#newClass(), ids);
  }

  close() {
    this.#ui.trying.stop();
  }

  /** @param {import("../../shell/view.js").Given} given */
  take(given) {
    const key = this.#droppedOn;
    this.#droppedOn = "";
    const files = given.loose.map(({ file }) => file);
    const [first] = files;
    if (files.length === 1 && given.folders.length === 0 && first.name.endsWith(extension)) {
      this.#teacher.open(first).catch((error) => this.#shell.notice(error.message));
      return true;
    }
    if ([given.loose, ...given.folders.map(({ files }) => files)].flat().some(({ path }) => /\.(gguf|safetensors)$/i.test(path))) return false;
    const inFolders = given.folders.flatMap(({ files }) => files.map(({ file }) => file));
    if (key) this.#addFiles(key, [...files, ...inFolders].filter(looksLikePicture)).catch((error) => this.#shell.notice(error.message));
    else if (given.folders.length === 0 && files.length > 0 && this.#teacher.classifier && files.every(looksLikePicture)) this.#tryPicture(files[0]);
    else if (given.folders.length > 0 || files.length > 0) this.#library.addGiven(given).catch((error) => this.#shell.notice(error.message));
    return true;
  }

  texts() {
    const { classes, settings } = this.#state.lesson;
    return { labels: settings.words ? classes.map(({ name }) => name) : [], template: settings.template };
  }

  /** @param {import("./state.js").Action} action */
  #dispatch(action) {
    const before = this.#state;
    this.#state = reduce(before, action);
    if (before.library.name !== this.#state.library.name) this.#thumbnails.clear();
    const { lesson } = this.#state;
    if (lesson !== before.lesson && action.type !== "lesson" && this.#lessonOf === this.#state.library.name) {
      keepLesson(this.#lessonOf, lesson);
      if (lesson.sure === before.lesson.sure) this.#teacher.changed();
    }
    if (action.type === "taught" && action.taught?.report?.judged) this.#shell.announce(say.right(action.taught.report.judged.quality.accuracy, action.taught.report.judged.quality.accuracyInterval));
    if (action.type === "library/closed") {
      forgetLesson(before.library.name);
      this.#lessonOf = "";
    }
    this.#shell.redraw();
  }

  /** The library was opened, or other pictures are in it. */
  async #libraryChanged() {
    const index = this.#library.index;
    const { name } = this.#state.library;
    if (!index) return;
    const there = new Set(await index.ids());
    if (this.#lessonOf !== name) {
      const kept = await keptLesson(name);
      if (name !== this.#state.library.name) return;
      this.#lessonOf = name;
      this.#dispatch({ type: "lesson", lesson: present(kept, there) });
      this.#shell.address(toFields(name));
      this.#teacher.changed();
    }
    await this.#assign();
    const { lesson } = this.#state;
    if (Array.from(classOf(lesson).keys()).some((id) => !there.has(id))) {
      const left = present(lesson, new Set(await index.ids()));
      this.#dispatch({ type: "lesson", lesson: left });
      keepLesson(name, left);
      this.#teacher.changed();
    }
  }

  /** Files that were added for a class, and are there now, go into it. */
  async #assign() {
    const index = this.#library.index;
    if (!index || this.#expected.size === 0) return;
    /** @type {Map<string, number[]>} */
    const found = new Map();
    const folders = new Set(Array.from(this.#expected.keys(), (path) => path.slice(0, path.lastIndexOf("/"))));
    for (const folder of folders) {
      for (const { id, path } of await index.facts(await index.ids({ folder }))) {
        const key = this.#expected.get(path);
        if (key === undefined) continue;
        this.#expected.delete(path);
        found.set(key, [...(found.get(key) ?? []), id]);
      }
    }
    for (const [key, ids] of found) this.#put(key, ids);
  }

  /** @param {string} key @param {File[]} files */
  async #addFiles(key, files) {
    const index = this.#library.index;
    const one = this.#state.lesson.classes.find((one) => one.key === key);
    if (files.length === 0 || !index || (!one && key !== NONE)) return;
    const folder = `${text["classes.title"]}/${(one?.name ?? text["classes.none"]).replaceAll("/", "-")}`;
    const taken = new Map((await index.facts(await index.ids({ folder }))).map(({ path, size }) => [path, size]));
    const located = files.map((file) => {
      const [stem, dot, kind] = [file.name.replace(/\.[^.]*$/, ""), file.name.includes(".") ? "." : "", file.name.split(".").pop()];
      let path = `${folder}/${file.name}`;
      // Another picture of that name stays.
      for (let number = 2; taken.has(path) && taken.get(path) !== file.size; number += 1) path = `${folder}/${stem} ${number}${dot}${dot && kind}`;
      taken.set(path, file.size);
      this.#expected.set(path, key);
      return { path, file };
    });
    await this.#library.addFiles(located);
    await this.#assign();
  }

  #newClass() {
    const { classes } = this.#state.lesson;
    const key = crypto.randomUUID();
    this.#dispatch({ type: "class/add", key, name: unused(say.newClass(classes.length + 1), classes.map(({ name }) => name)) });
    return key;
  }

  /** @param {string} key @param {number[]} ids */
  #put(key, ids) {
    this.#dispatch({ type: "put", key, ids });
  }

  draw() {
    const ui = this.#ui;
    const { library, lesson, tried, taught, doing } = this.#state;
    const { model } = this.#shell.getState();
    const empty = isEmpty(library) && lesson.classes.length === 0;
    ui.note.model = model.running?.name ?? model.choice?.name ?? null;
    ui.library.draw(library, this.#shell.clip() !== null);
    ui.board.hidden = empty;
    ui.board.content = { classes: lesson.classes, background: lesson.background, folders: lesson.classes.length === 0 ? leaves(library.folders).length : 0 };
    ui.method.hidden = lesson.classes.length === 0 && !taught;
    ui.method.content = this.#state;
    ui.trying.hidden = !taught;
    ui.trying.content = tried;
    ui.quality.content = this.#state;
    ui.keepExport.disabled = !taught || taught.opened !== "";
    ui.keepList.disabled = !taught || !library.info?.pictures;
    ui.keepDoing.textContent = doing;
    this.#wantSmall();
  }

  #wantSmall() {
    cancelAnimationFrame(this.#wanting);
    this.#wanting = requestAnimationFrame(() => this.#thumbnails.want(missingSmall(this.#root)));
  }

  /** @param {File} file */
  async #tryPicture(file) {
    const url = URL.createObjectURL(file);
    if (this.#state.tried) URL.revokeObjectURL(this.#state.tried.url);
    const { name } = file;
    this.#ui.trying.stop();
    this.#dispatch({ type: "tried", tried: { name, url, answer: null, error: "" } });
    try {
      const answer = await this.#teacher.say(file);
      this.#dispatch({ type: "tried", tried: { name, url, answer, error: "" } });
      if (answer) this.#shell.announce(answer.label ? say.answer(answer.label, answer.scores[0].probability) : text["try.none"]);
    } catch (error) {
      this.#dispatch({ type: "tried", tried: { name, url, answer: null, error: /** @type {Error} */ (error).message } });
    }
    this.#shell.used();
  }

  /** @returns {import("../../shell/view.js").Handlers} */
  #onClasses() {
    return {
      "class-add": () => {
        const key = this.#newClass();
        this.draw();
        this.#ui.board.edit(key);
      },
      "class-folders": () => this.#classesOfFolders(),
      "class-rename": ({ key, name }) => {
        const others = this.#state.lesson.classes.filter((one) => one.key !== key).map(({ name }) => name);
        const trimmed = name.trim();
        if (trimmed && !others.includes(trimmed)) return this.#dispatch({ type: "class/rename", key, name: trimmed });
        if (trimmed) this.#shell.notice(say.take(trimmed));
        this.#ui.board.reset(key);
      },
      "class-remove": ({ key }) => this.#dispatch({ type: "class/remove", key }),
      "class-files": ({ key, files }) => this.#addFiles(key, files),
      "class-pick": ({ key }) => this.#pick(key),
      "class-see": ({ key }) => {
        const { classes, background } = this.#state.lesson;
        const one = classes.find((one) => one.key === key);
        const ids = one?.ids ?? background;
        const name = one?.name ?? text["classes.none"];
        this.#ui.dialog.show(say.classOf(name, ids.length), ids, this.#destinations(key));
      },
      "class-camera": async ({ key }) => {
        const blob = await this.#snap();
        if (blob) await this.#addFiles(key, [new File([blob], `${new Date().toISOString().replace(/[:.]/g, "-")}.png`, { type: blob.type })]);
      },
      "dialog-put": ({ key, ids }) => this.#put(key, ids),
      "dialog-out": ({ ids }) => this.#dispatch({ type: "out", ids }),
      "dialog-search": ({ key, words }) => this.#find(key, words),
      "dialog-shows": async ({ ids }) => {
        this.#wantSmall();
        this.#ui.dialog.named((await this.#library.index?.facts(ids)) ?? []);
      },
      "small-wanted": () => this.#wantSmall(),
    };
  }

  /** @param {string} key */
  #destinations(key) {
    const none = { key: NONE, name: text["classes.none"], ids: [] };
    return [...this.#state.lesson.classes, none].filter((one) => one.key !== key);
  }

  /** By the shell's camera; null where it was closed. @returns {Promise<Blob | null>} */
  #snap() {
    // By its type alone: the page has its script already.
    const camera = /** @type {import("../../shell/pictures/camera-dialog.js").CameraDialog} */ (part(document, "camera-dialog", HTMLElement));
    camera.open();
    return new Promise((resolve) => {
      const taken = (/** @type {Event} */ event) => {
        // It is not one of the page's pictures.
        event.stopPropagation();
        resolve(/** @type {CustomEvent<{ blob: Blob }>} */ (event).detail.blob);
      };
      camera.addEventListener("picture-taken", taken, { once: true });
      part(camera, "dialog", HTMLDialogElement).addEventListener("close", () => {
        camera.removeEventListener("picture-taken", taken);
        resolve(null);
      }, { once: true });
    });
  }

  async #classesOfFolders() {
    const index = this.#library.index;
    if (!index) return;
    for (const folder of leaves(this.#state.library.folders)) {
      const ids = Array.from(await index.ids({ folder }));
      const taken = this.#state.lesson.classes.map(({ name }) => name);
      const key = crypto.randomUUID();
      this.#dispatch({ type: "class/add", key, name: unused(nameOf(folder), taken) });
      this.#put(key, ids);
    }
  }

  /** @param {string} key */
  async #pick(key) {
    const one = this.#state.lesson.classes.find((one) => one.key === key) ?? { key: NONE, name: text["classes.none"], ids: [] };
    this.#ui.dialog.choose(one, key === NONE ? "" : one.name);
    await this.#find(key, key === NONE ? "" : one.name);
  }

  /** Pictures in no class: those that words describe, or that are like the class's own; of no words, all. @param {string} key @param {string} words */
  async #find(key, words) {
    const index = this.#library.index;
    if (!index) return;
    const known = classOf(this.#state.lesson);
    const { template, words: mean } = this.#state.lesson.settings;
    const { ids: own } = this.#state.lesson.classes.find((one) => one.key === key) ?? { ids: [] };
    const image = own.slice(0, 8).map((id) => ({ id }));
    const asked = words && (mean || image.length === 0) ? { text: [words] } : {};
    const ids = asked.text || image.length > 0 ? (await index.rank({ ...asked, image, template, k: foundMost + known.size })).ids : await index.ids();
    this.#ui.dialog.found = Array.from(ids).filter((id) => !known.has(id)).slice(0, foundMost);
  }

  /** @returns {import("../../shell/view.js").Handlers} */
  #onTeaching() {
    return {
      "settings-change": ({ change }) => this.#dispatch({ type: "settings", change }),
      "classifier-back": () => this.#teacher.back(),
      "cell-open": ({ truth, answer }) => this.#openCell(truth, answer),
      "mistake-move": ({ id, key }) => this.#put(key, [id]),
      "mistake-keep": ({ id }) => this.#dispatch({ type: "sure", id }),
      "threshold-change": ({ threshold }) => this.#teacher.setThreshold(threshold),
      "curve-run": () => this.#teacher.learn(),
      "try-files": ({ files }) => this.#tryPicture(files[0]),
      "try-frame": async ({ frame, done }) => {
        try {
          const answer = await this.#teacher.say(frame);
          if (this.#ui.trying.isLive) this.#dispatch({ type: "tried", tried: { name: "", url: "", answer, error: "" } });
        } finally {
          done();
        }
      },
      "keep-export": async () => {
        const { classifier } = this.#teacher;
        if (classifier) download(`${this.#state.library.name}${extension}`, await classifier.export());
      },
      "keep-import": () => this.#ui.keepInput.click(),
      "keep-list": () => this.#list(),
    };
  }

  /** @param {number} truth @param {number} answer */
  #openCell(truth, answer) {
    const { taught } = this.#state;
    const judged = taught?.report?.judged;
    if (!taught || !judged) return;
    const order = taught.classes.flatMap(({ ids }, at) => ids.map((id) => ({ id, at })));
    const ids = judged.places.flatMap((place, row) => (order[place].at === truth && judged.answers[row] === answer ? [order[place].id] : []));
    this.#ui.dialog.show(say.cell(taught.classes[truth].name, taught.classes[answer].name, ids.length), ids, this.#destinations(""));
  }

  /** All pictures of the library with their classes, for a spreadsheet. */
  async #list() {
    const { taught, library } = this.#state;
    const since = performance.now();
    const all = await this.#teacher.sayAll((done, total) => this.#dispatch({ type: "doing", doing: say.classified(done, total) }));
    const index = this.#library.index;
    if (!all || !taught || !index) return;
    const ms = performance.now() - since;
    const facts = await index.facts(all.ids);
    const lines = facts.map(({ path }, row) => [cell(path), cell(all.answers[row] < 0 ? "" : taught.classes[all.answers[row]].name), exact(all.probabilities[row]), exact(all.known[row])].join(","));
    download(`${library.name}.csv`, new Blob([["path,class,probability,known", ...lines, ""].join("\r\n")], { type: "text/csv" }));
    this.#dispatch({ type: "doing", doing: say.classifiedIn(all.ids.length, ms) });
  }
}

/** @param {HTMLElement} root */
function elementsOf(root) {
  const keep = part(root, ".keep", HTMLElement);
  keep.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button?.dataset.event) keep.dispatchEvent(new CustomEvent(button.dataset.event, { bubbles: true }));
  });
  return {
    library: new LibraryElements(root),
    note: part(root, "model-note", ModelNote),
    board: part(root, "class-board", ClassBoard),
    dialog: part(root, "pictures-dialog", PicturesDialog),
    method: part(root, "method-panel", MethodPanel),
    trying: part(root, "try-panel", TryPanel),
    quality: part(root, "quality-panel", QualityPanel),
    keepExport: part(keep, "[data-event=keep-export]", HTMLButtonElement),
    keepList: part(keep, "[data-event=keep-list]", HTMLButtonElement),
    keepDoing: part(keep, "[role=status]", HTMLElement),
    keepInput: part(keep, "input", HTMLInputElement),
  };
}

/** @type {import("../../shell/view.js").ViewModule["mount"]} */
export const mount = (shell, root) => new Teach(shell, root);
