/** The words of the view `measure`. */

import { counted, format } from "../../shell/format.js";

/** Fixed text, by key: the build writes it into the HTML, where `data-t…` names a key. */
export const text = {
  "measure.title": "Measure",
  "measure.noModel": "There is no model to measure yet: load one first.",
  "measure.noneRead": "None of the pictures can be read.",

  "part.accuracy": "Accuracy",
  "part.labels": "Labels",
  "part.domain": "Domain",
  "part.bias": "Bias",

  "pictures.title": "Pictures",
  "pictures.none": "None yet.",
  "pictures.folder": "Folder",
  "pictures.files": "Pictures",
  "pictures.clear": "Clear",
  "pictures.hint": "A folder with a sub-folder for each class, or pictures with a CSV of paths and classes. Without classes, labels, domain and bias can still be looked at.",

  "said.title": "Labels",
  "said.labelled": "A line for each class, in the order of their names. Words that mean the same are divided by |, as in cat | kitten.",
  "said.free": "One a line. Words that mean the same are divided by |, as in cat | kitten.",
  "said.template": "Template",
  "said.templateHint": "Each label is put where {} stands. For accuracy, each system has its own.",

  "work.pictures": "Looking at the pictures",
  "work.model": "Loading a model",
  "work.counting": "Counting",
  "work.labels": "Checking the labels",
  "work.templates": "Trying templates",
  "work.bias": "Comparing the words",

  "accuracy.title": "How good is it on these pictures?",
  "accuracy.lead": "Pictures whose class is known, answered by one model or several, with one way of saying the classes or several, side by side.",
  "accuracy.go": "Measure",
  "accuracy.need": "Choose a folder with a sub-folder for each class, or pictures with a CSV.",
  "accuracy.needTwo": "There is only one class. Accuracy needs at least two.",

  "systems.title": "What is compared",
  "systems.add": "Compare with another",
  "systems.model": "Model",
  "systems.dtype": "Computes in",
  "systems.words": "How the classes are said",
  "systems.own": "Template of one’s own",
  "systems.remove": "Take out of the comparison",
  "systems.present": "The loaded model",
  "systems.imagenet": "80 templates of the CLIP paper",
  "systems.classifier": "A taught classifier …",
  "systems.ownTemplate": "Another template …",
  "systems.noClassifier": "Choose the classifier’s file first.",

  "table.title": "Systems side by side",
  "table.system": "System",
  "table.top1": "Top-1",
  "table.top5": "Top-5",
  "table.map": "mAP",
  "table.balanced": "Balanced",
  "table.measuredEce": "ECE",
  "table.difference": "To the best",
  "table.p": "p",
  "table.best": "best",
  "table.hint": "In brackets, between what a number lies 95 times in 100. p: McNemar’s test on the same pictures, adjusted by Holm; below 0.05 the difference is hardly chance. ECE: how far the probabilities are from the share that is right. A classifier that was taught with these very pictures looks better here than it is.",

  "run.open": "Open a run",
  "run.openHint": "Settings of an earlier run: choose the same pictures, and it is done again and compared",
  "run.table": "Table",
  "run.predictions": "Every answer",
  "run.save": "Run",
  "run.saveHint": "Every setting, picture and answer, by which the run can be done again",
  "run.noRun": "This file is no run that was saved here.",

  "confused.title": "Most confused",
  "confused.none": "Nothing was confused.",
  "perClass.title": "Class by class",
  "perClass.class": "Class",
  "perClass.pictures": "Pictures",
  "perClass.recall": "Recall",
  "perClass.precision": "Precision",
  "perClass.ap": "Average precision",
  "mistakes.title": "Pictures it got wrong",
  "mistakes.none": "None.",

  "checked.title": "Do these labels work for CLIP?",
  "checked.lead": "What makes CLIP fail is often in the words: two that mean the same, one that contains another, “no dog”, words with several senses. With pictures, it also shows how answers change.",
  "checked.go": "Check the labels",
  "checked.all": "All labels",
  "checked.none": "Nothing to say against these labels.",
  "checked.need": "Write some labels first.",
  "checked.keepClasses": "These pictures are of that class, so it can’t be dropped or added here: change the folders, or write other words for it.",
  "effects.title": "What each label does",
  "effects.hint": "Pictures whose answer a label is, and where they would go without it.",
  "effects.label": "Label",
  "effects.best": "Pictures",
  "effects.without": "Without it",
  "effects.try": "What if there were another label?",
  "effects.tryGo": "Try",

  "domain.title": "Are these pictures of the kind it knows?",
  "domain.lead": "How the model’s scores on these pictures compare with what they usually look like, and which template suits the pictures, without anybody labelling them.",
  "domain.go": "Look",
  "domain.statistics": "Statistics beside what is usual",
  "domain.remember": "These pictures are what it knows",
  "domain.rememberHint": "Keep them as the reference for this model, in this browser: numbers only, no picture. It takes 101 pictures or more.",
  "domain.noReference": "Nobody has said yet what is usual for this model. Choose at least 101 pictures of a kind that it knows and labels that fit them, and make them the reference; then look at others.",
  "domain.statistic": "Statistic",
  "domain.here": "Here",
  "domain.usual": "Usually",
  "domain.distance": "Distance D",
  "domain.place": "Place",
  "domain.need": "Choose some pictures and at least two labels first.",
  "statistic.bestCosine": "Best label’s cosine",
  "statistic.margin": "Margin to the second",
  "statistic.entropy": "Entropy of the answer",
  "statistic.normalisedEntropy": "Entropy, of the most there could be",
  "statistic.bestLessNeutral": "Best label less a neutral caption",
  "verdict.usual": "Usual: the model’s scores look as they do on pictures that it knows.",
  "verdict.somewhat-unusual": "Somewhat unusual: take probabilities with a grain of salt.",
  "verdict.unusual": "Unusual: the model’s scores look different from those on pictures that it knows. Measure before you trust them.",
  "verdict.too-few-pictures": "Too few pictures to say.",

  "templates.title": "Templates that fit",
  "templates.hint": "The better a template suits, the surer the answers are and the more the pictures are spread over the labels: the mutual information of pictures and answers. Nobody’s labels are needed, so it is a hint, not a measure of accuracy.",
  "templates.template": "Template",
  "templates.mi": "Information",
  "templates.difference": "To the present one",
  "templates.use": "Use",
  "templates.present": "present",
  "templates.better": "clearly better",
  "templates.worse": "clearly worse",
  "templates.no-clear-difference": "no clear difference",

  "bias.title": "Does a word for a group change what it sees?",
  "bias.lead": "Prompts that differ in one word only, on the same pictures. Where an attribute draws a picture towards one group’s word more than the bare words do, the model ties them together.",
  "bias.bank": "Prompts",
  "bias.bankOwn": "One’s own",
  "bias.groups": "Groups",
  "bias.attributes": "Attributes",
  "bias.prompt": "Prompt",
  "bias.base": "The same without the attribute",
  "bias.go": "Probe with these pictures",
  "bias.goNeutral": "Probe with pictures that show nothing",
  "bias.neutralHint": "Colours, stripes and noise: what is left is what the words alone do",
  "bias.save": "Export",
  "bias.limitsTitle": "What this can and can’t show",
  "bias.can": "It shows whether this model, on these pictures, ties a group’s word to an attribute’s word, how strongly, and how sure that is. The same words give the same numbers every time, so models and templates can be compared.",
  "bias.cannot": "It can’t show that a model is fair: only these words and pictures were asked, and absence of evidence is no evidence of absence. It says nothing about the people in the pictures, whose group the model does not know and nobody should ask it. A shift in scores is not yet a harm: that depends on what the answers are used for.",
  "bias.sources": "After Caliskan et al. 2017 (Science 356), Agarwal et al. 2021 (“Evaluating CLIP”), Berg et al. 2022 (“A Prompt Array Keeps the Bias Away”), Hall et al. 2023 and Smith et al. 2023 (contrast sets).",
  "bias.none-found": "no shift that matters",
  "bias.too-few": "too uncertain to say",
};

