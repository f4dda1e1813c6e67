/** What is told in passing: to the eye, to those who listen, and as an offer that waits for its answer. */

import { part } from "../dom.js";
import { listen } from "../events.js";
import { NoticeLine } from "./notice-line.js";
import { NoticeOffer } from "./notice-offer.js";
import { text } from "./words.js";

export class Notices {
  #line = part(document, "notice-line", NoticeLine);
  #announcer = part(document, "#announcer", HTMLElement);
  #update = part(document, "#update", NoticeOffer);
  #store;
  /** Take up the page's new version, once there is one. */
  #applyUpdate = () => {};

  /** @param {import("../state.js").ShellStore} store */
  constructor(store) {
    this.#store = store;
    listen(
      document,
      {
        "update-apply": () => this.#applyUpdate(),
        "update-later": () => store.dispatch({ type: "update", ready: false }),
      },
      this.show,
    );
    store.onDraw(() => {
      const { updateReady, pictures } = store.state;
      this.#update.message = updateReady ? text[pictures.length > 0 ? "update.pictures" : "update.message"] : null;
    });
  }

  /** One sentence, in sight for a while. @param {string} message */
  show = (message) => this.#line.show(message);

  /** For those who listen to the page. @param {string} message */
  announce = (message) => {
    this.#announcer.textContent = message;
  };

  /** A new version of the page is here. @param {() => void} apply */
  offerUpdate = (apply) => {
    this.#applyUpdate = apply;
    this.#store.dispatch({ type: "update", ready: true });
  };
}
