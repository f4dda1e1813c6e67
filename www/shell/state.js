/**
 * What the page knows, and how each event changes it. Pure: no DOM, no model, no clock.
 * Pictures' bytes and embeddings are kept by the tasks, by picture id; here is only what is shown.
 *
 * @typedef {import("../../semblance.js").Info} Info
 * @typedef {import("../../semblance.js").LoadProgress} LoadProgress
 * @typedef {import("../../semblance.js").ModelEntry} ModelEntry
 * @typedef {import("../../semblance.js").Offer} Offer
 * @typedef {import("../../semblance.js").StoredModel} StoredModel
 *
 * @typedef {object} ModelChoice A model someone picked.
 * @property {string} name For people.
 * @property {string | Blob | readonly File[]} model For `Semblance.load`.
 * @property {number | null} bytes To download; null where it is not known beforehand.
 * @property {string | null} address What a link calls it; null where it cannot travel in one.
 * @property {string} [id] In this browser's storage, where it is known.
 * @property {number} [logitScale] Given by hand, for weights that have none.
 *
 * @typedef {object} Question What is asked before a model loads.
 * @property {"offer" | "scale"} kind Whether it may be downloaded; its logit scale.
 * @property {ModelChoice} choice
 * @property {Offer | null} offer What it takes, once that is known.
 * @property {string} message Why that could not be found out.
 *
 * @typedef {object} ModelState
 * @property {"idle" | "loading" | "paused" | "ready" | "error"} status
 * @property {ModelChoice | null} choice The one being loaded or running.
 * @property {ModelChoice | null} running The one that answers now; it keeps answering while another loads.
 * @property {LoadProgress | null} progress
 * @property {number | null} here After a load broke off: bytes that stayed in storage, once that is known.
 * @property {string} message Why it failed, or waits.
 * @property {Info | null} info
 * @property {ModelEntry[]} entries
 * @property {Question | null} question
 *
 * @typedef {"verify" | "export" | "import" | "delete"} ShelfWork
 * @typedef {object} Shelf The models in this browser's storage.
 * @property {StoredModel[]} models
 * @property {number | null} quota Bytes that the browser allows this site; null where it does not say.
 * @property {{ what: ShelfWork, id: string | null, done: number, total: number | null } | null} work No id: one that is being imported.
 * @property {{ id: string | null, message: string, trouble: boolean } | null} said What came of the last work.
 *
 * @typedef {"looking" | "waiting" | "working" | "done" | "failed"} PictureStatus
 * @typedef {object} Picture
 * @property {number} id
 * @property {string} name
 * @property {PictureStatus} status
 * @property {string | null} thumbnail An object URL.
 * @property {number} width
 * @property {number} height
 * @property {string} error
 *
 * @typedef {object} Row One picture's numbers, in the order of the labels.
 * @property {Float32Array} cosine
 * @property {Float32Array} logits
 * @property {Float32Array} overTexts
 * @property {Float32Array | null} overImages Null until every picture is in.
 *
 * @typedef {object} Scores
 * @property {string[]} labels
 * @property {string} template
 * @property {boolean[]} cut
 * @property {Map<number, Row>} rows By picture id.
 * @property {boolean} complete All rows were scored together, so `overImages` holds.
 *
 * @typedef {object} Run The work over pictures since the queue was last empty.
 * @property {number} done By the model; one that could not even be opened took none of its time.
 * @property {number} since When the model began with the first; 0 before that.
 * @property {number} now When it was last done with one.
 * @property {boolean} stopped
 *
 * @typedef {"model" | "pictures" | "texts"} FidelityStage
 * @typedef {object} FidelityResult What the comparison says, beside the comparison itself.
 * @property {string} picture The one of which a probability changed most.
 * @property {string} label Whose probability that is.
 * @property {number} left Pictures that were left out.
 *
 * @typedef {object} Fidelity The comparison of the running model with an exact one.
 * @property {{ stage: FidelityStage, done: number, total: number | null } | null} progress Null where nothing goes on.
 * @property {(FidelityResult & import("./panel/compare.js").Comparison) | null} result
 * @property {string} message Why it failed.
 *
 * @typedef {"overTexts" | "overImages" | "cosine"} Measure
 *
 * @typedef {object} State
 * @property {ModelState} model
 * @property {string[]} labels
 * @property {string} template The last valid one.
 * @property {string} typedTemplate What the field holds.
 * @property {Picture[]} pictures
 * @property {Scores | null} scores
 * @property {string} scoreError
 * @property {Run} run
 * @property {"cards" | "matrix"} view
 * @property {Measure} measure
 * @property {boolean} numbers Cosine and logit are shown.
 * @property {boolean} allLabels Every bar is shown, not only the best.
 * @property {boolean} samplesOpen
 * @property {Fidelity} fidelity
 * @property {Shelf} shelf
 * @property {StoredModel | null} unfinished A download that broke off on an earlier visit, as long as going on is offered.
 * @property {ModelEntry | null} newer What the site has of the model that was taken from storage in an older version.
 * @property {boolean} updateReady A new version of the page waits to be taken up.
 *
 * @typedef {{ type: "model/entries", entries: ModelEntry[] }
 *   | { type: "model/suggest", choice: ModelChoice, message: string }
 *   | { type: "model/ask", choice: ModelChoice }
 *   | { type: "model/offer", choice: ModelChoice, offer: Offer }
 *   | { type: "model/offer-failed", message: string }
 *   | { type: "model/ask-scale", choice: ModelChoice, message: string }
 *   | { type: "model/declined" }
 *   | { type: "model/load", choice: ModelChoice }
 *   | { type: "model/progress", progress: LoadProgress }
 *   | { type: "model/ready", choice: ModelChoice, info: Info }
 *   | { type: "model/failed", message: string }
 *   | { type: "model/paused" }
 *   | { type: "model/here", bytes: number }
 *   | { type: "model/cancelled", message: string }
 *   | { type: "model/lost", message: string }
 *   | { type: "model/info", info: Info }
 *   | { type: "labels", labels: string[] }
 *   | { type: "template", typed: string }
 *   | { type: "pictures/add", pictures: { id: number, name: string }[], sample: boolean }
 *   | { type: "picture/seen", id: number, thumbnail: string, width: number, height: number }
 *   | { type: "picture/working", id: number, at: number }
 *   | { type: "picture/waiting", id: number }
 *   | { type: "picture/done", id: number, at: number }
 *   | { type: "picture/failed", id: number, message: string, at: number }
 *   | { type: "pictures/remove", ids: number[] }
 *   | { type: "run/stop" } | { type: "run/resume" } | { type: "run/rest" }
 *   | { type: "scores", scores: Scores | null }
 *   | { type: "scores/failed", message: string }
 *   | { type: "view", view: "cards" | "matrix" }
 *   | { type: "measure", measure: Measure }
 *   | { type: "toggle", what: "numbers" | "allLabels" | "samplesOpen" }
 *   | { type: "fidelity/progress", progress: NonNullable<Fidelity["progress"]> }
 *   | { type: "fidelity/done", result: NonNullable<Fidelity["result"]> }
 *   | { type: "fidelity/failed", message: string }
 *   | { type: "fidelity/rest" }
 *   | { type: "shelf/models", models: StoredModel[], quota: number | null }
 *   | { type: "shelf/work", work: NonNullable<Shelf["work"]> }
 *   | { type: "shelf/said", said: NonNullable<Shelf["said"]> }
 *   | { type: "unfinished", model: StoredModel | null }
 *   | { type: "newer", entry: ModelEntry | null }
 *   | { type: "update", ready: boolean }} Action
 */

