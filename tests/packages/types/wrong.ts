import { Semblance } from "semblance-clip";
import { SemblanceClassifier } from "semblance-clip/element";
import pocket from "semblance-pocket";
const name: number = pocket.name;
const clip = await Semblance.load({ model: pocket, speed: 1 });
const probability: string = (await clip.classify("cat.jpg", ["cat"]))[0].probability;
new SemblanceClassifier().labels = 1;
