/**
 * What happens in the shell and others wait for.
 *
 * @typedef {object} Happenings By name, with what listeners are given.
 * @property {import("../../semblance.js").Semblance | null} model Another model answers from now on, or (null) none does:
 *   the engine broke off, and everything waits until one is loaded again. Vectors of the one before are gone.
 * @property {{ ids: number[], sample: boolean }} added Pictures came in.
 * @property {number[]} removed These pictures are gone.
 * @property {void} seen A picture has been opened, or could not be.
 * @property {void} fetched Files may have come over the network.
 * @property {void} vectors A picture has its vector, or the work over pictures came to an end or was stopped.
 */

export class Signals {
  /** @type {Map<keyof Happenings, Set<(detail: any) => void>>} */
  #listeners = new Map();

  /** @template {keyof Happenings} Name @param {Name} name @param {(detail: Happenings[Name]) => void} listener */
  on(name, listener) {
    this.#listeners.set(name, (this.#listeners.get(name) ?? new Set()).add(listener));
  }

  /** @template {keyof Happenings} Name @param {Name} name @param {Happenings[Name]} detail */
  tell(name, detail) {
    for (const listener of this.#listeners.get(name) ?? []) listener(detail);
  }
}
