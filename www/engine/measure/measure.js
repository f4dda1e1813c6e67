/** What says how good a model is, and why it said something: a script of its own, fetched with the first of it. */
import { connectMeasure } from "./client.js";

export { bias } from "./bias.js";
export { compareTemplates, domain, usual } from "./domain.js";
export { compare, evaluate, evaluateClip } from "./evaluate.js";
export { explain } from "./explain.js";
export { applyFix, checkLabels } from "./labels.js";

/** The 80 templates that CLIP's authors used for ImageNet. */
export async function imagenetTemplates() {
  return (await connectMeasure().call("prompts", {})).imagenet;
}
