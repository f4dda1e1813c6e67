// The body of a function that runs in a page with the component: what its tests do there.

const element = () => /** @type {any} */ (document.querySelector("semblance-classifier"));
const root = () => element().shadowRoot;

/** The detail of the next such event. @param {string} name @returns {Promise<any>} */
const next = (name) => new Promise((resolve) => document.addEventListener(name, (event) => resolve(/** @type {CustomEvent} */ (event).detail), { once: true }));

/** @param {string} name of a picture of the page's host */
async function file(name) {
  return new File([await (await fetch(`pictures/${name}`)).blob()], name, { type: name.endsWith(".jpg") ? "image/jpeg" : "image/tiff" });
}

/** @param {File} file */
function transfer(file) {
  const data = new DataTransfer();
  data.items.add(file);
  return data;
}

/** @param {File} file */
function dropFile(file) {
  root().querySelector(".box").dispatchEvent(new DragEvent("drop", { dataTransfer: transfer(file), bubbles: true, cancelable: true }));
}

/** Into the document, as a keyboard does where nothing has the focus. @param {string} name */
async function paste(name) {
  document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer(await file(name)), bubbles: true, cancelable: true }));
}

/** @param {string} way @param {string} name @param {"result" | "error"} [event] what is waited for */
async function give(way, name, event = "result") {
  const told = next(`semblance-${event}`);
  const picture = await file(name);
  if (way === "drop") dropFile(picture);
  else if (way === "paste") await paste(name);
  else if (way === "classify") await element().classify(picture);
  else {
    const input = root().querySelector("input");
    input.files = transfer(picture).files;
    input.dispatchEvent(new Event("change"));
  }
  const { scores, label, error } = await told;
  return error ? { name: error.name, message: error.message } : { scores, label };
}

/** Label, what stands beside it, and how much of its track is filled. */
async function bars() {
  await Promise.all(root().getAnimations().map((/** @type {Animation} */ animation) => animation.finished));
  return [...root().querySelectorAll(".bar")].map((bar) => {
    const [track, fill] = [".track", ".fill"].map((part) => bar.querySelector(part).getBoundingClientRect());
    return [bar.querySelector(".label").textContent, bar.querySelector(".value").textContent, (fill.right - track.left) / track.width];
  });
}

/** Which components show a picture. */
const shown = () => [...document.querySelectorAll("semblance-classifier")].map((element) => !element.shadowRoot?.querySelector(".seen")?.hasAttribute("hidden"));

/** How far the component's numbers are from the module's, which is imported from beside it. @param {string} name */
async function sameAsTheModule(name) {
  const { Semblance } = await import(new URL("semblance.js", script).href);
  const clip = await Semblance.load();
  const ours = await element().classify(await file(name));
  const theirs = await clip.classify(await file(name), element().labels, { template: element().template });
  clip.free();
  return Math.max(...theirs.map((/** @type {any} */ score) => Math.abs(score.probability - ours.find((/** @type {any} */ { label }) => label === score.label).probability)));
}

const { src: script } = /** @type {HTMLScriptElement} */ (document.querySelector("script[type=module]"));
Object.assign(window, { element, root, next, file, dropFile, paste, give, bars, shown, sameAsTheModule, script });
