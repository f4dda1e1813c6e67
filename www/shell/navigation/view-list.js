/** Links to the views, where there are several. Properties: `views` ({ name, title, address }[]), `current` (a name). */

import { part } from "../dom.js";

export class ViewList extends HTMLElement {
  /** @param {{ name: string, title: string, address: string }[]} views */
  set views(views) {
    this.hidden = views.length < 2;
    const links = views.map(({ name, title, address }) => {
      const link = Object.assign(document.createElement("a"), { href: address, textContent: title });
      link.dataset.name = name;
      const item = document.createElement("li");
      item.append(link);
      return item;
    });
    part(this, "ul", HTMLUListElement).replaceChildren(...links);
  }

  /** @param {string} name */
  set current(name) {
    for (const link of this.querySelectorAll("a")) {
      if (link.dataset.name === name) {
        link.setAttribute("aria-current", "page");
        // Where there is no room for all, the list scrolls: itself alone, and not the page.
        const [list, own] = [part(this, "ul", HTMLUListElement), link.getBoundingClientRect()];
        const room = list.getBoundingClientRect();
        list.scrollLeft += Math.max(0, own.right - room.right) + Math.min(0, own.left - room.left);
      } else link.removeAttribute("aria-current");
    }
  }

  /** Where a link leads from now on: back to the view as it was left. @param {string} name @param {string} address */
  lead(name, address) {
    for (const link of this.querySelectorAll("a")) if (link.dataset.name === name) link.href = address;
  }
}

customElements.define("view-list", ViewList);
