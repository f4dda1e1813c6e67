/** The model that answers, and which one is to: what the masthead, the dialog and the address ask for. */

import { listen } from "../events.js";
import { download } from "../leaving.js";
import { modelOf } from "../pictures/intake.js";
import { isUnfinished, lastUsed, loadsUnasked, newerThan, ofAddress, ofEntry, ofStored } from "./choices.js";
import { Loader } from "./load.js";
import { ModelScreen } from "./screen.js";
import { askToKeep, Shelf } from "./shelf/shelf.js";
import { say, text } from "./words.js";

/**
 * @typedef {import("../../../semblance.js").ModelEntry} ModelEntry
 * @typedef {import("../../../semblance.js").StoredModel} StoredModel
 * @typedef {import("./state.js").ModelChoice} ModelChoice
 * @typedef {import("../view.js").Clip} Clip
 * @typedef {import("./load.js").Library & import("./shelf/shelf.js").Library & Pick<typeof import("../../../semblance.js").Semblance, "models">} Library
 */

const defaultModel = "pocket";

export class Models {
  /** @type {Clip | null} The one that answers now. */
  clip = null;
  #library;
  #store;
  #signals;
  #notices;
  #screen = new ModelScreen();
  #loader;
  #shelf;

  /**
   * @param {object} needs
   * @param {Library} needs.library
   * @param {import("../state.js").ShellStore} needs.store
   * @param {import("../signals.js").Signals} needs.signals
   * @param {import("../notices/notices.js").Notices} needs.notices
   */
  constructor({ library, store, signals, notices }) {
    this.#library = library;
    this.#store = store;
    this.#signals = signals;
    this.#notices = notices;
    this.#shelf = new Shelf({ library, dispatch: store.dispatch, save: download });
    this.#loader = new Loader({
      library,
      dispatch: store.dispatch,
      onStart: () => this.#screen.dialog.close(),
      onQuestion: () => this.#screen.dialog.open(),
      onReady: (clip, choice) => this.#ready(clip, choice),
    });
    listen(document, { ...this.#onModel(), ...this.#onQuestion(), ...this.#onShelf() }, notices.show);
    store.onDraw(() => this.#screen.draw(store.state));
  }

  get #state() {
    return this.#store.state.model;
  }

  // ── Which one ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** What a link asks for is done at once, except for fetching a large model, or one from elsewhere: that waits for a
   * click. Done when the load that it begins has ended. @param {string | null} asked An address's model. */
  async open(asked) {
    const { choice, running } = this.#state;
    const current = choice ?? running;
    if (current && (!asked || asked === current.address)) return;
    const listing = this.#refreshEntries();
    const stored = await this.#shelf.refresh();
    if (asked) await this.#suggest(asked, await listing, text["model.asked"]);
    else {
      this.#store.dispatch({ type: "model/unfinished", model: stored.find(isUnfinished) ?? null });
      const last = lastUsed(stored);
      // The bundled one may always load, whatever the list says.
      await (last ? this.#use(last, await listing) : this.#suggest(defaultModel, [], ""));
    }
    this.#signals.tell("fetched", undefined);
  }

  /** @param {string} address @param {ModelEntry[]} entries @param {string} message */
  async #suggest(address, entries, message) {
    const choice = ofAddress(address, entries);
    const entry = entries.find(({ name }) => name === address);
    if (entry ? loadsUnasked(entry) : address === defaultModel) await this.#load(this.#loader.start(choice));
    else this.#store.dispatch({ type: "model/suggest", choice, message });
  }

  /** A small model of this site, or one that is here, is loaded at once; others say first what they take. @param {ModelChoice} choice */
  #choose(choice) {
    const { running, entries } = this.#state;
    if (choice.address !== null && choice.address === running?.address) {
      this.#screen.dialog.close();
      return this.#isMoving ? this.#loader.stop("") : undefined;
    }
    const entry = entries.find(({ name }) => name === choice.model);
    return this.#load(entry && loadsUnasked(entry) ? this.#loader.start(choice) : this.#loader.choose(choice));
  }

  /** A model of this device, as it is here: a large newer version of it is offered, and not downloaded unasked.
   * @param {StoredModel} stored */
  #use(stored, entries = this.#state.entries) {
    const loading = this.#loader.start(ofStored(stored, entries));
    this.#store.dispatch({ type: "model/newer", entry: newerThan(stored, entries) });
    return this.#load(loading);
  }

  // ── Loading, and what comes of it ─────────────────────────────────────────────────────────────────────────────────

  /** However it ends, the lists of requests and of what is stored have changed. @param {Promise<void>} loading */
  async #load(loading) {
    await loading;
    const { status, message } = this.#state;
    if (status === "error") this.#notices.announce(message);
    this.#signals.tell("fetched", undefined);
    await this.#shelf.refresh();
  }

  get #isMoving() {
    return this.#state.status === "loading" || this.#state.status === "paused";
  }

  /** Cancelled: back to the model that runs, and nothing of the other stays. */
  async #cancel() {
    const { choice } = this.#state;
    if (!choice || !this.#isMoving) return;
    await this.#loader.stop(text["model.cancelled"]);
    if (await this.#loader.discard(choice)) this.#notices.show(say.discarded(choice.name));
    await this.#shelf.refresh();
  }

  /** @param {ModelChoice} choice */
  async #pause(choice) {
    this.#notices.announce(say.paused(choice.name));
    await this.#loader.pause(choice);
    await this.#shelf.refresh();
  }

  /** @param {Clip} loaded @param {ModelChoice} choice */
  async #ready(loaded, choice) {
    this.clip?.free();
    this.clip = loaded;
    this.#store.dispatch({ type: "model/ready", choice, info: loaded.info() });
    this.#notices.announce(say.ready(choice.name));
    this.#signals.tell("model", loaded);
  }

  /** The engine broke off in the middle of its work. Everything waits until a model is loaded again.
   * @param {string} message */
  lost = (message) => {
    this.clip?.free();
    this.clip = null;
    this.#store.dispatch({ type: "model/lost", message });
    this.#notices.announce(message);
    this.#signals.tell("model", null);
    this.#signals.tell("fetched", undefined);
  };

  /** What it has worked on shows in its figures. */
  refreshInfo() {
    if (this.clip) this.#store.dispatch({ type: "model/info", info: this.clip.info() });
  }

  /** What the site offers, or what it offered when it could last be asked. */
  async #refreshEntries() {
    const entries = await this.#library.models().catch(() => this.#state.entries);
    this.#store.dispatch({ type: "model/entries", entries });
    return entries;
  }

  // ── Events ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** @returns {import("../events.js").Handlers} */
  #onModel() {
    const again = () => this.#state.choice && this.#load(this.#loader.start(this.#state.choice));
    return {
      "model-load": () => this.#state.choice && this.#choose(this.#state.choice),
      "model-retry": again,
      "model-resume": again,
      "model-pause": () => this.#state.choice && this.#pause(this.#state.choice),
      "model-cancel": () => this.#cancel(),
      "model-open": async () => {
        this.#screen.dialog.open();
        await Promise.all([this.#refreshEntries(), this.#shelf.refresh()]);
      },
      "model-choose": (choice) => this.#choose(choice),
      "model-files": ({ files }) => {
        const model = modelOf(files);
        return model ? this.#choose(model) : this.#notices.show(text["model.noWeights"]);
      },
      "unfinished-go-on": () => this.#state.unfinished && this.#use(this.#state.unfinished),
      "unfinished-later": () => this.#store.dispatch({ type: "model/unfinished", model: null }),
      "newer-show": () => {
        const { newer } = this.#state;
        this.#store.dispatch({ type: "model/newer", entry: null });
        return newer && this.#choose(ofEntry(newer));
      },
      "newer-later": () => this.#store.dispatch({ type: "model/newer", entry: null }),
    };
  }

  /** @returns {import("../events.js").Handlers} */
  #onQuestion() {
    return {
      "model-decline": () => this.#loader.decline(),
      "offer-accept": () => {
        const { question } = this.#state;
        if (question?.offer && question.offer.keeps !== "memory") askToKeep();
        return question && this.#load(this.#loader.start(question.choice));
      },
      "offer-again": () => this.#state.question && this.#choose(this.#state.question.choice),
      "offer-decline": () => this.#screen.dialog.close(),
      "scale-given": ({ logitScale }) => {
        const { question } = this.#state;
        return question && this.#load(this.#loader.start({ ...question.choice, logitScale }));
      },
    };
  }

  /** @returns {import("../events.js").Handlers} */
  #onShelf() {
    return {
      "shelf-use": ({ model }) => this.#use(model),
      "shelf-verify": ({ model }) => this.#shelf.verify(model),
      "shelf-export": ({ model }) => this.#shelf.export(model),
      "shelf-delete": async ({ model }) => {
        await this.#shelf.delete(model);
        await this.#refreshEntries();
      },
      "shelf-import": ({ files }) => {
        const model = modelOf(files)?.model;
        if (!model || typeof model === "string") return this.#notices.show(text["model.noWeights"]);
        return this.#shelf.import(/** @type {File | File[]} */ (model));
      },
      "shelf-stop": () => this.#shelf.stop(),
    };
  }
}
