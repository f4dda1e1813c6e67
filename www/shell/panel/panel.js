/** The panel on engine and privacy: what runs, what was asked of the network, how exact it is. */

import { part } from "../dom.js";
import { listen } from "../events.js";
import { count } from "../pictures/state.js";
import { Fidelity } from "./fidelity.js";
import { FidelityReport } from "./fidelity-report.js";
import { StatusPanel } from "./status-panel.js";
import { say, text } from "./words.js";

/** @typedef {import("../view.js").Texts} Texts */

/** @type {Texts} */
const noTexts = { labels: [], template: "" };

export class Panel {
  #status = part(document, "status-panel", StatusPanel);
  #report = part(document, "fidelity-report", FidelityReport);
  #library;
  #store;
  #models;
  #texts;

  /**
   * @param {object} needs
   * @param {Pick<typeof import("../../../semblance.js").Semblance, "load" | "requests" | "forgetTexts">} needs.library
   * @param {import("../state.js").ShellStore} needs.store
   * @param {import("../signals.js").Signals} needs.signals
   * @param {import("../notices/notices.js").Notices} needs.notices
   * @param {import("../model/models.js").Models} needs.models
   * @param {Pick<import("../pictures/pictures.js").Pictures, "source" | "vector">} needs.pictures
   * @param {() => Texts | undefined} needs.texts Of the view that is open.
   */
  constructor({ library, store, signals, notices, models, pictures, texts }) {
    this.#library = library;
    this.#store = store;
    this.#models = models;
    this.#texts = () => texts() ?? noTexts;
    const { source, vector } = pictures;
    const fidelity = new Fidelity({ getState: () => store.state, dispatch: store.dispatch, load: library.load, source, embedding: vector });
    signals.on("model", () => fidelity.cancel());
    signals.on("fetched", () => this.refreshRequests());
    const table = {
      "status-open": () => this.refreshRequests(),
      "texts-forget": async () => {
        await library.forgetTexts();
        models.refreshInfo();
        notices.show(say.forgotten());
      },
      "fidelity-start": async () => {
        if (models.clip) await fidelity.run(models.clip, this.#texts());
        const { result, message } = store.state.fidelity;
        notices.announce(result ? say.compared(result.pictures, result.left, result.labels) : message);
        await this.refreshRequests();
      },
      "fidelity-cancel": () => fidelity.cancel(),
    };
    listen(document, table, notices.show);
    store.onDraw(() => this.#draw());
  }

  #draw() {
    const { state } = this.#store;
    const { info } = state.model;
    this.#status.info = info;
    const possible = this.#models.clip !== null && this.#texts().labels.length > 0 && count(state, "done") > 0;
    this.#report.content = { fidelity: state.fidelity, info, possible };
  }

  async refreshRequests() {
    this.#status.requests = await this.#library.requests();
  }

  /** Threads are to be had, from the next time on. */
  sayReload() {
    this.#status.note = text["status.reload"];
  }

  /** Whether the page opens with the network off. @param {StatusPanel["offline"]} state */
  set offline(state) {
    this.#status.offline = state;
  }
}