export const placeholder = "{}";
/** @type {PictureStatus[]} */
export const unfinished = ["looking", "waiting", "working"];
const rest = { done: 0, since: 0, now: 0, stopped: false };
/** @type {Fidelity} */
const noFidelity = { progress: null, result: null, message: "" };

/** @returns {State} */
export function initial() {
  return {
    model: { status: "idle", choice: null, running: null, progress: null, here: null, message: "", info: null, entries: [], question: null },
    labels: ["cat", "bee", "fruit", "bridge", "moose", "flower", "cup", "boat"],
    template: "a photo of a {}",
    typedTemplate: "a photo of a {}",
    pictures: [],
    scores: null,
    scoreError: "",
    run: rest,
    view: "cards",
    measure: "overTexts",
    numbers: false,
    allLabels: false,
    samplesOpen: true,
    fidelity: noFidelity,
    shelf: { models: [], quota: null, work: null, said: null },
    unfinished: null,
    newer: null,
    updateReady: false,
  };
}

/** @param {State} state @param {number} id @param {Partial<Picture>} change @returns {Picture[]} */
const change = (state, id, change) => state.pictures.map((p) => (p.id === id ? { ...p, ...change } : p));

/** @param {State} state @param {Partial<ModelState>} change @returns {State} */
const withModel = (state, change) => ({ ...state, model: { ...state.model, ...change } });

