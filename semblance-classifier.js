/**
 * `<semblance-classifier labels="cat, dog">`: a place for a picture, and how well each label fits it. The types and their
 * meaning are in semblance-classifier.d.ts; the element is below www/element. The library comes when it is needed.
 */
import { SemblanceClassifier } from "./www/element/classifier.js";
import { setLibrary } from "./www/element/models.js";

setLibrary(() => import("./semblance.js"));
// A page may have this script twice, and a server that renders pages has no elements.
if (globalThis.customElements && !customElements.get("semblance-classifier")) customElements.define("semblance-classifier", SemblanceClassifier);

export { SemblanceClassifier };
