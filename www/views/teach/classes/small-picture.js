/** A picture of the library as a small square. */

/** @typedef {(id: number) => string | null | undefined} Small An object URL; null where there is none, undefined where it is not here yet. */

/** @param {HTMLImageElement} image @param {number} id @param {string | null | undefined} url */
export function showSmall(image, id, url) {
  image.dataset.id = String(id);
  image.classList.toggle("waiting", !url);
  if (url && image.getAttribute("src") !== url) image.src = url;
  if (!url) image.removeAttribute("src");
}

/** @param {number} id @param {Small} small @param {string} name */
export function smallPicture(id, small, name = "") {
  const image = Object.assign(document.createElement("img"), { className: "small-picture", alt: name, decoding: "async" });
  showSmall(image, id, small(id));
  return image;
}

/** One that has come. @param {ParentNode} root @param {number} id @param {string | null} url */
export function cameSmall(root, id, url) {
  for (const image of root.querySelectorAll(`img[data-id="${id}"]`)) showSmall(/** @type {HTMLImageElement} */ (image), id, url);
}

/** Numbers of the pictures that are in sight and not here yet. @param {ParentNode} root @returns {number[]} */
export function missingSmall(root) {
  const images = Array.from(root.querySelectorAll("img.small-picture.waiting"));
  return images.filter((image) => image.checkVisibility()).map((image) => Number(/** @type {HTMLElement} */ (image).dataset.id));
}
