/**
 * Groups as cards, how many there are to be, and the map. Property: `content` (GroupsContent); `map`: its element. Events: `groups-find`,
 * `groups-count` ({ count }), `group-open` ({ group }), `map-draw`.
 */

import { clone, emit, part, setText } from "../../../shell/dom.js";
import { format } from "../../../shell/format.js";
import { say, text } from "../words.js";
import { PictureMap } from "./picture-map.js";

/**
 * @typedef {object} GroupsContent
 * @property {boolean} ready
 * @property {import("../../../../semblance.js").Grouping | null} grouping
 * @property {import("../../../../semblance.js").PictureGroup[]} groups
 * @property {number} count
 * @property {number} open
 * @property {import("../../../../semblance.js").PictureMap | null} map
 * @property {Set<number>} selected
 * @property {(id: number) => string | null | undefined} urlOf
 */

/** More groups nobody looks through. */
const sliderMost = 200;
const shownMost = 60;

export class GroupsPanel extends HTMLElement {
  #go = part(this, "[data-event=groups-find]", HTMLButtonElement);
  #draw = part(this, "[data-event=map-draw]", HTMLButtonElement);
  #need = part(this, ".need", HTMLElement);
  #found = part(this, ".found", HTMLElement);
  #headline = part(this, ".headline", HTMLElement);
  #slider = part(this, "#groups-count", HTMLInputElement);
  #number = part(this, "output", HTMLOutputElement);
  #list = part(this, ".groups", HTMLUListElement);
  #rest = part(this, ".rest", HTMLElement);
  #listed = "";
  /** Groups by which points are coloured. @type {unknown} */
  #coloured = null;

  /** It is upgraded after what it stands in. */
  get map() {
    return part(this, "picture-map", PictureMap);
  }

  connectedCallback() {
    this.#slider.addEventListener("input", () => emit(this, "groups-count", { count: this.#slider.valueAsNumber }));
    this.#list.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button) emit(this, "group-open", { group: Number(button.value) });
    });
  }

  /** @param {GroupsContent} content */
  set content({ ready, grouping, groups, count, open, map, selected, urlOf }) {
    this.#go.disabled = this.#draw.disabled = !ready;
    setText(this.#go, grouping ? text["groups.again"] : text["groups.go"]);
    setText(this.#draw, map ? text["map.again"] : text["map.go"]);
    this.#need.hidden = ready;
    this.#found.hidden = !grouping;
    this.map.hidden = !map;
    if (map) {
      this.map.content = { map, selected };
      if (this.#coloured !== groups) this.map.groups = groups;
      this.#coloured = groups;
    } else this.#coloured = null;
    if (!grouping) return;
    setText(this.#headline, say.groups(groups.length, grouping.ids.length));
    this.#slider.max = String(Math.min(grouping.most, sliderMost));
    if (document.activeElement !== this.#slider) this.#slider.valueAsNumber = count;
    setText(this.#number, format.count(count));
    const listed = JSON.stringify([groups.map(({ ids, names }) => [ids.length, names]), open, groups.slice(0, shownMost).flatMap(({ central }) => central.slice(0, 4).map(urlOf))]);
    if (listed === this.#listed) return;
    this.#listed = listed;
    this.#list.replaceChildren(...groups.slice(0, shownMost).map((group, at) => this.#card(group, at, at === open, urlOf)));
    setText(this.#rest, groups.length > shownMost ? say.moreGroups(groups.length - shownMost) : "");
  }

  /** @param {import("../../../../semblance.js").PictureGroup} group @param {number} at @param {boolean} open @param {(id: number) => string | null | undefined} urlOf */
  #card({ ids, names, central }, at, open, urlOf) {
    const card = clone("t-group", HTMLLIElement);
    const button = part(card, "button", HTMLButtonElement);
    button.value = String(at);
    button.ariaPressed = String(open);
    setText(part(card, ".name", HTMLElement), names[0] ?? say.group(at + 1));
    setText(part(card, ".also", HTMLElement), names.slice(1).join(", "));
    setText(part(card, ".number", HTMLElement), format.count(ids.length));
    part(card, ".pictures", HTMLElement).replaceChildren(
      ...central.slice(0, 4).map((id) => {
        const image = document.createElement("img");
        image.alt = "";
        const url = urlOf(id);
        if (url) image.src = url;
        return image;
      }),
    );
    return card;
  }
}

customElements.define("groups-panel", GroupsPanel);
