/** Everything of the page that shows models: the masthead's line, the dialog with its list, questions and shelf, the offers. */

import { part } from "../dom.js";
import { NoticeOffer } from "../notices/notice-offer.js";
import { catalogue } from "./catalogue.js";
import { isDownload } from "./choices.js";
import { ModelDialog } from "./model-dialog.js";
import { ModelOffer } from "./model-offer.js";
import { ModelShelf } from "./shelf/model-shelf.js";
import { ModelStatus } from "./model-status.js";
import "./scale-question.js";
import { say } from "./words.js";

export class ModelScreen {
  dialog = part(document, "model-dialog", ModelDialog);
  #offer = part(document, "model-offer", ModelOffer);
  #shelf = part(document, "model-shelf", ModelShelf);
  #status = part(document, "model-status", ModelStatus);
  #unfinished = part(document, "#unfinished", NoticeOffer);
  #newer = part(document, "#newer", NoticeOffer);

  constructor() {
    this.dialog.known = catalogue;
    this.#shelf.canGoOn = isDownload;
  }

  /** @param {import("../state.js").State} state */
  draw({ model, shelf }) {
    const { unfinished, newer } = model;
    this.#status.model = model;
    this.dialog.content = { model, stored: shelf.models };
    this.#offer.question = model.question;
    this.#shelf.content = { shelf, running: model.running?.id ?? null };
    this.#unfinished.message = unfinished && say.unfinished(unfinished.name, unfinished.present, unfinished.bytes);
    this.#newer.message = newer && say.newer(newer.name, newer.bytes);
  }
}
