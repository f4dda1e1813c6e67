/**
 * The models in this browser's storage. Properties: `content` (ShelfContent), `canGoOn` (asked of unfinished models).
 * Events: `shelf-use`, `shelf-verify`, `shelf-export`, `shelf-delete` ({ model: StoredModel }), `shelf-import` ({ files }),
 * `shelf-stop`.
 */

import { clone, emit, part, setProgress, setText } from "../../dom.js";
import { say, text } from "../words.js";

/**
 * @typedef {import("../../../../semblance.js").StoredModel} StoredModel
 * @typedef {import("../state.js").Shelf} Shelf
 *
 * @typedef {object} ShelfContent
 * @property {Shelf} shelf
 * @property {string | null} running The id of the model that answers now.
 */

/** What can be done with a model, and the words on the button. */
const actions = /** @type {const} */ (["use", "verify", "export", "delete"]);

export class ModelShelf extends HTMLElement {
  #list = part(this, "#shelf-list", HTMLUListElement);
  #sum = part(this, "#shelf-sum", HTMLElement);
  #import = part(this, "#shelf-importing", HTMLElement);
  /** @type {Map<string, HTMLLIElement>} */
  #rows = new Map();
  /** The one whose deletion is asked about. @type {string | null} */
  #doomed = null;
  /** @type {ShelfContent | null} */
  #content = null;
  /** Whether what is missing of a model can come yet. @type {(model: StoredModel) => boolean} */
  canGoOn = () => true;

  connectedCallback() {
    this.#picker("#shelf-import", "#shelf-import-input");
    this.#picker("#shelf-import-folder", "#shelf-folder-input");
    part(this.#import, ".stop", HTMLButtonElement).addEventListener("click", () => emit(this, "shelf-stop"));
  }

  /** @param {ShelfContent} content */
  set content(content) {
    const before = this.#content;
    if (before?.shelf === content.shelf && before.running === content.running) return;
    this.#content = content;
    if (before?.shelf.models !== content.shelf.models) this.#place(content.shelf);
    this.#update();
  }

  /** Rows stay in place over a refresh, so that the focus does. @param {Shelf} shelf */
  #place({ models, quota }) {
    const lost = this.#list.contains(document.activeElement);
    const rows = new Map(models.map((model) => [model.id, this.#rows.get(model.id) ?? this.#row(model.id)]));
    const order = [...rows.values()];
    for (const row of this.#rows.values()) if (!order.includes(row)) row.remove();
    order.forEach((row, i) => {
      if (this.#list.children[i] !== row) this.#list.insertBefore(row, this.#list.children[i] ?? null);
    });
    this.#rows = rows;
    if (lost && !this.#list.contains(document.activeElement)) this.#sum.focus();
    const bytes = models.reduce((sum, { present }) => sum + present, 0);
    setText(this.#sum, models.length ? say.shelfSum(models.length, bytes, quota) : text["shelf.none"]);
  }

  /** @param {string} id */
  #row(id) {
    const row = clone("t-stored", HTMLLIElement);
    for (const action of actions) {
      part(row, `.${action}`, HTMLButtonElement).addEventListener("click", ({ detail }) => {
        if (action === "delete" && this.#doomed !== id) this.#ask(id, row);
        else if (action === "delete" && detail > 1) return; // a double click is one answer too many
        else this.#do(action, id);
      });
    }
    part(row, ".keep", HTMLButtonElement).addEventListener("click", () => this.#ask(null, row));
    part(row, ".stop", HTMLButtonElement).addEventListener("click", () => emit(this, "shelf-stop"));
    return row;
  }

  /** @param {string | null} id The one that is asked about now. @param {HTMLElement} row */
  #ask(id, row) {
    this.#doomed = id;
    this.#update();
    if (id !== null) row.scrollIntoView({ block: "nearest" });
    // A key that is held down goes on pressing what has the focus: never the button that deletes.
    part(row, id === null ? ".delete" : ".keep", HTMLButtonElement).focus({ preventScroll: true });
  }

  /** @param {typeof actions[number]} action @param {string} id */
  #do(action, id) {
    if (this.#content?.shelf.work) return;
    this.#doomed = null;
    emit(this, `shelf-${action}`, { model: this.#content?.shelf.models.find((model) => model.id === id) });
  }

  #update() {
    if (!this.#content) return;
    const { shelf, running } = this.#content;
    const { models, work, said } = shelf;
    const busy = work !== null;
    for (const model of models) {
      const row = /** @type {HTMLLIElement} */ (this.#rows.get(model.id));
      const asked = this.#doomed === model.id;
      const runs = running === model.id;
      setText(part(row, "strong", HTMLElement), model.name);
      setText(part(row, ".facts", HTMLElement), say.storedFacts(model));
      setText(part(row, ".from", HTMLElement), say.storedFrom(model));
      part(row, ".runs", HTMLElement).hidden = !runs;
      const verbs = { use: text[model.complete ? "shelf.use" : "shelf.goOn"], verify: text["shelf.verify"], export: text["shelf.export"], delete: text["shelf.delete"] };
      for (const action of actions) {
        const button = part(row, `.${action}`, HTMLButtonElement);
        setText(button, verbs[action]);
        button.setAttribute("aria-label", say.doTo(verbs[action], model.name));
        // Not disabled: the one that was pressed keeps the focus meanwhile.
        button.setAttribute("aria-disabled", String(busy));
      }
      part(row, ".use", HTMLButtonElement).hidden = asked || runs || !(model.complete || this.canGoOn(model));
      part(row, ".verify", HTMLButtonElement).hidden = asked;
      part(row, ".export", HTMLButtonElement).hidden = asked || !model.complete;
      part(row, ".keep", HTMLButtonElement).hidden = !asked;
      row.classList.toggle("asked", asked);
      this.#tell(row, work?.id === model.id ? work : null, asked ? say.askDelete(model.name, model.present) : said?.id === model.id ? said.message : "", said?.trouble ?? false);
    }
    const importing = work?.what === "import" ? work : null;
    this.#tell(this.#import, importing, said?.id === null ? said.message : "", said?.trouble ?? false);
    for (const button of this.querySelectorAll(".imports button")) /** @type {HTMLButtonElement} */ (button).disabled = busy;
  }

  /** How far the work is, or what came of it. @param {HTMLElement} place @param {Shelf["work"]} work @param {string} message @param {boolean} trouble */
  #tell(place, work, message, trouble) {
    const said = part(place, ".said", HTMLElement);
    const bar = part(place, ".progress", HTMLElement);
    const line = work ? say.working(text[`shelf.work.${work.what}`], work.done, work.total) : message;
    // A line that changes many times a second is for the eye; the bar has it for those who listen.
    said.setAttribute("aria-live", work ? "off" : "polite");
    setText(said, line);
    said.classList.toggle("trouble", !work && trouble);
    bar.hidden = !work;
    bar.classList.toggle("unknown", work?.total === null);
    if (work) setProgress(bar, work.total ? work.done / work.total : null, line);
    part(place, ".stop", HTMLButtonElement).hidden = work === null || work.what === "delete" || work.what === "export";
  }

  /** @param {string} button @param {string} input */
  #picker(button, input) {
    const field = part(this, input, HTMLInputElement);
    part(this, button, HTMLButtonElement).addEventListener("click", () => field.click());
    field.addEventListener("change", () => {
      const files = Array.from(field.files ?? []);
      field.value = ""; // the same file again must count
      if (files.length) emit(this, "shelf-import", { files });
    });
  }
}

customElements.define("model-shelf", ModelShelf);