/** Back to the model that runs; to none where none does. @param {State} state @param {string} message @returns {State} */
const back = (state, message) =>
  state.model.running
    ? withModel(state, { status: "ready", choice: state.model.running, progress: null, message: "" })
    : withModel(state, { status: "idle", progress: null, message });

/** One more picture that the model had in hand is behind us.
 * @param {Run} run @param {number} at @returns {Run} */
const step = (run, at) => ({ ...run, done: run.done + 1, now: at });

/** @param {State} state @param {Action} action @returns {State} */
export function reduce(state, action) {
  switch (action.type) {
    case "model/entries":
      return withModel(state, { entries: action.entries });
    case "model/suggest":
      return withModel(state, { status: "idle", choice: action.choice, message: action.message });
    case "model/ask":
      return withModel(state, { question: { kind: "offer", choice: action.choice, offer: null, message: "" } });
    case "model/offer":
      return withModel(state, { question: { kind: "offer", choice: action.choice, offer: action.offer, message: "" } });
    case "model/offer-failed": {
      const { question } = state.model;
      return withModel(state, { question: question && { ...question, message: action.message } });
    }
    case "model/ask-scale":
      return withModel(back(state, action.message), { question: { kind: "scale", choice: action.choice, offer: null, message: "" } });
    case "model/declined":
      return withModel(state, { question: null });
    case "model/load": {
      const unfinished = state.unfinished?.id === action.choice.id ? null : state.unfinished;
      return { ...withModel(state, { status: "loading", choice: action.choice, progress: null, here: null, message: "", question: null }), unfinished, newer: null };
    }
    case "model/progress":
      return withModel(state, { progress: action.progress });
    case "model/ready":
      // Vectors of different models never mix: every readable picture is looked at again.
      return {
        ...withModel(state, { status: "ready", choice: action.choice, running: action.choice, progress: null, info: action.info, message: "" }),
        pictures: state.pictures.map((p) => (p.thumbnail ? { ...p, status: "waiting", error: "" } : p)),
        scores: null,
        scoreError: "",
        run: { ...rest, stopped: state.run.stopped },
      };
    case "model/failed":
      return withModel(state, { status: "error", message: action.message });
    case "model/paused":
      return withModel(state, { status: "paused" });
    case "model/here":
      return withModel(state, { here: action.bytes });
    case "model/cancelled":
      return back(state, action.message);
    case "model/lost": {
      // What it had worked out stays in sight; its picture in hand waits for the next one.
      const { status, choice, running } = state.model;
      const lost = status === "loading" || status === "paused" ? state : withModel(state, { status: "error", choice: running ?? choice, message: action.message });
      const pictures = state.pictures.map((p) => (p.status === "working" ? { ...p, status: /** @type {const} */ ("waiting") } : p));
      return { ...withModel(lost, { running: null }), pictures };
    }
    case "model/info":
      return withModel(state, { info: action.info });

    case "labels":
      return { ...state, labels: action.labels };
    case "template":
      return {
        ...state,
        typedTemplate: action.typed,
        template: action.typed.includes(placeholder) ? action.typed : state.template,
      };

    case "pictures/add": {
      const added = action.pictures.map(({ id, name }) => ({
        id, name, status: /** @type {const} */ ("looking"), thumbnail: null, width: 0, height: 0, error: "",
      }));
      return { ...state, pictures: [...state.pictures, ...added], samplesOpen: state.samplesOpen && action.sample };
    }
    case "picture/seen": {
      const { thumbnail, width, height } = action;
      return { ...state, pictures: change(state, action.id, { status: "waiting", thumbnail, width, height }) };
    }
    case "picture/working":
      return { ...state, pictures: change(state, action.id, { status: "working" }), run: { ...state.run, since: state.run.since || action.at } };
    case "picture/waiting":
      return { ...state, pictures: change(state, action.id, { status: "waiting" }) };
    case "picture/done":
      return { ...state, pictures: change(state, action.id, { status: "done" }), run: step(state.run, action.at) };
    case "picture/failed": {
      const worked = state.pictures.some(({ id, status }) => id === action.id && status === "working");
      const run = worked ? step(state.run, action.at) : state.run;
      return { ...state, pictures: change(state, action.id, { status: "failed", error: action.message }), run };
    }
    case "pictures/remove": {
      const gone = new Set(action.ids);
      const pictures = state.pictures.filter((p) => !gone.has(p.id));
      const rows = new Map([...(state.scores?.rows ?? [])].filter(([id]) => !gone.has(id)));
      return {
        ...state,
        pictures,
        scores: state.scores && { ...state.scores, rows, complete: false },
        run: pictures.some(({ status }) => unfinished.includes(status)) ? state.run : rest,
        view: pictures.length < 2 ? "cards" : state.view,
        samplesOpen: state.samplesOpen || pictures.length === 0,
      };
    }

    case "run/stop":
      return { ...state, run: { ...state.run, stopped: true } };
    case "run/resume":
      return { ...state, run: rest };
    case "run/rest":
      return { ...state, run: rest };
    case "scores":
      return { ...state, scores: action.scores, scoreError: "" };
    case "scores/failed":
      return { ...state, scoreError: action.message };
    case "view":
      return { ...state, view: action.view };
    case "measure":
      return { ...state, measure: action.measure };
    case "toggle":
      return { ...state, [action.what]: !state[action.what] };

    case "fidelity/progress":
      return { ...state, fidelity: { ...noFidelity, progress: action.progress } };
    case "fidelity/done":
      return { ...state, fidelity: { ...noFidelity, result: action.result } };
    case "fidelity/failed":
      return { ...state, fidelity: { ...noFidelity, message: action.message } };
    case "fidelity/rest":
      return { ...state, fidelity: noFidelity };

    case "shelf/models":
      return { ...state, shelf: { ...state.shelf, models: action.models, quota: action.quota } };
    case "shelf/work":
      return { ...state, shelf: { ...state.shelf, work: action.work, said: null } };
    case "shelf/said":
      return { ...state, shelf: { ...state.shelf, work: null, said: action.said } };
    case "unfinished":
      return { ...state, unfinished: action.model };
    case "newer":
      return { ...state, newer: action.entry };
    case "update":
      return { ...state, updateReady: action.ready };
  }
}

/** @param {State} state @param {...PictureStatus} statuses */
export const count = (state, ...statuses) => state.pictures.filter((p) => statuses.includes(p.status)).length;

/** @param {State} state */
export const templateIsValid = (state) => state.typedTemplate.includes(placeholder);

/** Each label once. The tokenizer lower-cases and joins spaces, so “Cat” and “cat” are one label to the model.
 * @param {string[]} labels @returns {{ labels: string[], merged: string[] }} What stays, and what was there before. */
export function distinct(labels) {
  const seen = new Set();
  /** @type {string[]} */
  const merged = [];
  const kept = labels.filter((label) => {
    const key = label.trim().replace(/\s+/g, " ").toLowerCase();
    if (seen.has(key)) merged.push(label);
    return !seen.has(key) && seen.add(key);
  });
  return { labels: kept, merged };
}
