/** The words of the view `teach`. */

import { counted, format } from "../../shell/format.js";

/** Fixed text, by key: the build writes it into the HTML, where `data-t…` names a key. */
export const text = {
  "teach.heading": "Teach it classes of your own",
  "teach.hint": "Add a few pictures, say what they show, and it tells new ones apart. Everything stays on this device.",

  "classes.title": "Classes",
  "classes.add": "Add a class",
  "classes.fromFolders": "A class for each folder",
  "classes.none": "None of these",
  "classes.noneHint": "Pictures of other things, so that it learns to say no. They are no class.",
  "classes.filter": "Find a class",
  "classes.more": "Show more",
  "class.name": "Name of the class",
  "class.files": "Add pictures",
  "class.library": "Library",
  "class.camera": "Camera",
  "class.see": "See all",
  "class.drop": "Drop pictures here, or choose some.",

  "pick.search": "Looks like",
  "pick.go": "Search",
  "pick.picture": "A picture",
  "pick.hint": "Click on what belongs in the class.",
  "pick.nothing": "All pictures of the library are in a class already.",
  "all.hint": "Choose pictures, then move them or take them out. They stay in the library.",
  "all.move": "Move to",
  "all.out": "Take out",

  "method.title": "How it is taught",
  "method.label": "Method",
  "method.auto": "The best on held-out pictures",
  "method.zero-shot": "Zero-shot: words alone",
  "method.nearest-class-mean": "Nearest class mean",
  "method.tip-adapter": "Tip-Adapter",
  "method.tip-adapter-f": "Tip-Adapter-F",
  "method.linear-probe": "Linear probe",
  "method.words": "The names mean something to the model",
  "method.template": "Template for the names",
  "method.compare": "All methods",
  "method.name": "Method",
  "method.right": "Right",
  "method.loss": "Log loss",
  "method.notTried": "not tried",
  "method.no-words": "takes names",
  "method.too-large": "slow; choose it to try",
  "method.opened": "From a file",
  "method.back": "Back to what is taught here",

  "keep.title": "Keep it",
  "keep.export": "Save the classifier",
  "keep.import": "Open one",
  "keep.hint": "One small file without pictures. Any page that has Semblance runs it.",
  "keep.list": "Classify the library",
  "keep.listHint": "A list of all its pictures with their classes, for a spreadsheet.",

  "try.title": "Try it",
  "try.files": "Choose a picture",
  "try.camera": "Live camera",
  "try.stop": "Stop the camera",
  "try.hint": "Drop a picture anywhere outside of a class.",
  "try.none": "None of these",
  "try.insecure": "The browser gives a camera to pages that come over https only.",

  "quality.title": "How good is it?",
  "quality.matrix": "Confusions",
  "quality.classes": "Classes",
  "quality.doubts": "Mistakes and doubts",
  "quality.calibration": "Probabilities",
  "quality.open": "None of these",
  "quality.learning": "More pictures",
  "matrix.hint": "Rows are what pictures are, columns what they were taken for. A cell opens its pictures.",
  "matrix.truth": "It is",
  "matrix.part": "The classes that are most confused.",
  "table.class": "Class",
  "table.examples": "Pictures",
  "table.precision": "Precision",
  "table.recall": "Recall",
  "table.precisionHint": "Of those it was the answer for, how many were right",
  "table.recallHint": "Of its pictures, how many were found",
  "doubts.mistakes": "Probably in the wrong class",
  "doubts.noMistakes": "No picture looks as if it were in the wrong class.",
  "doubts.keep": "It is right",
  "doubts.doubtful": "Most in doubt",
  "doubts.next": "Worth adding next",
  "doubts.nextHint": "Pictures of the library in no class that it is least sure of.",
  "calibration.before": "As the method gives them",
  "calibration.after": "Calibrated",
  "calibration.hint": "On the diagonal an answer of 80 % is right 8 times in 10.",
  "calibration.ece": "Calibration error",
  "calibration.brier": "Brier score",
  "calibration.axes": "Across: the answer’s probability. Up: how many were right. Fuller bars have more answers.",
  "open.hint": "A picture that is known less than this is “none of these”. Further right it answers less often, and is right more often.",
  "open.threshold": "How well known it must be",
  "open.reset": "Where it was found",
  "open.off": "Always answer",
  "open.coverage": "Answered",
  "open.risk": "Wrong among answers",
  "learning.run": "Work it out",
};

/** What is known of a method. @typedef {{ name: string, accuracy: number, loss: number }} Compared */

