/** Groups in any fineness, with names, and a map of the whole library. */

import { part } from "../../../shell/dom.js";
import { cell } from "../../../shell/csv.js";
import { download } from "../../../shell/leaving.js";
import { say, text } from "../words.js";
import { GroupsPanel } from "./groups-panel.js";

/** @typedef {import("../../../../semblance.js").Grouping} Grouping */
/** @typedef {import("../../../../semblance.js").PictureGroup} PictureGroup */
/** @typedef {import("../../../../semblance.js").PictureMap} PictureMap */

export class Groups {
  #needs;
  #panel;
  /** @type {Grouping | null} */
  #grouping = null;
  /** @type {PictureGroup[]} */
  #groups = [];
  #count = 0;
  #open = -1;
  /** @type {PictureMap | null} */
  #map = null;
  #library = "";
  /** @type {unknown} */
  #clip = null;
  #turn = 0;

  /** @param {import("../part.js").Needs} needs @param {HTMLElement} root */
  constructor(needs, root) {
    this.#needs = needs;
    this.#panel = part(root, "groups-panel", GroupsPanel);
    this.#panel.map.thumbnails = needs.thumbnails;
  }

  changed() {
    const [library, clip] = [this.#needs.library(), this.#needs.shell.clip()];
    if (library === this.#library && clip === this.#clip) return;
    [this.#library, this.#clip] = [library, clip];
    this.#grouping?.free();
    [this.#grouping, this.#groups, this.#open, this.#map] = [null, [], -1, null];
  }

  draw() {
    const { selected } = this.#needs.getState();
    this.#needs.thumbnails.want([...this.#panel.map.wanted, ...this.#groups.slice(0, 60).flatMap(({ central }) => central.slice(0, 4))]);
    this.#panel.content = {
      ready: this.#needs.ready(),
      grouping: this.#grouping,
      groups: this.#groups,
      count: this.#count,
      open: this.#open,
      map: this.#map,
      selected,
      urlOf: (id) => this.#needs.thumbnails.get(id),
    };
  }

  async #find() {
    const index = this.#needs.index();
    if (!index) return;
    const grouping = await this.#needs.work.run(text["groups.finding"], (way) => index.groups(way));
    this.#needs.shell.used();
    if (!grouping) return;
    this.#grouping?.free();
    this.#grouping = grouping;
    await this.#cut(grouping.suggested);
    this.#needs.shell.announce(say.groups(this.#groups.length, grouping.ids.length));
  }

  /** @param {number} count */
  async #cut(count) {
    const grouping = this.#grouping;
    this.#count = count;
    const turn = ++this.#turn;
    this.#needs.shell.redraw();
    if (!grouping) return;
    const groups = await grouping.cut(count);
    if (turn !== this.#turn || grouping !== this.#grouping) return;
    this.#groups = groups;
    this.#open = -1;
    this.#needs.shell.redraw();
  }

  async #draw() {
    const index = this.#needs.index();
    if (!index) return;
    const map = await this.#needs.work.run(text["map.finding"], (way) =>
      index.map({
        ...way,
        onPlaces: (map) => {
          this.#map = map;
          this.#needs.shell.redraw();
        },
      }),
    );
    this.#needs.shell.used();
    if (map) this.#map = map;
    this.#needs.shell.redraw();
  }

  /** @returns {import("../../../shell/view.js").Handlers} */
  get handlers() {
    const { show, select, index, getState, shell } = this.#needs;
    return {
      "groups-find": () => this.#find(),
      "groups-count": ({ count }) => this.#cut(count),
      "group-open": ({ group }) => {
        this.#open = group;
        const { ids, names } = this.#groups[group];
        show({ title: names.join(", ") || say.group(group + 1), ids });
      },
      "groups-csv": async () => {
        const facts = (await index()?.facts(this.#groups.flatMap(({ ids }) => Array.from(ids)))) ?? [];
        const pathOf = new Map(facts.map(({ id, path }) => [id, path]));
        const lines = this.#groups.flatMap(({ ids, names }, group) => Array.from(ids, (id) => [cell(pathOf.get(id) ?? ""), group + 1, cell(names.join("; "))].join(",")));
        download(`${this.#library} groups.csv`, new Blob([["path,group,names", ...lines, ""].join("\r\n")], { type: "text/csv" }));
      },
      "map-draw": () => this.#draw(),
      "map-lasso": ({ ids, add }) => {
        select(add ? [...getState().selected, ...ids] : ids);
        show({ title: text["map.selected"], ids: Uint32Array.from(ids) });
        shell.announce(say.selected(ids.length));
      },
      "map-seen": () => shell.redraw(),
    };
  }
}
