/**
 * What the teach view shows, and how each event changes it. Pure: no DOM, no storage, no model. Pictures are numbers of the
 * library that is open.
 *
 * @typedef {import("../../../semblance.js").TeachReport} TeachReport
 * @typedef {import("../../../semblance.js").TeachMethod} TeachMethod
 * @typedef {import("../../../semblance.js").LearningPoint} LearningPoint
 * @typedef {import("../../../semblance.js").Classification} Classification
 *
 * @typedef {{ key: string, name: string, ids: number[] }} Class
 * @typedef {{ method: TeachMethod | "auto", template: string, words: boolean }} Settings
 *
 * @typedef {object} Lesson What is kept of a library's classes.
 * @property {Class[]} classes
 * @property {number[]} background Pictures of no class.
 * @property {number[]} sure Pictures that were said to be in the right class when they looked as if they weren't.
 * @property {Settings} settings
 *
 * @typedef {object} Taught
 * @property {Class[]} classes As they were then: the report counts their pictures in this order.
 * @property {TeachReport | null} report Null of a classifier from a file.
 * @property {number} ms
 * @property {string} opened The file's name, where it came from one.
 * @property {number | null} threshold
 *
 * @typedef {object} TeachState
 * @property {import("../../shell/library/state.js").LibraryState} library
 * @property {Lesson} lesson
 * @property {{ progress: number } | null} teaching
 * @property {string} error
 * @property {Taught | null} taught
 * @property {{ name: string, url: string, answer: Classification | null, error: string } | null} tried
 * @property {{ points: LearningPoint[], expected: number | null, busy: boolean } | null} curve
 * @property {{ id: number, answer: number, second: number }[]} next Pictures in no class, by their two likeliest.
 * @property {string} doing
 *
 * @typedef {import("../../shell/library/state.js").LibraryAction
 *   | { type: "lesson", lesson: Lesson }
 *   | { type: "class/add", key: string, name: string }
 *   | { type: "class/rename", key: string, name: string }
 *   | { type: "class/remove", key: string }
 *   | { type: "put", key: string, ids: number[] }
 *   | { type: "out", ids: number[] }
 *   | { type: "sure", id: number }
 *   | { type: "settings", change: Partial<Settings> }
 *   | { type: "teaching", progress: number | null }
 *   | { type: "teach/failed", message: string }
 *   | { type: "taught", taught: Taught | null }
 *   | { type: "threshold", threshold: number | null }
 *   | { type: "tried", tried: TeachState["tried"] }
 *   | { type: "curve", curve: TeachState["curve"] }
 *   | { type: "next", next: TeachState["next"] }
 *   | { type: "doing", doing: string }} Action
 */

import { noLibrary, reduceLibrary } from "../../shell/library/state.js";

/** Of pictures that are of no class. */
export const NONE = "none";

/** @type {Lesson} */
export const noLesson = { classes: [], background: [], sure: [], settings: { method: "auto", template: "a photo of a {}", words: true } };

/** @type {TeachState} */
export const initial = { library: noLibrary, lesson: noLesson, teaching: null, error: "", taught: null, tried: null, curve: null, next: [], doing: "" };

/** @param {TeachState} state @param {Action} action @returns {TeachState} */
export function reduce(state, action) {
  const library = reduceLibrary(state.library, action);
  switch (action.type) {
    case "library/opening":
      return library.name === state.library.name ? { ...state, library } : { ...initial, library };
    case "library/closed":
      return { ...initial, library };
    case "teaching":
      return { ...state, teaching: action.progress === null ? null : { progress: action.progress }, error: "" };
    case "teach/failed":
      return { ...state, teaching: null, error: action.message };
    case "taught":
      return { ...state, teaching: null, error: "", taught: action.taught, curve: null, next: [] };
    case "threshold":
      return state.taught ? { ...state, taught: { ...state.taught, threshold: action.threshold } } : state;
    case "tried":
      return { ...state, tried: action.tried };
    case "curve":
      return { ...state, curve: action.curve };
    case "next":
      return { ...state, next: action.next };
    case "doing":
      return { ...state, doing: action.doing };
    default: {
      const lesson = reduceLesson(state.lesson, action);
      return lesson === state.lesson ? { ...state, library } : { ...state, lesson };
    }
  }
}

/** @param {Lesson} lesson @param {Action} action @returns {Lesson} */
function reduceLesson(lesson, action) {
  const { classes } = lesson;
  switch (action.type) {
    case "lesson":
      return action.lesson;
    case "class/add":
      return { ...lesson, classes: [...classes, { key: action.key, name: action.name, ids: [] }] };
    case "class/rename":
      return { ...lesson, classes: classes.map((one) => (one.key === action.key ? { ...one, name: action.name } : one)) };
    case "class/remove":
      return { ...lesson, classes: classes.filter(({ key }) => key !== action.key) };
    case "put": {
      // A picture is in one class, or in none.
      const rest = without(lesson, action.ids);
      if (action.key === NONE) return { ...rest, background: [...rest.background, ...action.ids] };
      return { ...rest, classes: rest.classes.map((one) => (one.key === action.key ? { ...one, ids: [...one.ids, ...action.ids] } : one)) };
    }
    case "out":
      return without(lesson, action.ids);
    case "sure":
      return { ...lesson, sure: [...lesson.sure, action.id] };
    case "settings":
      return { ...lesson, settings: { ...lesson.settings, ...action.change } };
    default:
      return lesson;
  }
}

/** @param {Lesson} lesson @param {number[]} ids @returns {Lesson} */
function without(lesson, ids) {
  const gone = new Set(ids);
  const left = (/** @type {number[]} */ all) => (all.some((id) => gone.has(id)) ? all.filter((id) => !gone.has(id)) : all);
  return { ...lesson, classes: lesson.classes.map((one) => ({ ...one, ids: left(one.ids) })), background: left(lesson.background), sure: left(lesson.sure) };
}

/** Only pictures that are there. @param {Lesson} lesson @param {Set<number>} there @returns {Lesson} */
export function present(lesson, there) {
  const left = (/** @type {number[]} */ ids) => ids.filter((id) => there.has(id));
  return { ...lesson, classes: lesson.classes.map((one) => ({ ...one, ids: left(one.ids) })), background: left(lesson.background), sure: left(lesson.sure) };
}

/** The key of each picture's class. @param {Lesson} lesson @returns {Map<number, string>} */
export function classOf({ classes, background }) {
  /** @type {Map<number, string>} */
  const keys = new Map();
  for (const { key, ids } of classes) for (const id of ids) keys.set(id, key);
  for (const id of background) keys.set(id, NONE);
  return keys;
}

/** Classes that can be told apart: those with pictures, or with names that mean something. @param {Lesson} lesson */
export const teachable = ({ classes, settings }) => classes.filter(({ ids, name }) => ids.length > 0 || (settings.words && name.trim() !== ""));
