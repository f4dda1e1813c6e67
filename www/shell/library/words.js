/** The words of libraries of pictures, in whatever view has one. */

import { counted, format } from "../format.js";

/** Fixed text, by key: the build writes it into the HTML, where `data-t…` names a key. */
export const text = {
  "library.title": "Library",
  "library.first": "My pictures",
  "library.manage": "Manage libraries",
  "library.retry": "Try again",
  "library.opening": "Opening…",
  "library.waits": "Waits for the model.",
  "library.folder": "Add a folder",
  "library.files": "Pictures or a zip",
  "library.samples": "Samples",
  "library.again": "Look for changes",
  "library.notAllowed": "The browser was not allowed to read the folder again. Add it anew.",
  "library.noPictures": "There are no pictures among these.",
  "library.sources": "Add pictures",
  "library.new": "A new library",
  "library.newName": "Its name",
  "library.newHint": "Libraries lie side by side; a search goes through one.",
  "library.nameMissing": "It needs a name.",
  "library.create": "Create",
  "library.export": "Take this one with you",
  "library.exportHint": "Vectors with path, size, time and hash of each picture. The whole library has its small pictures as well; each of these can be opened again below.",
  "library.export.library": "Whole library",
  "library.export.npy": "NumPy",
  "library.export.safetensors": "safetensors",
  "library.export.parquet": "Parquet",
  "library.import": "Open one from a file",
  "library.importFile": "Choose a file",
  "library.importHint": "A library, or vectors with their list, as exported here.",
  "library.delete": "Delete this one",
  "library.deleteYes": "Delete it",
  "library.deleteNo": "Keep it",
  "library.exporting": "Writing the file…",
  "library.importing": "Reading the file…",

  "grid.title": "Results",
  "grid.rest": "From here on, nothing stands out",

  "adding.progress": "Pictures added",
  "adding.looking": "Looking for what is new…",
  "adding.waits": "Pictures wait for the model.",
  "adding.paused": "Paused",
  "adding.pause": "Pause",
  "adding.resume": "Go on",
  "adding.dismiss": "Done",
};

/** Sentences with something in them. */
export const say = {
  picture: () => "Picture",
  /** @param {string} name */
  select: (name) => `Select ${name}`,
  /** @param {number} pictures @param {number} bytes */
  library: (pictures, bytes) => (pictures === 0 ? "No pictures yet" : `${counted(pictures, "picture", "pictures")} · ${format.bytes(bytes)}`),
  /** @param {number} done @param {number} total */
  done: (done, total) => `${format.count(done)} of ${format.count(total)}`,
  /** @param {number} perSecond */
  rate: (perSecond) => `${format.speed(perSecond)} a second`,
  /** @param {import("../../../semblance.js").AddProgress} progress */
  added: ({ added, unchanged, same, renamed, removed }) =>
    [
      [added + same, "new"],
      [unchanged, "there already"],
      [renamed, "moved"],
      [removed, "gone"],
    ]
      .filter(([n]) => n)
      .map(([n, what]) => `${format.count(Number(n))} ${what}`)
      .join(" · ") || "Nothing is new",
  /** @param {number} needed @param {number} available */
  room: (needed, available) => `These take about ${format.bytes(needed)}, and the browser has ${format.bytes(available)} left for this site. What does not fit has to be added later.`,
  /** @param {number} n */
  unreadable: (n) => counted(n, "file could not be read.", "files could not be read."),
  /** @param {string} name */
  nameTaken: (name) => `There is a library “${name}” already.`,
  /** @param {string} name */
  deleteLibrary: (name) => `“${name}” leaves this browser. The pictures' own files stay where they are.`,
};