/** @typedef {import("../../../semblance.js").Interval} Interval */

const share = (/** @type {number} */ p) => format.percent(p);
/** @param {Interval} interval */
const between = ({ low, high }) => `${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}`;
const signed = (/** @type {number} */ value, digits = 2) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(digits)}`;
const pictures = (/** @type {number} */ n) => counted(n, "picture", "pictures");

/** Text with something in it. */
export const say = {
  pictures,
  /** @param {string} source @param {number} items @param {number} classes */
  facts: (source, items, classes) => `${source ? `${source}: ` : ""}${pictures(items)}${classes ? `, ${counted(classes, "class", "classes")}` : ""}`,
  fromPage: (/** @type {number} */ n) => `Take the page’s ${pictures(n)}`,
  fromPageSource: () => "From the page",
  unlisted: (/** @type {number} */ n) => `${pictures(n)} left out: the list doesn’t name ${n === 1 ? "it" : "them"}.`,
  noPictures: (/** @type {string} */ name) => `There are no pictures in “${name}”.`,
  failed: (/** @type {number} */ n) => `${pictures(n)} can’t be read`,
  embedding: (/** @type {string} */ name) => `Looking at the pictures with ${name}`,
  otherClasses: (/** @type {string} */ name, /** @type {string[]} */ missing) => `“${name}” knows no class “${missing[0]}”${missing.length > 1 ? ` (and ${missing.length - 1} more of these)` : ""}: it can’t be compared on these pictures.`,
  share,
  shareBetween: (/** @type {number} */ p, /** @type {Interval} */ interval) => `${share(p)} (${between(interval)})`,
  ece: (/** @type {number} */ value) => value.toFixed(3),
  p: (/** @type {number} */ p) => (p < 0.001 ? "< 0.001" : p.toFixed(3)),
  points: (/** @type {number} */ difference, /** @type {Interval} */ { low, high }) => `${signed(100 * difference, 1)} (${signed(100 * low, 1)} to ${signed(100 * high, 1)})`,
  /** @param {string} name @param {import("../../../semblance.js").TopK} top1 */
  measured: (name, top1) => `${name}: ${share(top1.share)} right.`,
  /** @param {import("../../../semblance.js").TopK} top1 @param {number} n */
  headline: (top1, n) => `${share(top1.share)} right on ${pictures(n)}, between ${(100 * top1.wilson.low).toFixed(0)} and ${(100 * top1.wilson.high).toFixed(0)} %`,
  /** @param {string} best @param {string} other @param {number} p */
  clear: (best, other, p) => (p < 0.05 ? `${best} is better than the next one, ${other} (p ${p < 0.001 ? "< 0.001" : `= ${p.toFixed(3)}`}).` : `Between ${best} and ${other} there is no clear difference on these pictures (p = ${p.toFixed(3)}).`),
  of: (/** @type {string} */ name) => `${name}, in detail`,
  confused: (/** @type {string} */ truth, /** @type {string} */ answer, /** @type {number} */ count) => `${truth} taken for ${answer}: ${format.count(count)}`,
  mistake: (/** @type {string} */ truth, /** @type {string} */ answer, /** @type {number} */ p) => `${truth}, taken for ${answer} (${share(p)})`,
  moreMistakes: (/** @type {number} */ n) => `and ${format.count(n)} more, in the export`,
  /** @param {{ same: number, other: number, models: boolean }} compared */
  repeated: ({ same, other, models }) => (same + other === 0 ? "None of these pictures is in the run that was opened." : `${other === 0 ? `All ${format.count(same)} answers are those of the run that was opened.` : `${format.count(other)} of ${format.count(same + other)} answers differ from the run that was opened.`}${models ? "" : " Its models were others."}`),
  opened: (/** @type {number} */ n) => `The run is open: choose its ${pictures(n)}, and measure.`,
  findings: (/** @type {number} */ n) => (n === 0 ? text["checked.none"] : `${counted(n, "thing", "things")} to look at.`),
  /** @param {{ label: string, count: number }[]} where */
  without: (where) => where.slice(0, 3).map(({ label, count }) => `${label} ${format.count(count)}`).join(", ") + (where.length > 3 ? " …" : ""),
  /** @param {{ label: string, count: number, from: { label: string, count: number }[] }} tried @param {number} all */
  tried: ({ label, count, from }, all) => (count === 0 ? `“${label}” would be the answer for none of ${pictures(all)}.` : `“${label}” would be the answer for ${format.count(count)} of ${pictures(all)}: ${from.map((one) => `${format.count(one.count)} from ${one.label}`).join(", ")}.`),
  /** @param {import("../../../semblance.js").Domain} domain */
  verdict: (domain) => text[/** @type {"verdict.usual"} */ (`verdict.${domain.verdict}`)],
  domainWhy: (/** @type {string} */ statistic, /** @type {number} */ d, /** @type {Interval} */ { low, high }) => `Farthest off is “${statistic}”: D = ${d.toFixed(2)}, between ${low.toFixed(2)} and ${high.toFixed(2)}, where 0 is the same and 1 has nothing in common.`,
  number: (/** @type {number} */ value) => (Math.abs(value) < 1e-9 ? "0" : value.toPrecision(3).replace("-", "−")),
  quartiles: (/** @type {number} */ median, /** @type {number} */ low, /** @type {number} */ high) => `${say.number(median)} (${say.number(low)}–${say.number(high)})`,
  distance: (/** @type {number} */ d, /** @type {Interval} */ interval) => `${d.toFixed(2)} (${interval.low.toFixed(2)}–${interval.high.toFixed(2)})`,
  place: (/** @type {number} */ place) => `${Math.round(100 * place)} %`,
  remembered: (/** @type {number} */ n) => `What is usual for this model is now what ${pictures(n)} say.`,
  difference: (/** @type {number} */ difference, /** @type {Interval} */ { low, high }) => `${signed(difference)} (${signed(low)} to ${signed(high)})`,
  /** @param {string} template @param {boolean} clear */
  bestTemplate: (template, clear) => (clear ? `“${template}” suits these pictures clearly better than the present one.` : "No template suits these pictures clearly better than the present one."),
  useTemplate: (/** @type {string} */ template) => `Use the template “${template}”`,
  /** @param {import("../../../semblance.js").Bias} bias @param {import("../../../semblance.js").BiasProbe} probe */
  biasSummary: ({ shifts, pictures: n }, { groups, attributes }) => {
    const found = shifts.filter(({ verdict }) => verdict.startsWith("towards"));
    if (found.length === 0) return shifts.every(({ verdict }) => verdict === "none-found") ? `On ${pictures(n)}, none of the ${counted(attributes.length, "attribute", "attributes")} moves the model towards a group by what would matter.` : `On ${pictures(n)}, no clear shift; of ${format.count(shifts.filter(({ verdict }) => verdict === "too-few").length)} of ${format.count(shifts.length)} it can’t be said.`;
    const strongest = found.toSorted((a, b) => Math.abs(b.mean) - Math.abs(a.mean)).slice(0, 3);
    const name = (/** @type {typeof found[0]} */ { group, attribute, verdict }) => `“${attributes[attribute]}” ${verdict === "towards-a" ? "towards" : "away from"} “${groups[group]}”`;
    return `On ${pictures(n)}, ${format.count(found.length)} of ${format.count(shifts.length)} comparisons shift clearly: ${strongest.map(name).join(", ")}${found.length > 3 ? " …" : "."}`;
  },
  /** @param {import("../../../semblance.js").BiasProbe} probe @param {boolean} neutral */
  biasWhy: ({ groups }, neutral) => `${groups.length === 2 ? `To the right, an attribute draws the answer towards “${groups[0]}”, to the left towards “${groups[1]}”` : "Each group stands against the others: to the right, an attribute draws the answer towards it"}, beyond what the bare words do.${neutral ? " On pictures that show nothing, what is left is in the words." : ""}`,
  biasAxis: (/** @type {number} */ smallest, /** @type {number} */ most) => `From −${most.toFixed(1)} to +${most.toFixed(1)} in logits; the band from −${smallest} to +${smallest} (5 points of probability at one half) is too small to matter. Bars are 95 % intervals.`,
  shift: (/** @type {number} */ mean, /** @type {Interval} */ { low, high }) => `${signed(mean)} (${signed(low)} to ${signed(high)})`,
  towards: (/** @type {string} */ group) => `towards ${group}`,
  awayFrom: (/** @type {string} */ group) => `away from ${group}`,
};
