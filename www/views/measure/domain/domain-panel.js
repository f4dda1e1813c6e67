/** Whether the pictures are of the kind that the model knows. Property: `content`. Events: `template-use` ({ template }); its buttons' own. */

import { emit, part, setText } from "../../../shell/dom.js";
import { fill } from "../table.js";
import { say, text } from "../words.js";

/** @typedef {import("../state.js").MeasureState & { ready: boolean }} Content */
/** @typedef {import("../../../../semblance.js").Domain} Domain */

export class DomainPanel extends HTMLElement {
  /** @type {unknown} */
  #domain = null;
  /** @type {unknown} */
  #templates = null;

  /** @param {Content} content */
  set content({ items, classes, domain, noReference, templates, ready }) {
    const go = part(this, "[data-event=domain]", HTMLButtonElement);
    const enough = items.length > 1 && classes.length > 1;
    go.disabled = !enough || !ready;
    go.title = enough ? "" : text["domain.need"];
    part(this, ".found", HTMLElement).hidden = !domain && !noReference;
    setText(part(this, ".headline", HTMLElement), domain ? say.verdict(domain) : "");
    setText(part(this, ".why", HTMLElement), domain ? why(domain) : text["domain.noReference"]);
    part(this, ".scroll", HTMLElement).hidden = !domain;
    if (domain && this.#domain !== domain) this.#drawStatistics(domain);
    part(this, ".templates", HTMLElement).hidden = !templates;
    if (templates && this.#templates !== templates) this.#drawTemplates(templates);
  }

  /** @param {Domain} domain */
  #drawStatistics(domain) {
    this.#domain = domain;
    const head = ["domain.statistic", "domain.here", "domain.usual", "domain.place", "domain.distance"];
    fill(
      part(this, ".found table", HTMLTableElement),
      head.map((key) => text[/** @type {"domain.place"} */ (key)]),
      domain.statistics.map((one) => [nameOf(one.statistic), say.quartiles(one.median, one.lowerQuartile, one.upperQuartile), say.number(one.usualMedian), say.place(one.place), say.distance(one.d, one.dInterval)]),
    );
  }

  /** @param {NonNullable<Content["templates"]>} found */
  #drawTemplates(found) {
    this.#templates = found;
    const { templates, fits } = found;
    const [best] = fits.ranked;
    setText(part(this, ".templates .said-of", HTMLElement), say.bestTemplate(templates[best.template], best.fit === "better"));
    fill(
      part(this, ".templates table", HTMLTableElement),
      [text["templates.template"], text["templates.mi"], text["templates.difference"], text["templates.use"]],
      fits.ranked.map(({ template, mutualInformation, difference, interval, fit }) => {
        const name = templates[template];
        const last = fit === "present" ? text["templates.present"] : use(name, () => emit(this, "template-use", { template: name }));
        return [name, say.number(mutualInformation), fit === "present" ? "" : `${say.difference(difference, interval)}, ${text[`templates.${fit}`]}`, last];
      }),
    );
  }
}

/** @param {string} template @param {() => void} onUse */
function use(template, onUse) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: text["templates.use"], ariaLabel: say.useTemplate(template) });
  button.addEventListener("click", onUse);
  return button;
}

/** @param {Domain} domain */
function why({ statistics, verdict }) {
  if (verdict === "too-few-pictures") return "";
  const [farthest] = statistics.filter(({ counts }) => counts).sort((a, b) => b.d - a.d);
  return farthest ? say.domainWhy(nameOf(farthest.statistic), farthest.d, farthest.dInterval) : "";
}

/** @param {import("../../../../semblance.js").DomainStatistic} statistic */
const nameOf = (statistic) => text[`statistic.${statistic}`];

customElements.define("domain-panel", DomainPanel);
