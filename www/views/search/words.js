/** The words of the view `search`. */

import { counted, format } from "../../shell/format.js";

/** Fixed text, by key: the build writes it into the HTML, where `data-t…` names a key. */
export const text = {
  "search.heading": "Find any picture by words, or by another one",
  "search.hint": "Add a folder, or drop it here. It is gone through once, on this machine; after that, every search takes a moment, also offline.",

  "query.title": "Search",
  "query.placeholder": "A dog on a beach",
  "query.hint": "Enter or a comma adds more to it; a minus in front takes away.",
  "query.picture": "By a picture",
  "query.clear": "Clear",
  "query.parts": "Searched for",
  "query.template": "Template",
  "part.wanted": "Should be like this. Press for the opposite.",
  "part.unwanted": "Should not be like this. Press for the opposite.",
  "part.weight.quarter": "× ¼",
  "part.weight.half": "× ½",
  "part.weight.one": "× 1",
  "part.weight.two": "× 2",
  "part.weight.four": "× 4",

  "filter.title": "Refine",
  "filter.none": "",
  "filter.folder": "Folder",
  "filter.anywhere": "Anywhere",
  "filter.from": "From",
  "filter.until": "Until",
  "filter.shape": "Shape",
  "filter.any": "Any",
  "filter.landscape": "Landscape",
  "filter.portrait": "Portrait",
  "filter.square": "Square",
  "filter.pixels": "At least",
  "filter.pixels.640": "640 pixels",
  "filter.pixels.1080": "1,080 pixels",
  "filter.pixels.2160": "2,160 pixels",
  "filter.size": "File from",
  "filter.size.1": "1 MB",
  "filter.size.5": "5 MB",
  "filter.size.20": "20 MB",
  "filter.clear": "All of them",

  "recent.title": "Last searches",
  "recent.forget": "Forget",

  "found.title": "Results",
  "found.nothing": "Nothing here looks like that.",
  "found.nearest": "What comes nearest:",
  "found.why": "Judged by how the whole library answers, and how it answers to words that mean nothing in particular.",
  "found.line": "Where results end",
  "found.reset": "As found",

  "selection.title": "Selection",
  "selection.zip": "Files",
  "selection.zipLabel": "Save the selected files as a zip",
  "selection.csv": "CSV",
  "selection.csvLabel": "Save the selected as a CSV list",
  "selection.json": "JSON",
  "selection.jsonLabel": "Save the selected as a JSON list",
  "selection.paths": "Paths",
  "selection.pathsLabel": "Copy the paths of the selected",
  "selection.describe": "Describe these",
  "selection.describeLabel": "Descriptions of the selected in the view that describes",
  "selection.teach": "Teach with these",
  "selection.teachLabel": "Make a class of the selected in the view that teaches",
  "selection.remove": "Remove",
  "selection.removeLabel": "Remove the selected from the library; their files stay",
  "selection.none": "Clear",
  "selection.link": "Copy a link to this search",

  "large.before": "Previous",
  "large.after": "Next",
  "large.more": "More like this",
  "large.less": "Less like this",
  "large.region": "A region of it",
  "large.select": "Select",
  "large.small": "This is the small picture that the library keeps.",
  "large.original": "Show the file",
  "large.neighbours": "Beside it in its folder",
  "large.path": "Path",
  "large.size": "Size",
  "large.taken": "Taken",
  "large.modified": "Changed",
  "large.cosine": "Cosine",
  "large.standsOut": "Stands out",
  "large.gone": "The file is not at hand. Add its folder again, and it is shown.",

  "crop.title": "Search by a region",
  "crop.hint": "Draw a frame on the picture, or type where it is, in percent.",
  "crop.left": "Left",
  "crop.top": "Top",
  "crop.width": "Width",
  "crop.height": "Height",
  "crop.use": "Use this region",
  "crop.whole": "Whole picture",
};

/** Sentences with something in them. */
export const say = {
  /** @param {string} name */
  wanted: (name) => `${name}: wanted`,
  /** @param {string} name */
  unwanted: (name) => `${name}: not wanted`,
  /** @param {string} name */
  region: (name) => `A region of ${name}`,
  /** @param {string} name */
  leaveOut: (name) => `Leave out ${name}`,
  /** @param {string} name */
  weightOf: (name) => `How much ${name} counts`,
  /** @param {number} n */
  filters: (n) => counted(n, "condition", "conditions"),
  /** @param {{ text: string, sign: number }[]} words */
  query: (words) => words.map(({ text, sign }, i) => (sign < 0 ? `− ${text}` : i === 0 ? text : `+ ${text}`)).join(" "),
  /** @param {number} found @param {number} all */
  found: (found, all) => (found === all ? `All ${counted(all, "picture", "pictures")} stand out` : `${counted(found, "picture stands", "pictures stand")} out of ${format.count(all)}`),
  /** @param {number} line @param {number} standing */
  line: (line, standing) => `${format.speed(line)}: ${counted(standing, "picture", "pictures")}`,
  /** @param {number} n */
  selectStanding: (n) => `Select the ${format.count(n)} that ${n === 1 ? "stands" : "stand"} out`,
  /** @param {number} n */
  selected: (n) => `${format.count(n)} selected`,
  picture: () => "Picture",
  /** @param {number} index @param {number} count */
  place: (index, count) => `${format.count(index + 1)} of ${format.count(count)}`,
  /** @param {number} standsOut @param {number} threshold */
  standsOut: (standsOut, threshold) => `${format.logit(standsOut)} spreads above the library's middle; the line is at ${format.logit(threshold)}`,
  /** @param {number} cosine */
  cosine: (cosine) => format.cosine(cosine),
  /** @param {number} width @param {number} height @param {number} bytes */
  size: (width, height, bytes) => `${width} × ${height} · ${format.bytes(bytes)}`,
  /** @param {number} ms */
  day: (ms) => format.day(ms),
  /** @param {number} done @param {number} all */
  zipping: (done, all) => `${format.count(done)} of ${format.count(all)} files`,
  /** @param {number} missing */
  missing: (missing) => `${counted(missing, "file is", "files are")} not at hand and not in the zip: add the folder again.`,
  /** @param {number} n */
  copied: (n) => `${counted(n, "path", "paths")} copied.`,
  copyFailed: () => "The browser did not allow copying.",
  /** @param {number} most */
  teachMost: (most) => `Only ${format.count(most)} pictures at a time become a class. Select fewer.`,
  /** @param {number} n */
  removed: (n) => `${counted(n, "picture has", "pictures have")} left the library.`,
  linkCopied: () => "A link to this search is copied. It carries words, no picture.",
  linkInBar: () => "The address above is a link to this search. It carries words, no picture.",
};
