/**
 * Which engine runs, how long the last picture took, and every request the page made.
 * Properties: `info` (Info or null), `requests` (NetworkRequest[]). Event: `status-open`.
 */

import { emit, part, setText } from "../dom.js";
import { format, say, text } from "../strings.js";

/**
 * @typedef {import("../../semblance.js").Info} Info
 * @typedef {import("../../semblance.js").NetworkRequest} NetworkRequest
 */

export class StatusPanel extends HTMLElement {
  #details = part(this, "details", HTMLDetailsElement);
  #brief = part(this, "#status-brief", HTMLElement);
  #requests = part(this, "#requests tbody", HTMLTableSectionElement);
  #notes = part(this, "#engine-notes", HTMLUListElement);
  /** @type {Info | null} */
  #info = null;
  #count = 0;

  connectedCallback() {
    this.#details.addEventListener("toggle", () => {
      if (this.#details.open) emit(this, "status-open");
    });
    this.#facts();
  }

  /** @param {Info | null} info */
  set info(info) {
    if (info === this.#info) return;
    this.#info = info;
    this.#facts();
  }

  /** @param {NetworkRequest[]} requests */
  set requests(requests) {
    this.#count = requests.length;
    this.#sayBrief();
    const rows = requests.map((request) => {
      const row = document.createElement("tr");
      const address = row.insertCell();
      address.title = request.url;
      if (!request.sameOrigin) {
        const mark = document.createElement("span");
        mark.className = "mark";
        mark.textContent = text["privacy.other"];
        address.append(mark, " ");
      }
      address.append(request.sameOrigin ? shortAddress(request.url) : request.url);
      row.insertCell().textContent = request.bytes === null ? text["privacy.unknown"] : request.bytes ? format.bytes(request.bytes) : text["privacy.cached"];
      row.insertCell().textContent = format.milliseconds(request.at);
      return row;
    });
    this.#requests.replaceChildren(...rows);
  }

  #facts() {
    const info = this.#info;
    describe(part(this, "#engine-facts", HTMLElement), info ? engineFacts(info) : [], text["status.noEngine"]);
    describe(part(this, "#timings", HTMLElement), timingFacts(info), text["status.noTimings"]);
    this.#notes.replaceChildren(
      ...(info?.notes ?? []).map((note) => Object.assign(document.createElement("li"), { textContent: note })),
    );
    this.#notes.hidden = !info?.notes.length;
    this.#sayBrief();
  }

  #sayBrief() {
    const info = this.#info;
    const total = info?.timings ? [say.lastPicture(format.milliseconds(totalOf(info.timings)))] : [];
    const engine = info ? [text[`status.build.${info.build}`], say.threads(info.threads), format.bytes(info.memory), ...total] : [];
    setText(this.#brief, [...engine, say.requests(this.#count)].join(" · "));
  }
}

/** @param {import("../../semblance.js").StageTimings} timings */
const totalOf = ({ decode, preprocess, imageTower, scoring }) => decode + preprocess + imageTower + scoring;

/** @param {Info} info @returns {[string, string][]} */
function engineFacts({ model, build, threads, memory, cachedTexts }) {
  return [
    [text["status.build"], text[`status.build.${build}`]],
    [text["status.threads"], format.count(threads)],
    [text["status.memory"], format.bytes(memory)],
    [text["status.model"], model.name],
    [text["status.source"], say.source(text[`status.source.${model.source}`], text[model.stored ? "status.kept" : "status.notKept"])],
    [text["status.parameters"], format.parameters(model.parameters)],
    [text["status.dtype"], model.dtype],
    [text["status.input"], say.input(model.imageSize, model.patchSize)],
    [text["status.embedding"], say.dims(model.embedding)],
    [text["status.context"], say.tokens(model.contextLength)],
    [text["status.logitScale"], format.logit(model.logitScale)],
    [text["status.cached"], format.count(cachedTexts)],
    [text["status.hash"], `${model.hash.slice(0, 16)}… ${text[model.verified ? "status.verified" : "status.unverified"]}`],
  ];
}

/** @param {Info | null} info @returns {[string, string][]} */
function timingFacts(info) {
  if (!info?.timings) return [];
  const { timings } = info;
  /** @type {[string, string][]} */
  const stages = [
    [text["status.decode"], format.milliseconds(timings.decode)],
    [text["status.preprocess"], format.milliseconds(timings.preprocess)],
    [text["status.imageTower"], format.milliseconds(timings.imageTower)],
    [text["status.scoring"], format.milliseconds(timings.scoring)],
  ];
  return [...stages, [text["status.total"], format.milliseconds(totalOf(timings))]];
}

/** @param {HTMLElement} list @param {[string, string][]} facts @param {string} nothing */
function describe(list, facts, nothing) {
  const lines = facts.length ? facts : [["", nothing]];
  list.replaceChildren(
    ...lines.flatMap(([name, value]) => [
      Object.assign(document.createElement("dt"), { textContent: name }),
      Object.assign(document.createElement("dd"), { textContent: value }),
    ]),
  );
}

/** @param {string} url */
const shortAddress = (url) => (URL.canParse(url) ? new URL(url).pathname : url);

customElements.define("status-panel", StatusPanel);
