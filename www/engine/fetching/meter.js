/** How far a load is, in bytes: what was here, what came, how fast, and how long the rest will take. */

/** @typedef {import("../../../semblance.js").LoadProgress} LoadProgress */
/** @typedef {LoadProgress["stage"]} Stage */

/** Speed is that of the last seconds. */
const WINDOW_MS = 5000;
/** Before that, a few bytes say nothing about speed. */
const LEAST_MS = 500;
/** While nothing comes, speed falls all the same. */
const TICK_MS = 1000;

export class Meter {
  #send;
  #total = /** @type {number | null} */ (null);
  #stage = /** @type {Stage} */ ("engine");
  #stored = 0;
  #loaded = 0;
  #downloaded = 0;
  /** Of the pieces that had to be fetched, what is here. */
  #arrived = 0;
  /** `downloaded` at moments of the last seconds. @type {{ at: number, bytes: number }[]} */
  #moments = [];
  #ticking;

  /** @param {(progress: LoadProgress) => void} send */
  constructor(send) {
    this.#send = send;
    this.#report();
    this.#ticking = setInterval(() => this.#stage === "download" && this.#report(), TICK_MS);
  }

  /** @param {number | null} total bytes of the model @param {number} stored of them, those that are here */
  begin(total, stored) {
    // A second time, what the first has brought is not what was here.
    this.#stored = this.#total === null ? stored : Math.min(this.#stored, stored);
    this.#total = total;
    this.#loaded = 0;
    this.#arrived = 0;
  }

  /** What came over the network, used or not. @param {number} bytes */
  wire(bytes) {
    this.#downloaded += bytes;
    const now = performance.now();
    if (this.#moments.length === 0) this.#moments.push({ at: now, bytes: 0 });
    // A moment for each tenth of a second is enough.
    const last = this.#moments[this.#moments.length - 1];
    if (now - last.at >= 100) this.#moments.push({ at: now, bytes: this.#downloaded });
    while (this.#moments.length > 2 && now - this.#moments[1].at > WINDOW_MS) this.#moments.shift();
  }

  /** One piece's part. @param {number} stored bytes of it that were counted as stored */
  piece(stored) {
    let here = 0;
    let before = stored;
    /** @param {Stage} stage @param {number} now how many of its bytes are here */
    return (stage, now) => {
      if (stage === "download" && now < before) {
        // What was stored turned out to be damaged, or of no use.
        this.#stored -= before;
        this.#arrived += Math.min(here, before);
        before = 0;
      }
      this.#loaded += now - here;
      this.#arrived += Math.max(0, now - before) - Math.max(0, here - before);
      here = now;
      this.#stage = stage;
      this.#report();
    };
  }

  /** @param {number} bytes more of a file */
  file(bytes) {
    this.#loaded += bytes;
    this.#stage = "file";
    this.#report();
  }

  ready() {
    this.stop();
    this.#stage = "ready";
    this.#report();
  }

  stop() {
    clearInterval(this.#ticking);
  }

  #report() {
    const perSecond = this.#stage === "download" ? this.#perSecond() : null;
    const left = this.#total === null ? null : this.#total - this.#stored - this.#arrived;
    this.#send({
      stage: this.#stage,
      loaded: this.#loaded,
      total: this.#total,
      stored: this.#stored,
      downloaded: this.#downloaded,
      perSecond,
      secondsLeft: perSecond && left !== null ? left / perSecond : null,
    });
  }

  #perSecond() {
    const [first] = this.#moments;
    const ms = first ? performance.now() - first.at : 0;
    return ms < LEAST_MS ? null : ((this.#downloaded - first.bytes) / ms) * 1000;
  }
}
