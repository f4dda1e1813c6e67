/** The words of the view `organise`. */

import { counted, format } from "../../shell/format.js";

/** Fixed text, by key: the build writes it into the HTML, where `data-t…` names a key. */
export const text = {
  "organise.heading": "Bring order into pictures",
  "organise.hint": "Tags, duplicates, groups, rules: for a folder of pictures, which stay on this machine. Nothing is deleted unasked.",
  "organise.title": "Organise",
  "organise.need": "Waits for a model and for pictures.",
  "part.tags": "Tags",
  "part.duplicates": "Duplicates",
  "part.groups": "Groups and map",
  "part.rules": "Rules",
  "part.shop": "Shop",
  "part.video": "Video",

  "shown.packing": "Packing",
  "shown.all": "Select all",
  "shown.none": "Select none",
  "shown.close": "Close",
  "shown.selected": "Show selected",
  "shown.like": "More like these",
  "shown.likeLabel": "Pictures that are like the selected ones together",
  "shown.paths": "Paths",
  "shown.pathsLabel": "A file with the selected pictures' paths",
  "shown.zip": "Zip",
  "shown.zipLabel": "The selected pictures' own files, in a zip",
  "shown.remove": "Remove from library",
  "shown.removeLabel": "The files stay where they are",
  "shown.search": "In search",
  "shown.searchLabel": "The same pictures are selected there",
  "shown.unveil": "Unveil",

  "tags.title": "Tags",
  "tags.lead": "Each picture gets the words of a large vocabulary that fit it better than they fit the rest of the library. What you accept or reject holds for that picture, and moves the word's threshold for all others.",
  "tags.own": "My own words instead, a line each",
  "tags.again": "Tag again",
  "tags.finding": "Tagging",
  "tags.precision": "Aim: so many of them right",
  "tags.filter": "Find a tag",
  "tags.none": "No tag is sure enough for this aim.",
  "tags.noneSo": "No such tag.",
  "tags.list": "Tags, the most frequent first",
  "tags.csv": "CSV",
  "tags.json": "JSON",
  "tags.xmp": "XMP sidecars",
  "tags.xmpLabel": "A file beside each picture, as exiftool, digiKam and Lightroom read tags, in a zip",
  "tags.folders": "Folders by tag",
  "tags.foldersLabel": "Copies of the pictures in a folder for each tag, in a zip",
  "tag.right": "Accept",
  "tag.rightLabel": "The tag is right for the selected pictures, or for all that are shown",
  "tag.wrong": "Reject",
  "tag.wrongLabel": "The tag is wrong for the selected pictures, or for all that are shown",
  "picture.before": "The picture before",
  "picture.after": "The next picture",
  "picture.tags": "Tags of this picture",
  "picture.noTags": "No tag is sure enough.",
  "picture.add": "Another tag",
  "picture.addIt": "Add",

  "duplicates.title": "Duplicates",
  "duplicates.lead": "By the vectors, and by the small pictures of those that are close: what is one picture twice, what was shot at one moment, and what is merely alike.",
  "duplicates.again": "Look again",
  "duplicates.finding": "Looking for duplicates",
  "duplicates.same": "Same picture",
  "duplicates.burst": "One moment",
  "duplicates.alike": "Merely alike",
  "duplicates.kinds": "Kinds",
  "duplicates.no.same": "No picture is there twice.",
  "duplicates.no.burst": "No bursts.",
  "duplicates.no.alike": "No others are this close.",
  "duplicates.why.same": "Saved anew, made smaller, cut a little, or with something written over it.",
  "duplicates.why.burst": "Shot within moments, as their times or their names say.",
  "duplicates.why.alike": "Close, and neither of these: look before you leave any.",
  "duplicates.keep": "keep",
  "duplicates.select": "Select all but the ones to keep",
  "duplicates.list": "List",
  "duplicates.listLabel": "All sets of this kind as CSV",
  "duplicates.move": "Move selected into a folder",
  "duplicates.moveLabel": "Asks for the folder that the pictures lie in, and moves them into “duplicates” inside it",
  "duplicates.moving": "Moving",
  "duplicates.selectFirst": "Select the pictures to move first.",
  "duplicates.more": "Show more",
  "duplicates.open": "Show",
  "keep.whole": "the others are cut out of it",
  "keep.clean": "nothing lies over it",
  "keep.pixels": "the largest",
  "keep.sharpness": "the sharpest",
  "keep.least-compressed": "the least compressed",
  "keep.oldest": "the oldest",
  "keep.first": "as good as any",
  "evidence.bytes": "same file",
  "evidence.pixels": "same pixels",
  "evidence.part": "a part",
  "evidence.overlay": "written over",
  "evidence.plain": "plain",
  "evidence.times": "by time",
  "evidence.names": "by name",
  "evidence.vectors": "alike",

  "groups.title": "Groups",
  "groups.lead": "Pictures that belong together, named by the words that tell a group from the others. The slider makes them finer or coarser.",
  "groups.go": "Find groups",
  "groups.again": "Find groups again",
  "groups.finding": "Finding groups",
  "groups.count": "How many groups",
  "groups.csv": "CSV",
  "groups.list": "Groups, the largest first",
  "map.lead": "Near on the map is alike. Drag to move, the wheel or two fingers to zoom, Shift or the lasso to select.",
  "map.go": "Draw the map",
  "map.again": "Draw the map again",
  "map.finding": "Drawing the map",
  "map.canvas": "Map of the pictures: arrow keys move, plus and minus zoom, Enter selects what is in sight",
  "map.lasso": "Lasso",
  "map.in": "Nearer",
  "map.out": "Farther",
  "map.whole": "Whole map",
  "map.selected": "Selected on the map",

  "rules.title": "Rules",
  "rules.lead": "Words with a threshold and something to be done: what is hidden is left out of the other parts, what is blurred is veiled there, and tags leave with the others. Each hit says why; mark it right or wrong, and the rule's threshold moves. Pictures that come later wait until the rules are applied again.",
  "rules.run": "Apply the rules",
  "rules.running": "Applying the rules",
  "rules.new": "New rule",
  "rules.advice": "Add advisory rules",
  "rules.adviceLabel": "Violence, nudity, weapons, drugs, documents, screenshots: they advise, and nobody has measured them on your pictures",
  "rules.advisory": "Advisory rules only advise: nobody has measured them on your pictures.",
  "rules.none": "No rules yet.",
  "rules.csv": "Hits as CSV",
  "rules.list": "Rules",
  "rules.selectFirst": "Select the pictures that are right or wrong first.",
  "rule.new": "A new rule",
  "rule.name": "Name",
  "rule.labels": "A picture is found that looks like one of these, a line each",
  "rule.against": "Rather than like one of these (nothing: like nothing in particular)",
  "rule.action": "What is done",
  "rule.by": "From",
  "rule.by.threshold": "a probability of",
  "rule.by.precision": "so many right of all that are found",
  "rule.least": "Per cent",
  "rule.save": "Save",
  "rule.edit": "Change",
  "rule.remove": "Remove",
  "rule.evidence": "What is known of it",
  "rule.noName": "It needs a name.",
  "rule.noLabels": "It needs at least one line of what is looked for.",
  "rule.noLeast": "A number between 1 and 99, please.",
  "rule.right": "Right",
  "rule.rightLabel": "The selected pictures are rightly found",
  "rule.wrong": "Wrong",
  "rule.wrongLabel": "The selected pictures are wrongly found",
  "action.hide": "hide",
  "action.blur": "blur",
  "action.tag": "tag",
  "action.list": "list",

  "shop.title": "Facets",
  "shop.lead": "Groups of labels of which each picture has one. A line each: a name, a colon, the labels with commas between them.",
  "shop.groups": "Label groups",
  "shop.sort": "Sort the pictures",
  "shop.sorting": "Sorting",
  "shop.noGroups": "Write a group first: “colour: red, green, blue”.",
  "shop.gapsTitle": "Gaps",
  "shop.gapsLead": "Products by their words, a line each: which of them does no picture show?",
  "shop.products": "Products",
  "shop.look": "Look for gaps",
  "shop.looking": "Looking for gaps",
  "shop.noProducts": "Write a product first, a line each.",
  "shop.csv": "CSV",
  "shop.gapsCsv": "List as CSV",

  "video.title": "Video",
  "video.lead": "A film is looked through a frame at a time, and its frames are found by words. It stays on this machine, like everything else.",
  "video.choose": "Choose a film",
  "video.every": "A look every",
  "video.every.1": "second",
  "video.every.0.25": "quarter of a second",
  "video.every.5": "5 seconds",
  "video.every.30": "30 seconds",
  "video.scenes": "Only where something new begins",
  "video.camera": "Use the camera",
  "video.cameraStop": "Stop the camera",
  "video.noCamera": "There is no camera, or the browser was not allowed to use it.",
  "video.sampling": "Looking through the film",
  "video.finding": "Looking at the frames",
  "video.words": "Find a moment",
  "video.placeholder": "a dog on a beach",
  "video.find": "Find",
  "video.csv": "Times as CSV",
  "video.close": "Close the film",
  "video.frames": "Frames",
  "video.need": "Frames are found by words once a model is there.",
};

