/** A state that changes by actions, and who draws it: once a frame, however often it changed. */

/**
 * @template State
 * @template {{ type: string }} Action
 */
export class Store {
  #state;
  #reduce;
  /** @type {Set<() => void>} */
  #drawers = new Set();
  #asked = false;

  /** @param {(state: State, action: Action) => State} reduce @param {State} initial */
  constructor(reduce, initial) {
    this.#reduce = reduce;
    this.#state = initial;
  }

  get state() {
    return this.#state;
  }

  /** An arrow, to be handed on by itself. @param {Action} action */
  dispatch = (action) => {
    this.#state = this.#reduce(this.#state, action);
    this.ask();
  };

  /** Draw with the next frame. */
  ask() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => this.draw());
  }

  /** Draw now. */
  draw() {
    this.#asked = false;
    for (const draw of this.#drawers) draw();
  }

  /** @param {() => void} draw @returns {() => void} Ends it. */
  onDraw(draw) {
    this.#drawers.add(draw);
    return () => void this.#drawers.delete(draw);
  }
}
