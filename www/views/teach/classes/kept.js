/** The classes of each library, kept between visits: which pictures are in which, not the pictures. */

import { Keeping } from "../../../shell/keeping.js";
import { noLesson } from "../state.js";

/** @typedef {import("../state.js").Lesson} Lesson */

const keeping = new Keeping("semblance-lessons-v1", "lessons");

/** @param {string} library @param {Lesson} lesson */
export const keepLesson = (library, lesson) => keeping.request("readwrite", (store) => store.put(lesson, library));

/** @param {string} library @returns {Promise<Lesson>} */
export async function keptLesson(library) {
  const kept = await keeping.request("readonly", (store) => store.get(library));
  return kept ? { ...noLesson, ...kept, settings: { ...noLesson.settings, ...kept.settings } } : noLesson;
}

/** @param {string} library */
export const forgetLesson = (library) => keeping.request("readwrite", (store) => store.delete(library));
