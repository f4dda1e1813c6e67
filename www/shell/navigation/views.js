/**
 * Which view is open: by the address. A view is loaded when it is first opened (its module, its markup, its styles), and
 * then kept: going back to it finds it as it was left.
 */

import { part } from "../dom.js";
import { say, text } from "../words.js";
import { parse, write } from "./routing.js";
import { ViewList } from "./view-list.js";

/**
 * @typedef {import("../view.js").ViewLine} ViewLine
 * @typedef {import("../view.js").View} View
 * @typedef {{ line: ViewLine, view: View, root: HTMLElement }} Open
 */

export class Views {
  #lines;
  #shell;
  #list = part(document, "view-list", ViewList);
  /** @type {Map<string, Promise<Open>>} */
  #mounted = new Map();
  /** @type {Open | null} */
  #open = null;
  /** Of the address that was last opened: some are the shell's. */
  fields = new URLSearchParams();
  /** Counts addresses: one that is left before its view was loaded is not opened. */
  #turn = 0;

  /** @param {readonly ViewLine[]} lines @param {import("../view.js").Shell} shell */
  constructor(lines, shell) {
    this.#lines = lines;
    this.#shell = shell;
    this.#list.views = lines.map((line) => ({ ...line, address: this.#addressOf(line, new URLSearchParams()) }));
  }

  /** The one that is open. */
  get current() {
    return this.#open?.view ?? null;
  }

  draw() {
    this.#open?.view.draw();
  }

  /** Open what an address names; done when it is open.
   * @param {string} fragment @returns {Promise<void>} */
  async open(fragment) {
    const turn = ++this.#turn;
    const route = parse(fragment) ?? { view: this.#open?.line.name ?? null, fields: new URLSearchParams() };
    this.fields = route.fields;
    const [first] = this.#lines;
    const line = route.view === null ? first : this.#lines.find(({ name }) => name === route.view);
    if (!line) this.#shell.notice(say.noView(route.view ?? ""));
    try {
      const opened = await this.#load(line ?? first);
      if (turn === this.#turn) this.#show(opened, route.fields);
    } catch (error) {
      this.#shell.notice(say.notOpened((line ?? first).title, /** @type {Error} */ (error).message));
      // There is always one on the screen.
      if (!this.#open && line !== first) await this.open("");
    }
  }

  /** Write what the open view shows into the address. @param {URLSearchParams} fields */
  write(fields) {
    if (!this.#open) return;
    const address = this.#addressOf(this.#open.line, fields);
    history.replaceState(null, "", address);
    this.#list.lead(this.#open.line.name, address);
  }

  /** @param {ViewLine} line @param {URLSearchParams} fields */
  #addressOf({ name }, fields) {
    return write(name, fields, name === this.#lines[0].name);
  }

  /** Once, unless it fails: then the next try begins anew. @param {ViewLine} line @returns {Promise<Open>} */
  #load(line) {
    const known = this.#mounted.get(line.name);
    if (known) return known;
    const loading = this.#mount(line);
    this.#mounted.set(line.name, loading);
    loading.catch(() => this.#mounted.delete(line.name));
    return loading;
  }

  /** @param {ViewLine} line @returns {Promise<Open>} */
  async #mount(line) {
    const here = document.querySelector(`[data-view="${line.name}"]`);
    const [module, root] = await Promise.all([line.open(), here instanceof HTMLElement ? here : fetchView(line.name)]);
    root.hidden = true;
    if (!here) part(document, "main", HTMLElement).append(root);
    return { line, view: module.mount(this.#shell, root), root };
  }

  /** @param {Open} next @param {URLSearchParams} fields */
  #show(next, fields) {
    const before = this.#open;
    this.#open = next;
    if (before !== next) {
      before?.view.close?.();
      for (const root of document.querySelectorAll("[data-view]")) /** @type {HTMLElement} */ (root).hidden = root !== next.root;
      part(document, "#pictures", HTMLElement).hidden = next.view.take !== undefined;
      this.#list.current = next.line.name;
      if (this.#lines.length > 1) document.title = say.titleOf(next.line.title, text["page.name"]);
      if (before) {
        scrollTo({ top: 0, behavior: "instant" });
        this.#shell.announce(next.line.title);
      }
    }
    if (fields.size > 0) this.#list.lead(next.line.name, this.#addressOf(next.line, fields));
    next.view.open(fields);
    next.view.draw();
    delete document.documentElement.dataset.opening;
  }
}

/** Markup and styles of a view that doesn't stand in the page. @param {string} name @returns {Promise<HTMLElement>} */
async function fetchView(name) {
  const folder = new URL(`www/views/${name}/`, document.baseURI);
  const styles = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("view.css", folder).href });
  const styled = new Promise((resolve, reject) => {
    styles.onload = resolve;
    styles.onerror = () => reject(new Error(say.unreachable(styles.href)));
  });
  document.head.append(styles);
  try {
    const [markup] = await Promise.all([fetchText(new URL("view.html", folder)), styled]);
    const parsed = new DOMParser().parseFromString(markup, "text/html");
    return document.adoptNode(part(parsed, `[data-view="${name}"]`, HTMLElement));
  } catch (error) {
    styles.remove();
    throw error;
  }
}

/** @param {URL} url */
async function fetchText(url) {
  const response = await fetch(url).catch(() => null);
  if (!response) throw new Error(say.unreachable(url.href));
  if (!response.ok) throw new Error(say.answered(url.href, response.status));
  return response.text();
}
