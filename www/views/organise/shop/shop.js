/** What a shop asks of its product pictures: facets, and products that no picture shows. */

import { part } from "../../../shell/dom.js";
import { cell, exact } from "../../../shell/csv.js";
import { download } from "../../../shell/leaving.js";
import { say, text } from "../words.js";
import { ShopPanel } from "./shop-panel.js";

/** @typedef {import("../../../../semblance.js").Facets} Facets */
/** @typedef {import("../../../../semblance.js").ProductFit} ProductFit */

export class Shop {
  #needs;
  #panel;
  /** @type {Facets | null} */
  #facets = null;
  /** @type {ProductFit[] | null} */
  #fits = null;
  #open = "";
  #library = "";
  /** @type {unknown} */
  #clip = null;

  /** @param {import("../part.js").Needs} needs @param {HTMLElement} root */
  constructor(needs, root) {
    this.#needs = needs;
    this.#panel = part(root, "shop-panel", ShopPanel);
  }

  changed() {
    const [library, clip] = [this.#needs.library(), this.#needs.shell.clip()];
    if (library === this.#library && clip === this.#clip) return;
    [this.#library, this.#clip, this.#facets, this.#fits, this.#open] = [library, clip, null, null, ""];
  }

  draw() {
    if (this.#fits) this.#needs.thumbnails.want(this.#fits.flatMap(({ nearest }) => (nearest === null ? [] : [nearest])));
    this.#panel.content = { ready: this.#needs.ready(), facets: this.#facets, fits: this.#fits, open: this.#open, urlOf: (id) => this.#needs.thumbnails.get(id) };
  }

  texts() {
    return { labels: this.#panel.groups.flatMap(({ labels }) => labels), template: "a photo of a {}" };
  }

  /** @returns {import("../../../shell/view.js").Handlers} */
  get handlers() {
    const { shell, work, index, show } = this.#needs;
    return {
      "shop-facets": async () => {
        const groups = this.#panel.groups;
        const library = index();
        if (!library) return;
        if (groups.length === 0) return shell.notice(text["shop.noGroups"]);
        const found = await work.run(text["shop.sorting"], (way) => library.facets(groups, way));
        shell.used();
        if (!found) return;
        this.#facets = found;
        this.#open = "";
        show(null);
        shell.redraw();
      },
      "facet-open": ({ facet, label }) => {
        const found = this.#facets?.facets.find(({ name }) => name === facet);
        const ids = label === null ? found?.unsure : found?.values.find((value) => value.label === label)?.ids;
        this.#open = JSON.stringify([facet, label]);
        if (ids) show({ title: label === null ? say.unsure(facet) : `${facet}: ${label}`, ids });
      },
      "shop-gaps": async () => {
        const library = index();
        const products = this.#panel.products;
        if (!library) return;
        if (products.length === 0) return shell.notice(text["shop.noProducts"]);
        const fits = await work.run(text["shop.looking"], (way) => library.gaps(products, { ...way, template: "a photo of {}" }));
        shell.used();
        if (fits) this.#fits = fits;
        shell.redraw();
      },
      "shop-facets-csv": async () => {
        if (!this.#facets) return;
        const { facets } = this.#facets;
        /** @type {Map<number, string[]>} */
        const rows = new Map();
        facets.forEach(({ values, unsure }, column) => {
          const put = (/** @type {Uint32Array} */ ids, /** @type {string} */ value) => ids.forEach((id) => void ((rows.get(id) ?? rows.set(id, facets.map(() => "")).get(id) ?? [])[column] = value));
          for (const { label, ids } of values) put(ids, label);
          put(unsure, "");
        });
        const facts = (await index()?.facts([...rows.keys()])) ?? [];
        const lines = facts.map(({ path, id }) => [path, ...(rows.get(id) ?? [])].map(cell).join(","));
        download(`${this.#library} facets.csv`, new Blob([[["path", ...facets.map(({ name }) => name)].map(cell).join(","), ...lines, ""].join("\r\n")], { type: "text/csv" }));
      },
      "shop-gaps-csv": async () => {
        const fits = this.#fits ?? [];
        const paths = new Map(((await index()?.facts(fits.flatMap(({ nearest }) => nearest ?? []))) ?? []).map(({ id, path }) => [id, path]));
        const lines = fits.map(({ product, shown, nearest, standsOut }) => [cell(product), shown ? "yes" : "no", cell(nearest === null ? "" : (paths.get(nearest) ?? "")), standsOut === null ? "" : exact(standsOut)].join(","));
        download(`${this.#library} products.csv`, new Blob([["product,shown,nearest,stands_out", ...lines, ""].join("\r\n")], { type: "text/csv" }));
      },
      "gap-open": ({ id, product }) => show({ title: product, ids: Uint32Array.of(id) }),
    };
  }
}
