// The packages as their users write them; this is only ever compiled.
import { Semblance, type Score } from "semblance-clip";
import { SemblanceClassifier, type ResultDetail } from "semblance-clip/element";
import pocket from "semblance-pocket";

const clip = await Semblance.load({ model: pocket });
const scores: Score[] = await clip.classify("cat.jpg", ["cat", "dog"]);

const element: SemblanceClassifier = document.createElement("semblance-classifier");
element.labels = ["cat", "dog"];
element.model = pocket;
element.addEventListener("semblance-result", ({ detail }) => {
  const { scores, label }: ResultDetail = detail;
  console.log(label, scores[0].probability);
});
element.addEventListener("semblance-error", ({ detail }) => console.log(detail.error.message));
const own: Score[] = await element.classify(new File([], "cat.jpg"));
console.log(scores, own);
