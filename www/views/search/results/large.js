/** The result that is open, large: its file where that is at hand, its place among the results, its neighbours. */

import { text } from "../words.js";

/** @typedef {import("../../../../semblance.js").PictureIndex} PictureIndex */
/** @typedef {import("../../../../semblance.js").IndexedPicture} IndexedPicture */
/** @typedef {{ ids: Uint32Array, ranking: import("../state.js").SearchState["ranking"], selected: Set<number> }} Results */

const beside = 24;

export class Large {
  #needs;
  /** @type {IndexedPicture | null} */
  #picture = null;
  /** @type {IndexedPicture[]} */
  #neighbours = [];
  /** Of its own file. @type {string | null} */
  #url = null;
  #turn = 0;

  /**
   * @param {object} needs
   * @param {import("./picture-dialog.js").PictureDialog} needs.dialog
   * @param {() => PictureIndex | null} needs.index
   * @param {() => import("../../../shell/library/originals.js").Originals} needs.originals
   * @param {import("../../../shell/library/thumbnails.js").Thumbnails} needs.thumbnails
   * @param {() => Results} needs.results
   * @param {(message: string) => void} needs.notice
   */
  constructor(needs) {
    this.#needs = needs;
  }

  get id() {
    return this.#picture?.id ?? null;
  }

  get name() {
    return this.#picture?.path.split("/").pop() ?? "";
  }

  /** @param {number} at Among the results. */
  open(at) {
    const { ids } = this.#needs.results();
    return at >= 0 && at < ids.length ? this.show(ids[at]) : undefined;
  }

  /** @param {number} by */
  step(by) {
    const at = this.#place();
    return at === null ? undefined : this.open(at + by);
  }

  /** @param {number} id */
  async show(id) {
    const turn = ++this.#turn;
    const index = this.#needs.index();
    if (!index) return;
    const [[picture], neighbours] = await Promise.all([index.facts([id]), index.neighbours(id, { count: beside })]);
    if (turn !== this.#turn) return;
    this.#release();
    this.#picture = picture;
    this.#neighbours = neighbours;
    this.#needs.thumbnails.want([id, ...neighbours.map(({ id }) => id)]);
    this.draw();
    const file = await this.#needs.originals().file(picture.path);
    if (turn === this.#turn && file) this.#take(file);
  }

  /** By a click: the browser may ask for the folder. */
  async showOriginal() {
    const turn = this.#turn;
    const file = this.#picture && (await this.#needs.originals().file(this.#picture.path, true));
    if (turn !== this.#turn) return;
    if (file) this.#take(file);
    else this.#needs.notice(text["large.gone"]);
  }

  /** A picture's own file, or else the small one. @param {number} id @returns {Promise<Blob | null>} */
  async pictureOf(id) {
    const index = this.#needs.index();
    if (!index) return null;
    const [{ path }] = await index.facts([id]);
    return (await this.#needs.originals().file(path, true)) ?? index.thumbnail(id);
  }

  /** @returns {number | null} Where it stood. */
  close() {
    const at = this.#place();
    this.#turn += 1;
    this.#release();
    this.#picture = null;
    return at;
  }

  redraw() {
    if (this.#picture) this.draw();
  }

  draw() {
    const picture = this.#picture;
    if (!picture) return;
    const { dialog, thumbnails, results } = this.#needs;
    const { ids, ranking, selected } = results();
    const index = this.#place();
    dialog.content = {
      picture,
      url: this.#url ?? thumbnails.get(picture.id) ?? null,
      original: this.#url !== null,
      place: index === null ? null : { index, count: ids.length },
      score: ranking && index !== null ? { cosine: ranking.cosines[index], standsOut: ranking.standsOut[index], threshold: ranking.threshold } : null,
      neighbours: this.#neighbours.map(({ id, path }) => ({ id, path, url: thumbnails.get(id) ?? null })),
      selected: selected.has(picture.id),
    };
  }

  /** @returns {number | null} */
  #place() {
    const at = this.#picture ? this.#needs.results().ids.indexOf(this.#picture.id) : -1;
    return at < 0 ? null : at;
  }

  /** @param {File} file */
  #take(file) {
    this.#release();
    this.#url = URL.createObjectURL(file);
    this.draw();
  }

  #release() {
    if (this.#url) URL.revokeObjectURL(this.#url);
    this.#url = null;
  }
}
