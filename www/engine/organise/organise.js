/** What brings order into a library of pictures: a script of its own, fetched with the first of it. */
import { connectOrganise } from "./client.js";

export { duplicates } from "./duplicates.js";
export { groups, map } from "./groups.js";
export { facets, gaps } from "./shop.js";
export { moderate, moderateIndex, ruleAdvice, ruleReport } from "./rules.js";
export { sidecars, tag } from "./tags.js";
export { frames } from "./video.js";

/** Several thousand everyday words for what pictures show. @param {import("../../../semblance.js").Semblance} [model] */
export function vocabulary(model) {
  return connectOrganise().call("vocabulary", { model: model?.info().model.name ?? null });
}
