/** Where a map's points, from -1 to 1, are on the canvas. Pure. */

/** So many times the whole can be zoomed in. */
const most = 400;
/** Of the canvas the whole map takes. */
const share = 0.92;

export class Zoom {
  scale = 0;
  x = 0;
  y = 0;
  #width = 0;
  #height = 0;

  /** At which all of it is in sight. */
  get least() {
    return (Math.min(this.#width, this.#height) / 2) * share;
  }

  /** The canvas has this size; what was in the middle stays there. @param {number} width @param {number} height */
  room(width, height) {
    if (width === this.#width && height === this.#height) return;
    const relative = this.scale > 0 ? this.scale / this.least : 1;
    const [middleX, middleY] = this.scale > 0 ? [(this.#width / 2 - this.x) / this.scale, (this.#height / 2 - this.y) / this.scale] : [0, 0];
    [this.#width, this.#height] = [width, height];
    this.scale = relative * this.least;
    this.x = width / 2 - middleX * this.scale;
    this.y = height / 2 - middleY * this.scale;
  }

  reset() {
    this.scale = this.least;
    [this.x, this.y] = [this.#width / 2, this.#height / 2];
  }

  /** What is at a place stays there. @param {number} factor @param {number} x @param {number} y */
  by(factor, x, y) {
    const scale = Math.min(this.least * most, Math.max(this.least, this.scale * factor));
    const real = scale / this.scale;
    this.x = x - (x - this.x) * real;
    this.y = y - (y - this.y) * real;
    this.scale = scale;
  }

  /** @param {number} x @param {number} y */
  move(x, y) {
    this.x += x;
    this.y += y;
  }
}

/** Whether a place is inside a closed line: a ray from it crosses the line an odd number of times. @param {number} x @param {number} y @param {[number, number][]} line */
export function inside(x, y, line) {
  let within = false;
  for (let i = 0, j = line.length - 1; i < line.length; j = i++) {
    const [[ax, ay], [bx, by]] = [line[i], line[j]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) within = !within;
  }
  return within;
}
