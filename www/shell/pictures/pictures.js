/** The page's pictures and their vectors, whichever view is open: how they come in, are looked at, embedded and removed. */

import { emit, part } from "../dom.js";
import { listen } from "../events.js";
import { nameOf } from "./address.js";
import { CameraDialog } from "./camera-dialog.js";
import "./drop-zone.js";

import { Embedder } from "./embed.js";
import { fromFiles, fromFolder, fromGiven, gather } from "./intake.js";
import { Looker } from "./look.js";
import { PictureSources } from "./picture-sources.js";
import { SampleStrip } from "./sample-strip.js";
import { incomingSample, listSamples } from "./samples.js";
import { UrlDialog } from "./url-dialog.js";
import { say } from "./words.js";

export class Pictures {
  #camera = part(document, "camera-dialog", CameraDialog);
  #url = part(document, "url-dialog", UrlDialog);
  #sources = part(document, "picture-sources", PictureSources);
  #samples = part(document, "sample-strip", SampleStrip);
  #store;
  #signals;
  #notices;
  #looker;
  #embedder;
  #taken;
  #nextId = 1;

  /**
   * @param {object} needs
   * @param {import("../state.js").ShellStore} needs.store
   * @param {import("../signals.js").Signals} needs.signals
   * @param {import("../notices/notices.js").Notices} needs.notices
   * @param {(typeof import("../../../semblance.js").Semblance)["thumbnail"]} needs.thumbnail
   * @param {(message: string) => void} needs.onLost The engine broke off: this model answers no more.
   * @param {(given: import("./intake.js").Given) => boolean} needs.taken Whether the open view takes what was dropped.
   */
  constructor({ store, signals, notices, thumbnail, onLost, taken }) {
    this.#taken = taken;
    this.#store = store;
    this.#signals = signals;
    this.#notices = notices;
    const { dispatch } = store;
    const getState = () => store.state;
    this.#embedder = new Embedder({ getState, dispatch, onEmbedded: () => signals.tell("vectors", undefined), onLost });
    this.#looker = new Looker({
      thumbnail,
      dispatch,
      onOpened: (id, picture) => this.#embedder.add(id, picture),
      onSeen: () => {
        this.#embedder.run();
        signals.tell("seen", undefined);
      },
    });
    signals.on("model", (clip) => {
      this.#embedder.use(clip);
      this.#embedder.run();
    });
    listen(document, { ...this.#onSources(), ...this.#onWork() }, notices.show);
    store.onDraw(() => this.#draw());
  }

  /** @param {number} id */
  vector = (id) => this.#embedder.embedding(id);

  /** @param {number} id */
  source = (id) => this.#embedder.source(id);

  /** @param {import("./intake.js").Intake} intake @param {boolean} [sample] */
  add = ({ pictures, skipped, model }, sample = false) => {
    if (model) emit(document, "model-choose", model);
    if (skipped) this.#notices.show(say.skipped(skipped));
    if (pictures.length === 0) return;
    const added = pictures.map(({ source, name }) => ({ id: this.#nextId++, source, name: name || say.pasteName() }));
    this.#store.dispatch({ type: "pictures/add", pictures: added.map(({ id, name }) => ({ id, name })), sample });
    this.#looker.add(added);
    this.#signals.tell("added", { ids: added.map(({ id }) => id), sample });
  };

  /** @param {number[]} ids */
  remove = (ids) => {
    this.#looker.remove(ids);
    this.#embedder.remove(ids);
    this.#store.dispatch({ type: "pictures/remove", ids });
    this.#embedder.run();
    this.#signals.tell("removed", ids);
  };

  async openSamples() {
    this.#samples.samples = await listSamples();
    this.#draw();
  }

  #draw() {
    const { pictures, samplesOpen } = this.#store.state;
    this.#sources.compact = pictures.length > 0;
    this.#sources.samplesOpen = samplesOpen;
    this.#samples.open = samplesOpen;
  }

  /** @returns {import("../events.js").Handlers} */
  #onSources() {
    return {
      "files-chosen": ({ files, folder }) => this.add(folder ? fromFolder(files) : fromFiles(files)),
      transfer: async ({ transfer }) => {
        const given = await gather(transfer);
        if (!this.#taken(given)) this.add(fromGiven(given));
      },
      "camera-open": () => this.#camera.open(),
      "picture-taken": ({ blob, name }) => this.add({ pictures: [{ source: blob, name }], skipped: 0 }),
      "url-open": () => this.#url.open(),
      "address-entered": ({ address }) => this.add({ pictures: [{ source: address, name: nameOf(address) }], skipped: 0 }),
      "samples-toggle": () => this.#store.dispatch({ type: "samples/toggle" }),
      "samples-add": ({ samples }) => this.add({ pictures: samples.map(incomingSample), skipped: 0 }, true),
    };
  }

  /** @returns {import("../events.js").Handlers} */
  #onWork() {
    return {
      "picture-remove": ({ id }) => this.remove([id]),
      "pictures-clear": () => {
        this.remove(this.#store.state.pictures.map(({ id }) => id));
        this.#sources.focus();
      },
      "work-stop": () => {
        this.#store.dispatch({ type: "run/stop" });
        this.#embedder.stop();
        this.#signals.tell("vectors", undefined);
      },
      "work-resume": () => {
        this.#store.dispatch({ type: "run/resume" });
        this.#embedder.run();
      },
    };
  }
}
