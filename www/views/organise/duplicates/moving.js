/** Files into another folder, by the File System Access API: the browser asks the person for both, and nothing is lost on the way. */

/** Whether this browser can. */
export const canMove = () => "showDirectoryPicker" in globalThis;

/** Where moved files go, inside the folder that they lie in. */
const target = "duplicates";

/**
 * A file is copied, read back in its size, and only then removed from where it was.
 *
 * @param {string[]} paths the first part is the name of the folder that was added
 * @param {{ signal: AbortSignal, onProgress: (done: number, total: number) => void }} way
 * @returns {Promise<{ moved: number, failed: number } | null>} null where the person said no
 */
export async function moveInto(paths, { signal, onProgress }) {
  const picker = /** @type {{ showDirectoryPicker?: (options: object) => Promise<FileSystemDirectoryHandle> }} */ (/** @type {unknown} */ (globalThis)).showDirectoryPicker;
  if (!picker) return null;
  const root = await picker({ mode: "readwrite" }).catch(() => null);
  if (!root) return null;
  let moved = 0;
  let failed = 0;
  for (const path of paths) {
    signal.throwIfAborted();
    const parts = path.split("/");
    // The folder that was added, or one above or below it.
    const inside = parts[0] === root.name ? parts.slice(1) : parts;
    if (await moveFile(root, inside).catch(() => false)) moved += 1;
    else failed += 1;
    onProgress(moved + failed, paths.length);
  }
  return { moved, failed };
}

/** @param {FileSystemDirectoryHandle} root @param {string[]} parts */
async function moveFile(root, parts) {
  const folders = parts.slice(0, -1);
  const name = parts[parts.length - 1];
  let from = root;
  for (const folder of folders) from = await from.getDirectoryHandle(folder);
  const file = await (await from.getFileHandle(name)).getFile();
  let to = await root.getDirectoryHandle(target, { create: true });
  for (const folder of folders) to = await to.getDirectoryHandle(folder, { create: true });
  // One of that name that lies there is somebody's.
  if (await to.getFileHandle(name).catch(() => null)) return false;
  const copy = await to.getFileHandle(name, { create: true });
  const writing = await copy.createWritable();
  await writing.write(file);
  await writing.close();
  if ((await copy.getFile()).size !== file.size) return false;
  await from.removeEntry(name);
  return true;
}
