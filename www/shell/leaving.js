/** What leaves the page by someone's wish: into a file, onto the clipboard. */

/** Some browsers begin to read a file only a while after the click that saves it. */
const savedAfter = 60_000;

/** @param {string} name @param {Blob} content */
export function download(name, content) {
  const url = URL.createObjectURL(content);
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), savedAfter);
}

/** @param {string} content @returns {Promise<boolean>} Whether the browser let us. */
export async function toClipboard(content) {
  try {
    await navigator.clipboard.writeText(content);
    return true;
  } catch {
    return false;
  }
}
