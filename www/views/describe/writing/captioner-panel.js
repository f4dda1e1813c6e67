/**
 * A model that writes: chosen, foretold, loaded when the person says so; then captions, or answers. Property: `content`. Events:
 * `captioner-ask` ({ model }), `captioner-load`, `captioner-pause`, `captioner-free`, `caption-write` ({ prompt, beams, question }),
 * `caption-stop`.
 */

import { clone, emit, part, setProgress, setText } from "../../../shell/dom.js";
import { format } from "../../../shell/format.js";
import { say as shared } from "../../../shell/words.js";
import { say, text } from "../words.js";

/** @typedef {import("../../../../semblance.js").Offer} Offer */
/** @typedef {import("../../../../semblance.js").CaptionerInfo} CaptionerInfo */
/** A text that was written, and how well it matches the picture. @typedef {{ text: string, probability: number, clipScore: number | null }} Written */
/**
 * @typedef {object} Content
 * @property {string} model its id or address
 * @property {Offer | null} offer what it would take
 * @property {import("../../../../semblance.js").LoadProgress | null} loading
 * @property {CaptionerInfo | null} info of the one that is loaded
 * @property {number} beside bytes of memory that the other models take
 * @property {string} soFar
 * @property {boolean} writing
 * @property {Written[] | null} written best first
 * @property {string} trouble
 * @property {boolean} ready there is a picture
 */

export class CaptionerPanel extends HTMLElement {
  /** @type {Written[] | null} */
  #shown = null;
  #wired = false;

  connectedCallback() {
    if (this.#wired) return;
    this.#wired = true;
    const model = part(this, "#captioner-model", HTMLSelectElement);
    const own = part(this, "#captioner-own", HTMLInputElement);
    model.addEventListener("change", () => {
      part(this, ".own", HTMLElement).hidden = model.value !== "";
      if (model.value) emit(this, "captioner-ask", { model: model.value });
    });
    part(this, "form.choose", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      emit(this, "captioner-ask", { model: model.value || own.value.trim() });
    });
    part(this, "form.write", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      const beams = Number(part(this, "#caption-beams", HTMLSelectElement).value);
      emit(this, "caption-write", { prompt: part(this, "#caption-prompt", HTMLInputElement).value, question: part(this, "#caption-question", HTMLInputElement).value, beams });
    });
  }

  /** @param {Content} content */
  set content({ offer, loading, info, beside, soFar, writing, written, trouble, ready }) {
    part(this, ".choose", HTMLElement).hidden = info !== null || loading !== null;
    this.#offer(loading || info ? null : offer, beside);
    this.#loading(loading);
    const wrong = part(this, ".wrong", HTMLElement);
    wrong.hidden = trouble === "";
    setText(wrong, trouble);
    const there = part(this, ".there", HTMLElement);
    there.hidden = info === null;
    if (!info) return;
    const answers = info.model.ability === "answers";
    setText(part(this, ".facts", HTMLElement), say.captioner(info.model.name, info.memory, beside));
    part(this, ".prompt", HTMLElement).hidden = answers;
    part(this, ".question", HTMLElement).hidden = !answers;
    part(this, "form.write button[type=submit]", HTMLButtonElement).disabled = !ready || writing;
    part(this, "[data-event=caption-stop]", HTMLElement).hidden = !writing;
    setText(part(this, ".sentence", HTMLElement), writing ? soFar || text["writing.looking"] : (written?.[0]?.text ?? ""));
    part(this, ".sentence", HTMLElement).classList.toggle("waiting", writing);
    if (written === this.#shown) return;
    this.#shown = written;
    const best = written && written.some(({ clipScore }) => clipScore !== null) ? Math.max(...written.map(({ clipScore }) => clipScore ?? 0)) : null;
    part(this, ".beams", HTMLElement).replaceChildren(
      ...(written ?? []).map(({ text: one, probability, clipScore }) => {
        const item = clone("t-written", HTMLLIElement);
        setText(part(item, ".word", HTMLElement), one);
        setText(part(item, ".number", HTMLElement), say.written(probability, clipScore));
        item.classList.toggle("best", clipScore !== null && clipScore === best && (written?.length ?? 0) > 1);
        return item;
      }),
    );
    setText(part(this, ".checked", HTMLElement), written && best !== null ? text[written.length > 1 ? "writing.checkedBeams" : "writing.checked"] : "");
  }

  /** @param {Offer | null} offer @param {number} beside */
  #offer(offer, beside) {
    const box = part(this, ".offer", HTMLElement);
    box.hidden = !offer;
    if (!offer) return;
    setText(part(box, "p", HTMLElement), say.offer(offer, beside));
    part(box, "button", HTMLButtonElement).disabled = !offer.fits;
    setText(part(box, "button", HTMLButtonElement), offer.missing > 0 ? say.download(offer.missing) : text["writing.load"]);
  }

  /** @param {Content["loading"]} loading */
  #loading(loading) {
    const box = part(this, ".loading", HTMLElement);
    box.hidden = !loading;
    if (!loading) return;
    const { loaded, total } = loading;
    setText(part(box, "p", HTMLElement), shared.loaded(loaded, total));
    setProgress(part(box, ".progress", HTMLElement), total ? loaded / total : null, total ? format.percent(loaded / total) : undefined);
  }
}

customElements.define("captioner-panel", CaptionerPanel);
