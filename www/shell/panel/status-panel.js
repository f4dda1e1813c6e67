/**
 * Which engine runs, how long the last picture took, every request the page made, and what it keeps.
 * Properties: `info` (Info or null), `note` (what the page has to add), `requests` (NetworkRequest[]), `offline`
 * ("kept", "unsupported" or "failed": whether the page itself is stored).
 * Events: `status-open`, `texts-forget`.
 */

import { emit, part, setFacts, setText } from "../dom.js";
import { format } from "../format.js";
import { say, text } from "./words.js";

/**
 * @typedef {import("../../../semblance.js").Info} Info
 * @typedef {import("../../../semblance.js").NetworkRequest} NetworkRequest
 */

export class StatusPanel extends HTMLElement {
  #details = part(this, "details", HTMLDetailsElement);
  #brief = part(this, "#status-brief", HTMLElement);
  #requests = part(this, "#requests tbody", HTMLTableSectionElement);
  #notes = part(this, "#engine-notes", HTMLUListElement);
  /** @type {Info | null} */
  #info = null;
  #note = "";
  #count = 0;

  connectedCallback() {
    this.#details.addEventListener("toggle", () => {
      if (this.#details.open) emit(this, "status-open");
    });
    part(this, "#forget-texts", HTMLButtonElement).addEventListener("click", () => emit(this, "texts-forget"));
    part(this, "#privacy-isolation", HTMLElement).hidden = !navigator.serviceWorker?.controller;
    this.#facts();
  }

  /** @param {"kept" | "unsupported" | "failed"} state */
  set offline(state) {
    const line = part(this, "#offline-state", HTMLElement);
    line.dataset.state = state;
    setText(line, text[`offline.${state}`]);
    line.hidden = false;
    part(this, "#privacy-isolation", HTMLElement).hidden = state !== "kept" && !navigator.serviceWorker?.controller;
  }

  /** @param {Info | null} info */
  set info(info) {
    if (info === this.#info) return;
    this.#info = info;
    this.#facts();
  }

  /** @param {string} note */
  set note(note) {
    this.#note = note;
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
    setFacts(part(this, "#engine-facts", HTMLElement), info ? engineFacts(info) : [["", text["status.noEngine"]]]);
    setFacts(part(this, "#timings", HTMLElement), info?.timings ? timingFacts(info.timings) : [["", text["status.noTimings"]]]);
    const notes = info ? new Set([...info.notes, this.#note].filter(Boolean)) : [];
    this.#notes.replaceChildren(...Array.from(notes, (note) => Object.assign(document.createElement("li"), { textContent: note })));
    this.#notes.hidden = this.#notes.children.length === 0;
    this.#sayBrief();
  }

  #sayBrief() {
    const info = this.#info;
    const total = info?.timings ? [say.lastPicture(format.milliseconds(totalOf(info.timings)))] : [];
    const engine = info ? [text[`status.build.${info.build}`], say.threads(info.threads), info.model.compute, format.bytes(info.memory), ...total] : [];
    setText(this.#brief, [...engine, say.requests(this.#count)].join(" · "));
  }
}

/** @param {import("../../../semblance.js").StageTimings} timings */
const totalOf = ({ decode, preprocess, imageTower, scoring }) => decode + preprocess + imageTower + scoring;

/** @param {Info} info @returns {[string, string][]} */
function engineFacts({ model, build, threads, products, memory, cachedTexts }) {
  return [
    [text["status.build"], text[`status.build.${build}`]],
    [text["status.threads"], format.count(threads)],
    [text["status.compute"], text[`status.compute.${model.compute}`]],
    ...(products ? [/** @type {[string, string]} */ ([text["status.products"], productFacts(products)])] : []),
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

/** @param {import("../../../semblance.js").Products} products */
function productFacts({ route, reached, share }) {
  const name = text[`status.route.${route}`];
  return reached === null || share === null ? name : say.products(name, reached, share);
}

/** @param {import("../../../semblance.js").StageTimings} timings @returns {[string, string][]} */
function timingFacts(timings) {
  /** @type {[string, string][]} */
  const stages = [
    [text["status.decode"], format.milliseconds(timings.decode)],
    [text["status.preprocess"], format.milliseconds(timings.preprocess)],
    [text["status.imageTower"], format.milliseconds(timings.imageTower)],
    [text["status.scoring"], format.milliseconds(timings.scoring)],
  ];
  return [...stages, [text["status.total"], format.milliseconds(totalOf(timings))]];
}

/** @param {string} url */
const shortAddress = (url) => (URL.canParse(url) ? new URL(url).pathname : url);

customElements.define("status-panel", StatusPanel);
