/** Damage to stored files, where they lie; see page.js. */

onmessage = async ({ data: { root, harm } }) => {
  const files = await (await navigator.storage.getDirectory()).getDirectoryHandle(root);
  for (const [folder, given, how, at] of harm) {
    const directory = await files.getDirectoryHandle(folder);
    const name = given ?? (await directory.keys().next()).value;
    if (how === "remove") {
      await directory.removeEntry(name);
      continue;
    }
    const access = await (await directory.getFileHandle(name)).createSyncAccessHandle();
    const place = Math.min(access.getSize() - 1, Math.floor(at * access.getSize()));
    if (how === "cut") {
      access.truncate(place);
    } else {
      const byte = new Uint8Array(1);
      access.read(byte, { at: place });
      access.write(byte.map((value) => value ^ 1), { at: place });
    }
    access.close();
  }
  postMessage(true);
};
