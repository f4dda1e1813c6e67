/** Where in a picture the evidence for a label lies, laid over the pictures of cards that were asked. */

import { Question } from "./question.js";

/** @typedef {import("../../../shell/view.js").Shell} Shell */

export class Why {
  #shell;
  #now;
  #asked;
  /** By card. @type {Map<HTMLElement, Question>} */
  #open = new Map();
  /** The labels and the template that the open ones are about. */
  #about = "";

  /** @param {Shell} shell @param {() => import("../state.js").MatchState} now @param {() => Promise<import("../state.js").Asked>} asked */
  constructor(shell, now, asked) {
    this.#shell = shell;
    this.#now = now;
    this.#asked = asked;
  }

  /** Ask about the label that fits a picture best. @param {number} id the picture's @param {HTMLElement} card */
  async open(id, card) {
    const { labels, template, scores } = this.#now();
    const [row, picture] = [scores?.rows.get(id), this.#shell.getState().pictures.find((one) => one.id === id)];
    if (!scores || !row || !picture || labels.length === 0 || this.#open.has(card)) return;
    this.#about = about({ labels, template });
    const best = scores.labels[row.logits.indexOf(Math.max(...row.logits))];
    const question = new Question({ shell: this.#shell, picture, card, asked: this.#asked, onClose: () => this.#open.delete(card) });
    this.#open.set(card, question);
    // Labels may have changed since they were scored.
    await question.begin(labels, labels.includes(best) ? best : labels[0]);
  }

  /** Labels or template have: what was said of others goes. */
  changed() {
    if (about(this.#now()) !== this.#about) this.forget();
  }

  forget() {
    for (const question of [...this.#open.values()]) question.close();
  }
}

/** @param {Pick<import("../state.js").MatchState, "labels" | "template">} state */
const about = ({ labels, template }) => JSON.stringify([labels, template]);
