/** The words of the view `describe`. */

import { counted, format } from "../../shell/format.js";

/** Fixed text, by key: the build writes it into the HTML, where `data-t…` names a key. */
export const text = {
  "describe.title": "Describe",
  "describe.pictures": "Pictures",
  "describe.none": "Drop or choose pictures above: one of them is described here, and can be asked about.",
  "describe.phrases": "Learning the phrases",
  "describe.statements": "Comparing",
  "describe.batch": "Describing",
  "describe.looking": "The picture is being looked at…",
  "describe.noModel": "Waits for a model.",

  "banks.title": "Phrases",
  "banks.hint": "Descriptions are made of several thousand phrases. Yours, a line each, go beside them or instead of them.",
  "banks.own": "My own phrases, a line each",
  "banks.which": "How my own phrases are used",
  "banks.beside": "Beside",
  "banks.instead": "Instead",
  "banks.forbidden": "Forbidden",

  "bank.subject": "subject",
  "bank.attribute": "attribute",
  "bank.action": "action",
  "bank.place": "place",
  "bank.light": "light",
  "bank.medium": "medium",
  "bank.style": "style",
  "bank.own": "own",

  "phrases.title": "Description",
  "phrases.mode": "How phrases are chosen",
  "phrases.best": "Best",
  "phrases.bestWhy": "Phrase by phrase, each the one that fits best with those before",
  "phrases.fast": "One of each",
  "phrases.fastWhy": "Of each kind of phrase the one that fits best",
  "phrases.negative": "What it is not",
  "phrases.negativeWhy": "Each the phrase that fits least with those before",
  "phrases.list": "Phrases, in the order in which they were chosen",
  "phrases.copy": "Copy",
  "phrases.restore": "Bring removed phrases back",
  "phrase.remove": "Remove",
  "phrase.forbid": "Forbid",

  "ask.title": "Ask",
  "ask.placeholder": "What colour is the car?",
  "ask.ask": "Ask",
  "ask.examples": "Examples",
  "ask.example.which": "What animal is it?",
  "ask.example.either": "Is it an animal or a vehicle?",
  "ask.example.yesNo": "Is it taken outdoors?",
  "ask.example.where": "Where is it?",
  "ask.answers": "Answers, the most probable first",
  "ask.how": "What was compared",
  "ask.howHint": "CLIP compares the picture with statements. Change the statement or the answers, and ask again.",
  "ask.template": "Statement, {} where an answer goes",
  "ask.own": "Answers, a line each",
  "ask.again": "Ask again",
  "ask.statements": "Statements, and how well they fit",
  "ask.evidence": "Who measured it",
  "caution.counting": "CLIP counts badly: past three or four the number is a guess.",
  "caution.reading": "CLIP reads badly: at best a word that is large in the picture.",
  "caution.relations": "CLIP hardly tells left from right, above from below, or who does what to whom.",
  "caution.negation": "CLIP hardly understands “not” and “without”: it looks for the thing itself.",

  "writing.title": "In a sentence",
  "writing.lead": "A model of its own writes captions or answers. It is downloaded when you say so, once, and runs on this machine.",
  "writing.model": "Model",
  "writing.base": "BLIP base, captions (1 GB)",
  "writing.large": "BLIP large, captions (1.9 GB)",
  "writing.vqa": "BLIP base, answers (1.5 GB)",
  "writing.own": "Another one",
  "writing.ownLabel": "Repository on Hugging Face, or address",
  "writing.ownHint": "organisation/name",
  "writing.ask": "What would it take?",
  "writing.load": "Load",
  "writing.loading": "Progress of the model",
  "writing.pause": "Pause",
  "writing.prompt": "It begins with",
  "writing.promptHint": "a picture of",
  "writing.question": "Question",
  "writing.questionHint": "What is the man holding?",
  "writing.beams": "Search",
  "writing.greedy": "Greedy, fastest",
  "writing.three": "Three beams",
  "writing.write": "Write",
  "writing.stop": "Stop",
  "writing.free": "Give its memory back",
  "writing.looking": "It looks at the picture…",
  "writing.texts": "Texts, the most probable first",
  "writing.checked": "CLIPScore: how well CLIP finds that the sentence fits the picture (2.5 × cosine).",
  "writing.checkedBeams": "CLIPScore: how well CLIP finds that each sentence fits the picture (2.5 × cosine); the best one is marked.",

  "batch.title": "Many pictures",
  "batch.lead": "The same for all pictures of the page, or for a library: for captions of a shop, or as texts beside pictures that an image generator is trained on.",
  "batch.of": "Pictures",
  "batch.words": "Only those that match",
  "batch.wordsAll": "all of them",
  "batch.most": "At most",
  "batch.prefix": "Text before each",
  "batch.suffix": "Text after each",
  "batch.describe": "Describe all",
  "batch.list": "Descriptions",
  "batch.nothing": "nothing stands out",
  "batch.csv": "CSV",
  "batch.csvLabel": "Descriptions as a table (CSV)",
  "batch.json": "JSON",
  "batch.jsonLabel": "Descriptions with each phrase and what it adds (JSON)",
  "batch.txt": "Text files",
  "batch.txtLabel": "A text beside each picture, in a zip",
};