/** Sentences with something in them. */
export const say = {
  /** @param {number} number */
  newClass: (number) => `Class ${number}`,
  /** @param {number} n */
  pictures: (n) => counted(n, "picture", "pictures"),
  /** @param {number} n */
  classes: (n) => counted(n, "class", "classes"),
  /** @param {string} name @param {number} n */
  classOf: (name, n) => `${name}: ${counted(n, "picture", "pictures")}`,
  /** @param {string} name */
  take: (name) => `The name “${name}” is taken.`,
  /** @param {string} name */
  addTo: (name) => `Add to “${name}”`,
  /** @param {string} name */
  removeClass: (name) => `Remove the class “${name}”`,
  /** @param {number} n */
  moreClasses: (n) => `${counted(n, "more class", "more classes")}`,
  waits: () => "It takes two classes, and each a picture or a name the model knows.",
  /** @param {number} progress 0..1 */
  teaching: (progress) => `Teaching… ${Math.round(100 * progress)} %`,
  /** @param {number} pictures @param {number} classes @param {number} ms */
  taught: (pictures, classes, ms) => `${counted(classes, "class", "classes")} from ${counted(pictures, "picture", "pictures")}, taught in ${format.milliseconds(ms)}.`,
  /** @param {Compared} own @param {Compared | null} other */
  why: (own, other) => `${own.name}: on held-out pictures ${share(own.accuracy)} right, log loss ${number.format(own.loss)}${other ? `; ${other.name.toLowerCase()} ${share(other.accuracy)}, ${number.format(other.loss)}` : ""}.`,
  /** @param {string} method */
  unjudged: (method) => `${method}. With four pictures and more it is known how good it is.`,
  /** @param {string} name @param {number} classes */
  opened: (name, classes) => `“${name}”, ${counted(classes, "class", "classes")}.`,
  share: (/** @type {number} */ part) => share(part),
  /** @param {number} accuracy @param {{ low: number, high: number }} interval */
  right: (accuracy, { low, high }) => `${share(accuracy)} right (95 %: ${share(low)} to ${share(high)})`,
  /** @param {number} correct @param {number} of @param {boolean} single */
  heldOut: (correct, of, single) => `${format.count(correct)} of ${format.count(of)} pictures, ${single ? "each answered by what was chosen and taught without it" : "held out in turn and answered by what was chosen and taught without them"}.`,
  /** @param {string[]} names */
  next: (names) => (names.length === 0 ? "" : `More pictures help most in ${list(names)}.`),
  /** @param {string} truth @param {string} answer @param {number} n */
  cell: (truth, answer, n) => (truth === answer ? `${truth}: ${format.count(n)} right` : `${truth} taken for ${answer}: ${format.count(n)}`),
  /** @param {string} given @param {string} likely @param {number} p */
  mistake: (given, likely, p) => `In ${given} (${share(p)}), looks like ${likely}`,
  /** @param {string} given @param {string} answer @param {string} second */
  doubt: (given, answer, second) => (given ? `In ${given}: ${answer} or ${second}?` : `${answer} or ${second}?`),
  /** @param {string} name */
  moveTo: (name) => `Move to ${name}`,
  /** @param {number} n */
  chosen: (n) => counted(n, "picture chosen", "pictures chosen"),
  /** @param {number} ece @param {{ low: number, high: number }} interval */
  ece: (ece, { low, high }) => `${share(ece)} (${share(low)} to ${share(high)})`,
  brier: (/** @type {number} */ brier) => number.format(brier),
  kind: (/** @type {string} */ kind) => ({ temperature: "By temperature scaling: one number for all classes.", vector: "By vector scaling: a factor and an offset for each class." })[kind] ?? "",
  /** @param {number} before @param {number} after */
  calibrated: (before, after) => `Off by ${share(before)} before, by ${share(after)} now.`,
  /** @param {number} coverage @param {number} risk @param {number | null} refused */
  coverage: (coverage, risk, refused) => `Answers ${share(coverage)} of pictures of the classes and is wrong about ${share(risk)} of those.${refused === null ? "" : ` Says no to ${share(refused)} of the pictures of other things.`}`,
  /** @param {number} shots @param {number} accuracy @param {{ low: number, high: number }} interval */
  point: (shots, accuracy, { low, high }) => `${counted(shots, "picture", "pictures")} a class: ${share(accuracy)} right (${share(low)} to ${share(high)})`,
  /** @param {string} method @param {boolean} other */
  learning: (method, other) => `What ${other ? `${method.toLowerCase()}, the best method that learns from pictures,` : "it"} would be with fewer pictures of each class.`,
  /** @param {number} most */
  coverageAxes: (most) => `Across: answered, from 0 to 100 %. Up: wrong among answers, from 0 to ${share(most)}.`,
  /** @param {number} most */
  learningAxes: (most) => `Across: pictures a class, from 0 to ${format.count(most)}, in equal steps for each doubling. Up: right, from 0 to 100 %.`,
  /** @param {number} accuracy */
  expected: (accuracy) => `Twice as many pictures may bring ${share(accuracy)}.`,
  /** @param {string} why */
  noCamera: (why) => `The browser gives no camera: ${why.replace(/\.$/, "")}.`,
  /** @param {string} label @param {number} probability */
  answer: (label, probability) => `${label}, ${share(probability)}`,
  /** @param {number} done @param {number} total */
  classified: (done, total) => `${format.count(done)} of ${format.count(total)} classified`,
  /** @param {number} pictures @param {number} ms */
  classifiedIn: (pictures, ms) => `${counted(pictures, "picture", "pictures")} classified in ${format.milliseconds(ms)}.`,
};

const number = new Intl.NumberFormat("en", { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const list = (/** @type {string[]} */ names) => new Intl.ListFormat("en").format(names);

/** Whole percents, but for the last one at either end. @param {number} part */
function share(part) {
  const whole = Math.round(100 * part);
  if ((whole === 100 && part < 1) || (whole === 0 && part > 0)) return format.percent(part);
  return `${whole} %`;
}
