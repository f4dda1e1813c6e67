/** A picture by its address: fetched once, so that the thumbnail and the model get the same one. */

import { say as shared } from "../words.js";
import { say } from "./words.js";

/** The last part of an address, for people. @param {string} url */
export function nameOf(url) {
  const last = new URL(url, location.href).pathname.split("/").pop() || url;
  try {
    return decodeURIComponent(last);
  } catch {
    return last; // a stray % is no reason to refuse the picture
  }
}

/** The picture itself, to be looked at as often as need be. An address may show another picture each time.
 * @param {string} address @returns {Promise<Blob | HTMLImageElement>} */
export function fetchPicture(address) {
  const url = new URL(address);
  // The page's content policy lets it fetch from its own site only; a picture of another one comes as <img>.
  return url.origin === location.origin ? fromHere(url) : fromOtherSite(url);
}

/** @param {URL} url */
async function fromHere(url) {
  const response = await fetch(url).catch(() => null);
  if (!response) throw new Error(shared.unreachable(url.href));
  if (!response.ok) throw new Error(shared.answered(url.href, response.status));
  return response.blob().catch(() => {
    throw new Error(shared.unreachable(url.href));
  });
}

/** @param {URL} url @returns {Promise<HTMLImageElement>} */
function fromOtherSite(url) {
  const image = new Image();
  image.crossOrigin = "anonymous";
  image.referrerPolicy = "no-referrer";
  return new Promise((resolve, reject) => {
    image.onload = () => resolve(image);
    // The browser doesn't tell a refusal from a missing picture, so that pages can't spy.
    image.onerror = () => reject(new Error(navigator.onLine ? say.refused(url.host) : shared.unreachable(url.href)));
    image.src = url.href;
  });
}
