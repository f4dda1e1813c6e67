/** What the element shows: its shadow tree, and the changes to it. Knows nothing of models. */
import { styles } from "./styles.js";
import { say } from "./words.js";

/** @typedef {import("../../semblance.js").Score} Score */

/** One for all elements. @type {CSSStyleSheet | undefined} */
let sheet;

/** What the engine reads, where a file chooser is to offer it. */
const ACCEPT = "image/*,.tif,.tiff,.avif,.heic";

/** So many labels are named while there is no picture. */
const NAMED_AT_MOST = 4;

/** Of what is smaller, only that is said. */
const LEAST = 0.001;

export class View {
  /** @type {Record<string, HTMLElement>} by their class */
  #parts = {};
  #root;

  /** @param {HTMLElement} host */
  constructor(host) {
    this.#root = host.attachShadow({ mode: "open", delegatesFocus: true });
    sheet ??= makeSheet();
    this.#root.adoptedStyleSheets = [sheet];
    const p = this.#parts;
    p.input = Object.assign(document.createElement("input"), { type: "file", accept: ACCEPT, hidden: true });
    p.choose = this.#button("element-choose", "button");
    p.other = this.#button("element-other", "other");
    p.place = this.#make("div", "place", [
      this.#make("p", "question"),
      this.#make("p", "prompt", [slot("prompt", say("element-prompt"))]),
      p.choose,
      this.#make("p", "note", [slot("note", say("element-note"))]),
    ]);
    this.#make("ol", "bars").setAttribute("aria-label", say("element-scores"));
    p.seen = this.#make("div", "seen", [this.#make("div", "picture"), this.#make("div", "answers", [p.bars, this.#make("div", "foot", [p.other])])]);
    this.#make("progress", "progress");
    p.work = this.#make("div", "work", [this.#make("p", "doing"), p.progress]);
    p.error = this.#make("p", "error");
    p.error.setAttribute("role", "alert");
    p.heard = this.#make("p", "heard");
    p.heard.setAttribute("role", "status");
    this.#make("div", "box", [p.place, p.seen, p.work, p.error, p.heard, p.input]);
    this.#root.append(p.box);
    this.work(null);
    this.fail("");
    this.picture(null);
  }

  /**
   * @param {(picture: Blob | string) => void} onPicture a file, or the address of what was dragged out of another page
   * @param {AbortSignal} signal ends it
   */
  listen(onPicture, signal) {
    const { box, place, choose, other } = this.#parts;
    const input = /** @type {HTMLInputElement} */ (this.#parts.input);
    const open = () => input.click();
    place.addEventListener("click", (event) => event.target !== choose && open(), { signal });
    for (const button of [choose, other]) button.addEventListener("click", open, { signal });
    input.addEventListener(
      "change",
      () => {
        const [file] = input.files ?? [];
        if (file) onPicture(file);
        // So that the same file can be chosen again.
        input.value = "";
      },
      { signal },
    );
    box.addEventListener(
      "dragover",
      (event) => {
        event.preventDefault();
        box.toggleAttribute("data-over", true);
      },
      { signal },
    );
    box.addEventListener("dragleave", (event) => box.contains(/** @type {Node | null} */ (event.relatedTarget)) || box.removeAttribute("data-over"), { signal });
    box.addEventListener(
      "drop",
      (event) => {
        event.preventDefault();
        box.removeAttribute("data-over");
        const picture = pictureIn(event.dataTransfer);
        if (picture) onPicture(picture);
      },
      { signal },
    );
  }

  /** What it is that the labels ask. @param {string[]} labels @param {string} lang */
  ask(labels, lang) {
    const { question } = this.#parts;
    question.hidden = labels.length === 0;
    if (labels.length > NAMED_AT_MOST) question.textContent = say("element-many", { count: labels.length });
    else question.textContent = say("element-question", { labels: new Intl.ListFormat(lang, { type: "disjunction" }).format(labels) });
  }

  /** @param {HTMLElement | null} shown null: there is none */
  picture(shown) {
    const { picture, place, seen, bars, work, foot } = this.#parts;
    picture.replaceChildren(...(shown ? [shown] : []));
    shown?.setAttribute("part", "picture");
    place.hidden = shown !== null;
    seen.hidden = shown === null;
    // What is being done stands where its outcome will.
    if (shown) foot.before(work);
    else seen.after(work);
    bars.replaceChildren();
    this.#parts.heard.textContent = "";
  }

  /** @param {Score[]} scores the best first @param {string} lang */
  scores(scores, lang) {
    const { bars, heard } = this.#parts;
    const rows = /** @type {HTMLElement[]} */ ([...bars.children]);
    while (rows.length < scores.length) rows.push(makeBar());
    rows.length = scores.length;
    bars.replaceChildren(...rows);
    rows.forEach((row, i) => {
      const { label, probability } = scores[i];
      const [name, value, track] = /** @type {Iterable<HTMLElement>} */ (row.children);
      name.textContent = label;
      value.textContent = share(probability, lang);
      const fill = /** @type {HTMLElement} */ (track.firstElementChild);
      // From nothing to where it belongs, also of a bar that has just been made.
      fill.getBoundingClientRect();
      fill.style.setProperty("--share", String(probability));
    });
    heard.textContent = scores.length > 0 ? say("element-result", { label: scores[0].label, share: share(scores[0].probability, lang) }) : "";
  }

  /** @param {string | null} doing null: nothing @param {number | null} [done] of what there is to do, where that is known */
  work(doing, done = null) {
    const { work, bars } = this.#parts;
    const progress = /** @type {HTMLProgressElement} */ (this.#parts.progress);
    work.hidden = doing === null;
    bars.setAttribute("aria-busy", String(doing !== null));
    this.#parts.doing.textContent = doing;
    progress.setAttribute("aria-label", doing ?? "");
    if (done === null) progress.removeAttribute("value");
    else progress.value = done;
  }

  /** @param {string} message empty: nothing is wrong */
  fail(message) {
    this.#parts.error.textContent = message;
    this.#parts.error.hidden = message === "";
  }

  /** @param {string} tag @param {string} name its class, and its part @param {Node[]} [children] */
  #make(tag, name, children = []) {
    const element = document.createElement(tag);
    element.className = name;
    element.setAttribute("part", name);
    element.append(...children);
    this.#parts[name] = element;
    return element;
  }

  /** @param {"element-choose" | "element-other"} key @param {string} name of its slot */
  #button(key, name) {
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.setAttribute("part", "button");
    button.append(slot(name, say(key)));
    return button;
  }
}