/** Sentences with something in them. */
export const say = {
  /** @param {string} mode @param {string} described */
  described: (mode, described) => (mode === "negative" ? `Not: ${described}` : described || text["batch.nothing"]),
  /** @param {string} mode @param {number} cosine */
  gains: (mode, cosine) =>
    mode === "negative"
      ? `Numbers: the first phrase’s cosine with the picture, then by how much each lowers it. Together ${format.cosine(cosine)}.`
      : `Numbers: the first phrase’s cosine with the picture, then by how much each raises it. Together ${format.cosine(cosine)}.`,
  /** @param {number} cosine */
  first: (cosine) => format.cosine(cosine),
  /** @param {number} gain */
  gain: (gain) => `${gain < 0 ? "" : "+"}${format.cosine(gain)}`,
  /** @param {string} phrase */
  remove: (phrase) => `Remove “${phrase}” from this description`,
  /** @param {string} phrase */
  forbid: (phrase) => `Forbid “${phrase}” in all descriptions`,
  /** @param {string} phrase */
  allow: (phrase) => `Allow “${phrase}” again`,
  /** @param {string} phrase */
  forbidden: (phrase) => `“${phrase}” is forbidden from now on; the list is under Phrases.`,
  /** @param {string} name */
  choose: (name) => `Describe ${name}`,
  /** @param {string} answer @param {number} probability */
  verdict: (answer, probability) => `${answer.charAt(0).toUpperCase()}${answer.slice(1)}, ${format.percent(probability)}`,
  /** @param {string} neutral */
  cantTell: (neutral) => `It can’t tell: no answer fits better than “${neutral}”.`,
  /** @param {string} neutral */
  neutral: (neutral) => `${neutral} (says nothing)`,
  /** @param {import("../../../semblance.js").Offer} offer @param {number} beside */
  offer: ({ title, licence, bytes, missing, memory, memoryLimit, fits }, beside) => {
    const takes = memory === null ? "" : ` In memory it takes ${format.bytes(memory)} at most${beside ? `, beside ${format.bytes(beside)} of the model that compares` : ""}.`;
    const size = missing > 0 && missing < bytes ? `${format.bytes(missing)} of ${format.bytes(bytes)} are still to be downloaded.` : missing > 0 ? `${format.bytes(bytes)} are to be downloaded.` : "It is in this browser’s storage.";
    return `${title}${licence ? ` (${licence})` : ""}. ${size}${takes}${fits ? "" : ` There are ${format.bytes(memoryLimit)} for it: it does not fit.`}`;
  },
  /** @param {number} bytes */
  download: (bytes) => `Download ${format.bytes(bytes)}`,
  /** @param {string} name @param {number} memory @param {number} beside */
  captioner: (name, memory, beside) => `${name} takes ${format.bytes(memory)} of memory${beside ? `, beside ${format.bytes(beside)} of the model that compares` : ""}.`,
  /** @param {number} probability @param {number | null} clipScore */
  written: (probability, clipScore) => [`p ${probability < 0.001 ? "< 0.1 %" : format.percent(probability)}`, clipScore === null ? "" : `CLIPScore ${format.logit(clipScore)}`].filter(Boolean).join(" · "),
  /** @param {number} n */
  onPage: (n) => `On the page (${format.count(n)})`,
  /** @param {string} name */
  library: (name) => `Library ${name}`,
  /** @param {string} name @param {number} n */
  selectedOf: (name, n) => `Library ${name}: ${format.count(n)} selected`,
  /** @param {number} n @param {number} failed */
  batchDone: (n, failed) => `${counted(n, "picture", "pictures")} described${failed ? `; ${format.count(failed)} could not be read` : ""}.`,
  /** @param {number} n */
  andMore: (n) => `and ${format.count(n)} more, in the files.`,
  copied: () => "The description is on the clipboard.",
  copyFailed: () => "The browser did not let the description onto the clipboard.",
};
