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

/** Files as one zip, stored as they are; each is read once, for its checksum.
 * @param {{ name: string, file: Blob }[]} files @param {(done: number) => void} onDone @returns {Promise<Blob>} */
export async function zipped(files, onDone) {
  const [{ zip }, { crc32 }] = await Promise.all([import("../engine/storage/zip.js"), import("../engine/storage/crc32.js")]);
  const packed = [];
  for (const { name, file } of files) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    packed.push({ name, bytes: bytes.length, crc: crc32(bytes), parts: [file] });
    onDone(packed.length);
  }
  return new Blob(zip(packed), { type: "application/zip" });
}
