/** The few things every element of the page does with the DOM. Text goes in as text, never as markup. */

/**
 * The one descendant that `selector` names, checked.
 * @template {Element} T
 * @param {ParentNode} root @param {string} selector @param {new () => T} type
 * @returns {T}
 */
export function part(root, selector, type) {
  const found = root.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} at ${selector}`);
  return found;
}

/**
 * A copy of the first element in `<template id=…>`.
 * @template {Element} T
 * @param {string} id @param {new () => T} type
 * @returns {T}
 */
export function clone(id, type) {
  const copy = document.importNode(part(document, `template#${id}`, HTMLTemplateElement).content, true).firstElementChild;
  if (!(copy instanceof type)) throw new Error(`The page’s template #${id} does not start with a ${type.name}`);
  return copy;
}

/**
 * Tell whoever listens above.
 * @param {EventTarget} from @param {string} name @param {unknown} [detail]
 */
export function emit(from, name, detail) {
  from.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
}

/** Set text only when it differs, so that nothing is announced or laid out twice.
 * @param {Element} element @param {string} value */
export function setText(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

/** A progress bar's value: 0..1, or null when the end is unknown.
 * @param {HTMLElement} bar @param {number | null} value @param {string} [spoken] */
export function setProgress(bar, value, spoken) {
  if (value === null) bar.removeAttribute("aria-valuenow");
  else bar.setAttribute("aria-valuenow", String(Math.round(value * 100)));
  if (spoken) bar.setAttribute("aria-valuetext", spoken);
  bar.style.setProperty("--value", String(value ?? 0));
}

/** Change `root`, and where that hid what had the focus, give it to `next` instead of losing it.
 * @param {HTMLElement} root @param {() => void} update @param {() => HTMLElement | null} next */
export function keepingFocus(root, update, next) {
  const focused = document.activeElement;
  update();
  if (focused && root.contains(focused) && !focused.checkVisibility()) next()?.focus();
}

/** Names and what there is to say of each, in a `<dl>`.
 * @param {HTMLElement} list @param {[string, string][]} facts */
export function setFacts(list, facts) {
  list.replaceChildren(
    ...facts.flatMap(([name, value]) => [
      Object.assign(document.createElement("dt"), { textContent: name }),
      Object.assign(document.createElement("dd"), { textContent: value }),
    ]),
  );
}
