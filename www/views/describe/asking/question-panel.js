/**
 * A question about a picture, its answers, and what was compared for it, which may be changed. Property: `content`. Event: `question-ask`
 * ({ question, template, answers }); the last two are null unless they were changed.
 */

import { clone, emit, part, setText } from "../../../shell/dom.js";
import { format } from "../../../shell/format.js";
import { say, text } from "../words.js";

/** @typedef {import("../../../../semblance.js").Answered} Answered */
/** @typedef {{ answered: Answered | null, trouble: string, ready: boolean }} Content */

const answersShown = 8;
const statementsShown = 30;

/** Who measured it. @type {Record<NonNullable<Answered["question"]["caution"]>, string>} */
const evidence = {
  counting: "https://arxiv.org/abs/2302.12066",
  reading: "https://arxiv.org/abs/2103.00020",
  relations: "https://arxiv.org/abs/2310.19785",
  negation: "https://arxiv.org/abs/2501.09425",
};

export class QuestionPanel extends HTMLElement {
  /** @type {Answered | null} */
  #shown = null;
  #wired = false;

  connectedCallback() {
    if (this.#wired) return;
    this.#wired = true;
    part(this, "form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#ask(false);
    });
    part(this, ".examples", HTMLElement).addEventListener("click", ({ target }) => {
      const question = target instanceof HTMLElement ? target.dataset.question : undefined;
      if (question === undefined) return;
      this.question = question;
      this.#ask(false);
    });
    part(this, ".again", HTMLButtonElement).addEventListener("click", () => this.#ask(true));
  }

  get question() {
    return part(this, "#question", HTMLInputElement).value.trim();
  }

  set question(question) {
    part(this, "#question", HTMLInputElement).value = question;
  }

  /** @param {boolean} changed as the person wrote it below */
  #ask(changed) {
    const template = part(this, "#ask-template", HTMLInputElement).value.trim();
    const answers = part(this, "#ask-answers", HTMLTextAreaElement).value.split("\n").map((line) => line.trim()).filter(Boolean);
    const asked = this.#shown?.question;
    const sameAnswers = asked?.answers.map(({ answer }) => answer).join("\n") === answers.join("\n");
    if (this.question) emit(this, "question-ask", { question: this.question, template: changed && template !== asked?.template ? template : null, answers: changed && !sameAnswers ? answers : null });
  }

  /** @param {Content} content */
  set content({ answered, trouble, ready }) {
    part(this, "button[type=submit]", HTMLButtonElement).disabled = !ready;
    for (const button of this.querySelectorAll(".examples button")) /** @type {HTMLButtonElement} */ (button).disabled = !ready;
    const wrong = part(this, ".wrong", HTMLElement);
    wrong.hidden = trouble === "";
    setText(wrong, trouble);
    part(this, ".answer", HTMLElement).hidden = !answered;
    if (!answered || this.#shown === answered) return;
    this.#shown = answered;
    this.#answer(answered);
  }

  /** @param {Answered} answered */
  #answer({ answers, cantTell, neutral, neutralCosine, question }) {
    setText(part(this, ".verdict", HTMLElement), cantTell ? say.cantTell(neutral) : say.verdict(answers[0].answer, answers[0].probability));
    const caution = part(this, ".caution", HTMLElement);
    caution.hidden = question.caution === null;
    if (question.caution) {
      setText(part(caution, "span", HTMLElement), text[`caution.${question.caution}`]);
      part(caution, "a", HTMLAnchorElement).href = evidence[question.caution];
    }
    part(this, ".answer > ol", HTMLElement).replaceChildren(
      ...answers.slice(0, answersShown).map(({ answer, probability, statement }) => {
        const item = clone("t-answer", HTMLLIElement);
        setText(part(item, ".label", HTMLElement), answer);
        setText(part(item, ".value", HTMLElement), format.percent(probability));
        part(item, ".track", HTMLElement).style.setProperty("--value", String(probability));
        item.title = statement;
        return item;
      }),
    );
    part(this, "#ask-template", HTMLInputElement).value = question.template;
    part(this, "#ask-answers", HTMLTextAreaElement).value = question.answers.map(({ answer }) => answer).join("\n");
    const said = [...answers.slice(0, statementsShown).map(({ statement, cosine }) => ({ statement, cosine })), { statement: say.neutral(neutral), cosine: neutralCosine }];
    part(this, ".statements", HTMLElement).replaceChildren(
      ...said.map(({ statement, cosine }) => {
        const item = clone("t-statement", HTMLLIElement);
        setText(part(item, ".word", HTMLElement), statement);
        setText(part(item, ".number", HTMLElement), format.cosine(cosine));
        return item;
      }),
    );
  }
}

customElements.define("question-panel", QuestionPanel);
