/**
 * What the page knows of its pictures, and of the work over them. Their bytes and vectors are kept by the tasks, by
 * picture id; here is only what is shown. Pure.
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
 * @typedef {object} Run The work over pictures since the queue was last empty.
 * @property {number} done By the model; one that could not even be opened took none of its time.
 * @property {number} since When the model began with the first; 0 before that.
 * @property {number} now When it was last done with one.
 * @property {boolean} stopped
 *
 * @typedef {object} PicturesState
 * @property {Picture[]} pictures
 * @property {Run} run
 * @property {boolean} samplesOpen
 *
 * @typedef {{ type: "pictures/add", pictures: { id: number, name: string }[], sample: boolean }
 *   | { type: "picture/seen", id: number, thumbnail: string, width: number, height: number }
 *   | { type: "picture/working", id: number, at: number }
 *   | { type: "picture/waiting", id: number }
 *   | { type: "picture/done", id: number, at: number }
 *   | { type: "picture/failed", id: number, message: string, at: number }
 *   | { type: "pictures/remove", ids: number[] }
 *   | { type: "run/stop" } | { type: "run/resume" } | { type: "run/rest" }
 *   | { type: "samples/toggle" }} PicturesAction
 */

/** @type {readonly PictureStatus[]} */
export const unfinished = ["looking", "waiting", "working"];

/** @type {Run} */
const rest = { done: 0, since: 0, now: 0, stopped: false };

/** @type {PicturesState} */
export const noPictures = { pictures: [], run: rest, samplesOpen: true };

/** @param {Pick<PicturesState, "pictures">} state @param {...PictureStatus} statuses */
export const count = (state, ...statuses) => state.pictures.filter((p) => statuses.includes(p.status)).length;

/** @param {PicturesState} state @param {number} id @param {Partial<Picture>} change @returns {Picture[]} */
const change = (state, id, change) => state.pictures.map((p) => (p.id === id ? { ...p, ...change } : p));

/** One more picture that the model had in hand is behind us. @param {Run} run @param {number} at @returns {Run} */
const step = (run, at) => ({ ...run, done: run.done + 1, now: at });

/** @param {PicturesState} state @param {{ type: string }} given @returns {PicturesState} */
export function reducePictures(state, given) {
  const action = /** @type {PicturesAction | { type: "model/ready" | "model/lost" }} */ (given);
  switch (action.type) {
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
      const run = pictures.some(({ status }) => unfinished.includes(status)) ? state.run : rest;
      return { pictures, run, samplesOpen: state.samplesOpen || pictures.length === 0 };
    }
    case "run/stop":
      return { ...state, run: { ...state.run, stopped: true } };
    case "run/resume":
    case "run/rest":
      return { ...state, run: rest };
    case "samples/toggle":
      return { ...state, samplesOpen: !state.samplesOpen };

    // Vectors of different models never mix: every readable picture is looked at again.
    case "model/ready":
      return {
        ...state,
        pictures: state.pictures.map((p) => (p.thumbnail ? { ...p, status: "waiting", error: "" } : p)),
        run: { ...rest, stopped: state.run.stopped },
      };
    // What the lost model had worked out stays in sight; its picture in hand waits for the next one.
    case "model/lost":
      return { ...state, pictures: state.pictures.map((p) => (p.status === "working" ? { ...p, status: "waiting" } : p)) };
    default:
      return state;
  }
}