/** Sentences with something in them. */
export const say = {
  /** @param {string} title @param {number} count */
  shown: (title, count) => `${title} · ${counted(count, "picture", "pictures")}`,
  /** @param {number} n */
  selected: (n) => `${format.count(n)} selected`,
  /** @param {number} n */
  like: (n) => (n === 1 ? "Like the selected one" : `Like the ${format.count(n)} selected ones`),
  /** @param {number} n */
  missing: (n) => `${counted(n, "picture's file is", "pictures' files are")} not at hand: open their folder again.`,
  /** @param {number} n */
  removed: (n) => `${counted(n, "picture", "pictures")} removed from the library. The files are where they were.`,
  /** @param {number} index @param {number} count */
  place: (index, count) => `${format.count(index + 1)} of ${format.count(count)}`,

  /** @param {number} pictures */
  tagAll: (pictures) => (pictures === 0 ? "Tag the pictures" : `Tag ${counted(pictures, "picture", "pictures")}`),
  /** @param {number} pictures @param {number} tags */
  tagged: (pictures, tags) => `${counted(pictures, "picture", "pictures")} tagged with ${counted(tags, "word", "words")}`,
  /** @param {number} given @param {number} words @param {number} some @param {number} pictures */
  tags: (given, words, some, pictures) => `${counted(given, "tag", "tags")} of ${counted(words, "word", "words")} on ${format.count(some)} of ${counted(pictures, "picture", "pictures")}`,
  /** @param {number} expected */
  expected: (expected) => `${format.percent(expected)} of them are expected to be right.`,
  /** @param {number} n */
  forgetCorrections: (n) => `Forget ${counted(n, "correction", "corrections")}`,
  /** @param {number} n */
  moreTags: (n) => `and ${format.count(n)} more: find them by their name`,
  /** @param {number} n @param {string} tag @param {boolean} right */
  judged: (n, tag, right) => `“${tag}” ${right ? "accepted" : "rejected"} for ${counted(n, "picture", "pictures")}.`,
  yes: () => "Accept",
  no: () => "Reject",
  /** @param {string} word @param {boolean} right */
  judge: (word, right) => `${right ? "Accept" : "Reject"} ${word}`,

  /** @param {number} pictures */
  lookThrough: (pictures) => (pictures === 0 ? "Look for duplicates" : `Look through ${counted(pictures, "picture", "pictures")}`),
  /** @param {number} sets */
  duplicates: (sets) => (sets === 0 ? "No picture is there twice." : `${counted(sets, "picture is", "pictures are")} there more than once.`),
  /** @param {string} name @param {number} count */
  kind: (name, count) => `${name} ${format.count(count)}`,
  /** @param {string} kind @param {number} sets @param {number} others */
  sets: (kind, sets, others) => (kind === "alike" ? `${counted(sets, "set", "sets")} of pictures that are alike` : `${counted(sets, "set", "sets")}: ${format.count(others)} could go`),
  /** @param {string} kind */
  set: (kind) => ({ same: "The same picture", burst: "One moment", alike: "Alike" })[kind] ?? kind,
  /** @param {number} count @param {string} why */
  setOf: (count, why) => `${counted(count, "picture", "pictures")}, to keep: ${why}`,
  /** @param {number} n */
  showSet: (n) => `Show set ${format.count(n)}`,
  /** @param {number} n @param {boolean} keep @param {boolean} selected */
  member: (n, keep, selected) => `Picture ${format.count(n)}${keep ? ", to keep" : ""}: ${selected ? "selected" : "select"}`,
  /** @param {number} moved @param {number} failed */
  moved: (moved, failed) => `${counted(moved, "file", "files")} moved into “duplicates”.${failed > 0 ? ` ${format.count(failed)} could not be moved and are where they were.` : ""}`,

  /** @param {number} groups @param {number} pictures */
  groups: (groups, pictures) => `${counted(pictures, "picture", "pictures")} in ${counted(groups, "group", "groups")}`,
  /** @param {number} n */
  group: (n) => `Group ${format.count(n)}`,
  /** @param {number} n */
  moreGroups: (n) => `and ${counted(n, "smaller group", "smaller groups")}`,
  /** @param {number} seen @param {number} all */
  inSight: (seen, all) => (seen === all ? counted(all, "picture", "pictures") : `${format.count(seen)} of ${counted(all, "picture", "pictures")} in sight`),

  /** @param {number} hits */
  ruled: (hits) => `The rules found ${counted(hits, "picture", "pictures")}.`,
  /** @param {string} name */
  ruleTwice: (name) => `There is a rule “${name}” already.`,
  /** @param {string} action @param {string[]} labels @param {number} [threshold] @param {number} [precision] */
  ruleWhat: (action, labels, threshold, precision) =>
    `${action} · ${precision === undefined ? `from ${format.percent(threshold ?? 0.5)}` : `${format.percent(precision)} right`} · ${labels.slice(0, 3).join(", ")}${labels.length > 3 ? ` and ${format.count(labels.length - 3)} more` : ""}`,
  /** @param {number} hits */
  hits: (hits) => counted(hits, "hit", "hits"),
  /** @param {string} label @param {string} against @param {number} probability */
  ruleWhy: (label, against, probability) => `“${label}” rather than “${against}”: ${format.percent(probability)}`,
  /** @param {import("../../../semblance.js").RuleReport} report */
  report: ({ marked, found, right, missed, precision, interval }) =>
    `${counted(marked, "picture", "pictures")} marked. ${precision === null || !interval ? "None of them is found now." : `Of ${format.count(found)} found, ${format.count(right)} right: ${format.percent(precision)} (between ${format.percent(interval.low)} and ${format.percent(interval.high)}).`}${missed > 0 ? ` ${format.count(missed)} right ones are missed.` : ""}`,
  /** @param {string} name */
  editRule: (name) => `Change “${name}”`,
  /** @param {string} name */
  removeRule: (name) => `Remove “${name}”`,

  /** @param {string} facet */
  unsure: (facet) => `${facet}: none for sure`,
  unsureShort: () => "none for sure",
  /** @param {number} missing @param {number} all */
  gaps: (missing, all) => (missing === 0 ? `All ${format.count(all)} products are shown.` : `${format.count(missing)} of ${counted(all, "product", "products")} ${missing === 1 ? "is" : "are"} shown by no picture.`),
  /** @param {string} product */
  nearest: (product) => `The nearest picture to ${product}`,
  /** @param {boolean} shown */
  isShown: (shown) => (shown ? "shown" : "not shown"),

  /** @param {string} name @param {number} frames */
  film: (name, frames) => `${name}: ${counted(frames, "frame", "frames")}`,
  /** @param {number} frames */
  live: (frames) => `Camera: ${counted(frames, "frame", "frames")} so far`,
  /** @param {number} frames */
  frames: (frames) => `${counted(frames, "frame", "frames")} taken from the film`,
  /** @param {number} n */
  moreFrames: (n) => `and ${counted(n, "frame", "frames")} more`,
  /** @param {number} seconds */
  time: (seconds) => {
    const whole = Math.floor(seconds);
    const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
    return whole < 3600 ? `${Math.floor(whole / 60)}:${two(whole % 60)}` : `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  },
  /** @param {number} seconds */
  goTo: (seconds) => `Go to ${say.time(seconds)}`,
};