function makeSheet() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  return sheet;
}

/** What a page may say in its own words. @param {string} name @param {string} otherwise */
function slot(name, otherwise) {
  const slot = Object.assign(document.createElement("slot"), { name });
  slot.append(otherwise);
  return slot;
}

function makeBar() {
  const [row, label, value, track, fill] = ["li", "span", "span", "span", "span"].map((tag) => document.createElement(tag));
  for (const [element, name] of /** @type {[HTMLElement, string][]} */ ([[row, "bar"], [label, "label"], [value, "value"], [track, "track"], [fill, "fill"]])) {
    element.className = name;
    element.setAttribute("part", name);
  }
  track.append(fill);
  row.append(label, value, track);
  return row;
}

/** @param {number} probability @param {string} lang */
function share(probability, lang) {
  const text = (/** @type {number} */ number) => new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: number < 0.0995 ? 1 : 0 }).format(number);
  // No label that is asked about is out of the question.
  return probability < LEAST ? `<\u2009${text(LEAST)}` : text(probability);
}

/**
 * The first file, or the address of a picture that comes from another page.
 *
 * @param {DataTransfer | null} data
 * @returns {File | string | null}
 */
export function pictureIn(data) {
  if (!data) return null;
  const [file] = data.files;
  if (file) return file;
  const address = data.getData("text/uri-list").split(/\r?\n/).find((line) => line && !line.startsWith("#"));
  return address && /^https?:/.test(address) ? address : null;
}
