/** A view for the tests: the pictures of the page, by name, and what its address asks for. */

import { part } from "../../shell/dom.js";
import { text } from "./words.js";

/** @type {import("../../shell/view.js").ViewModule["mount"]} */
export function mount(shell, root) {
  const list = part(root, "ul", HTMLUListElement);
  const asked = part(root, ".asked", HTMLElement);
  const item = (/** @type {string} */ line) => Object.assign(document.createElement("li"), { textContent: line });
  return {
    open: (fields) => {
      if (fields.has("text")) asked.textContent = fields.get("text");
    },
    draw: () => {
      const { pictures } = shell.getState();
      list.replaceChildren(...pictures.map(({ id, name, status }) => item(`${name}: ${status}, ${shell.vector(id)?.length ?? 0} ${text["second.numbers"]}`)));
    },
  };
}
