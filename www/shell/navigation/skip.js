/** The link past the masthead goes to the pictures of whatever view is open: it leaves the address as it is. */

import { part } from "../dom.js";

export function skipLink() {
  part(document, ".skip", HTMLAnchorElement).addEventListener("click", (event) => {
    event.preventDefault();
    const own = part(document, "[data-view]:not([hidden])", HTMLElement).querySelector(".pictures");
    const pictures = own instanceof HTMLElement ? own : part(document, "#pictures", HTMLElement);
    pictures.scrollIntoView();
    pictures.focus();
  });
}
