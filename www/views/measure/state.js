/**
 * What the view `measure` shows, and how each event changes it. Pure: no DOM, no model.
 *
 * @typedef {import("../../../semblance.js").Evaluation} Evaluation
 * @typedef {import("../../../semblance.js").RankedSystem} RankedSystem
 * @typedef {import("../../../semblance.js").Label} Label
 * @typedef {import("./pictures.js").Item} Item
 *
 * @typedef {"accuracy" | "labels" | "domain" | "bias"} Part
 *
 * @typedef {object} System What is measured: a model, what it computes in, and how the classes are said to it.
 * @property {string | null} model As `load` takes it; null is the one that is loaded.
 * @property {string} modelName
 * @property {"int8" | "f32"} dtype
 * @property {"template" | "imagenet" | "classifier"} words
 * @property {string} template
 * @property {File | null} classifier
 *
 * @typedef {object} Result
 * @property {System} system
 * @property {string} name
 * @property {Evaluation} evaluation
 * @property {{ name: string, hash: string }} model
 *
 * @typedef {object} Measured
 * @property {Result[]} results
 * @property {RankedSystem[]} compared
 * @property {Item[]} items Those that could be read, in the order of all numbers.
 * @property {Words[]} classes
 *
 * @typedef {{ name: string, words: string }} Words Of a class its name, and what is said for it: `cat | kitten` are two words for one.
 *
 * @typedef {object} Effect What happens to the pictures without a label.
 * @property {string} label
 * @property {number} best Pictures whose answer it is.
 * @property {{ label: string, count: number }[]} without Where they go, most first.
 *
 * @typedef {object} MeasureState
 * @property {Part} part
 * @property {Item[]} items
 * @property {string} source
 * @property {Words[]} classes
 * @property {boolean} labelled
 * @property {string} template
 * @property {System[]} systems
 * @property {number} shown Of the results, the one whose details are shown.
 * @property {Measured | null} measured
 * @property {string} repeated What came of a run that was done again.
 * @property {{ path: string, message: string }[]} failed
 * @property {{ what: string, done: number, total: number } | null} work
 * @property {string} trouble
 * @property {import("../../../semblance.js").LabelFinding[] | null} findings
 * @property {{ effects: Effect[], tried: { label: string, from: { label: string, count: number }[], count: number } | null, pictures: number } | null} effects
 * @property {import("../../../semblance.js").Domain | null} domain
 * @property {boolean} noReference
 * @property {{ templates: string[], fits: import("../../../semblance.js").TemplateFits } | null} templates
 * @property {import("../../../semblance.js").BiasProbe} probe
 * @property {{ probe: import("../../../semblance.js").BiasProbe, bias: import("../../../semblance.js").Bias, neutral: boolean } | null} bias
 *
 * @typedef {{ type: "part", part: Part }
 *   | { type: "pictures", items: Item[], classes: string[], source: string }
 *   | { type: "classes", classes: Words[] }
 *   | { type: "template", template: string }
 *   | { type: "systems", systems: System[] }
 *   | { type: "measured", measured: Measured, repeated: string }
 *   | { type: "shown", shown: number }
 *   | { type: "work", work: MeasureState["work"] }
 *   | { type: "failed", failed: MeasureState["failed"] }
 *   | { type: "trouble", trouble: string }
 *   | { type: "findings", findings: MeasureState["findings"] }
 *   | { type: "effects", effects: MeasureState["effects"] }
 *   | { type: "domain", domain: MeasureState["domain"], noReference: boolean }
 *   | { type: "templates", templates: MeasureState["templates"] }
 *   | { type: "probe", probe: MeasureState["probe"] }
 *   | { type: "bias", bias: MeasureState["bias"] }
 *   | { type: "model" }} Action
 */

import { probeOf } from "./bias/bank.js";

/** @type {System} */
export const present = { model: null, modelName: "", dtype: "int8", words: "template", template: "a photo of a {}", classifier: null };

/** @type {MeasureState} */
export const initial = {
  part: "accuracy",
  items: [],
  source: "",
  classes: [],
  labelled: false,
  template: "a photo of a {}",
  systems: [present],
  shown: 0,
  measured: null,
  repeated: "",
  failed: [],
  work: null,
  trouble: "",
  findings: null,
  effects: null,
  domain: null,
  noReference: false,
  templates: null,
  probe: probeOf(0),
  bias: null,
};

/** What was found out about other pictures, labels or words. @type {Pick<MeasureState, "measured" | "repeated" | "shown" | "findings" | "effects" | "domain" | "noReference" | "templates" | "trouble">} */
const nothing = { measured: null, repeated: "", shown: 0, findings: null, effects: null, domain: null, noReference: false, templates: null, trouble: "" };

/** @param {MeasureState} state @param {Action} action @returns {MeasureState} */
export function reduce(state, action) {
  switch (action.type) {
    case "part":
      return { ...state, part: action.part, trouble: "" };
    case "pictures": {
      const labelled = action.classes.length > 0;
      const classes = labelled ? action.classes.map((name) => ({ name, words: name })) : state.labelled ? [] : state.classes;
      return { ...state, ...nothing, bias: null, failed: [], items: action.items, source: action.source, labelled, classes };
    }
    case "classes":
      return { ...state, ...nothing, classes: action.classes };
    case "template":
      return { ...state, ...nothing, measured: state.measured, shown: state.shown, template: action.template };
    case "systems":
      return { ...state, systems: action.systems };
    case "measured":
      return { ...state, measured: action.measured, repeated: action.repeated, shown: Math.max(0, action.measured.compared.findIndex(({ comparison }) => comparison === null)), work: null, trouble: "" };
    case "shown":
      return { ...state, shown: action.shown };
    case "work":
      return { ...state, work: action.work, trouble: action.work ? "" : state.trouble };
    case "failed":
      return { ...state, failed: action.failed };
    case "trouble":
      return { ...state, work: null, trouble: action.trouble };
    case "findings":
      return { ...state, findings: action.findings };
    case "effects":
      return { ...state, effects: action.effects };
    case "domain":
      return { ...state, domain: action.domain, noReference: action.noReference };
    case "templates":
      return { ...state, templates: action.templates };
    case "probe":
      return { ...state, probe: action.probe, bias: null };
    case "bias":
      return { ...state, bias: action.bias };
    // Another one answers: what is said of the loaded one is no more true. A table of several stays.
    case "model":
      return { ...state, findings: null, effects: null, domain: null, noReference: false, templates: null, bias: null };
  }
}

/** What is said for a class, as the library takes it. @param {Words} words @returns {Label} */
export function labelOf({ words }) {
  const all = words.split("|").map((word) => word.trim()).filter(Boolean);
  return all.length > 1 ? all : (all[0] ?? "");
}

/** Lines of a field → classes; of pictures that have classes, in their order and number. @param {string} typed @param {Words[]} before @param {boolean} labelled @returns {Words[]} */
export function classesOf(typed, before, labelled) {
  const lines = typed.split(/\r?\n/).map((line) => line.trim());
  if (labelled) return before.map(({ name }, at) => ({ name, words: lines[at] || name }));
  return [...new Set(lines.filter(Boolean))].map((line) => ({ name: line, words: line }));
}
