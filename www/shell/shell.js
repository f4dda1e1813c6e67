/** The shell: its parts put together, and what of them a view is given. */

import { listen } from "./events.js";
import { Models } from "./model/models.js";
import { Views } from "./navigation/views.js";
import { skipLink } from "./navigation/skip.js";
import { Notices } from "./notices/notices.js";
import { Panel } from "./panel/panel.js";
import { Pictures } from "./pictures/pictures.js";
import { Signals } from "./signals.js";
import { initial, reduce } from "./state.js";
import { Store } from "./store.js";

/** @typedef {typeof import("../../semblance.js").Semblance} Library */

/** Of a model's address in a link. */
const addressLimit = 1000;

/** @param {Library} library @param {readonly import("./view.js").ViewLine[]} lines */
export function createShell(library, lines) {
  /** @type {import("./state.js").ShellStore} */
  const store = new Store(reduce, initial);
  const signals = new Signals();
  const notices = new Notices(store);
  const models = new Models({ library, store, signals, notices });
  const pictures = new Pictures({ store, signals, notices, thumbnail: library.thumbnail, onLost: models.lost, taken: (given) => views.current?.take?.(given) ?? false });
  const panel = new Panel({ library, store, signals, notices, models, pictures, texts: () => views.current?.texts?.() });

  /** @type {import("./view.js").Shell} */
  const shell = {
    getState: () => store.state,
    views: lines.map(({ name }) => name),
    library,
    clip: () => models.clip,
    vector: pictures.vector,
    source: pictures.source,
    add: pictures.add,
    remove: pictures.remove,
    on: (name, listener) => signals.on(name, listener),
    redraw: () => store.ask(),
    listen: (table, root) => listen(root, table, notices.show),
    notice: notices.show,
    announce: notices.announce,
    used: () => {
      models.refreshInfo();
      signals.tell("fetched", undefined);
    },
    lost: models.lost,
    address: (fields) => views.write(fields),
  };
  const views = new Views(lines, shell);
  store.onDraw(() => views.draw());
  skipLink();

  const openView = () => views.open(location.hash);
  /** Of the address as it is: the view may be long open. */
  const openModel = () => models.open(views.fields.get("model")?.slice(0, addressLimit) || null);
  return {
    panel,
    notices,
    openView,
    openModel,
    /** What the address asks for: a view with its fields, and a model. */
    open: async () => {
      await openView();
      await openModel();
    },
    start: () => {
      store.draw();
      pictures.openSamples();
    },
  };
}
