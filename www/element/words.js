/** Everything the element says by itself. What is in braces is put there. */
export const text = {
  "element-prompt": "Drop a picture here, or paste one",
  "element-choose": "Choose a picture",
  "element-other": "Another picture",
  "element-note": "The picture stays on this device.",
  "element-question": "{labels}?",
  "element-many": "Which of {count} labels?",
  "element-scores": "How well each label fits",
  "element-picture": "The picture",
  "element-engine": "Starting the engine …",
  "element-model": "Loading the model …",
  "element-bytes": "Loading the model: {loaded} of {total}",
  "element-looking": "Looking at the picture …",
  "element-result": "{label}, {share}",
  "element-no-labels": "There is nothing to compare the picture with: the element needs labels, separated by commas.",
};

/** @param {keyof typeof text} key @param {Record<string, string | number>} [values] */
export function say(key, values = {}) {
  return text[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}
