/** The index's worker: owns the files and the search over them, beside the worker that owns the models. */
import { failure } from "../errors.js";
import { errorToWire, transferList } from "../api/protocol.js";
import { pause } from "../running/steps.js";
import { isTrap } from "../running/wasm.js";
import { hold, listFolders, removeFolder } from "./files.js";
import { release, take } from "./held.js";
import { storageError } from "./stored.js";
import { exported, imported } from "./tables.js";
import { startIndexWasm } from "./wasm.js";

/** @typedef {import("./protocol.js").Calls} Calls */
/** @typedef {import("./protocol.js").Ranking} Ranking */
/** @typedef {import("./protocol.js").Reply} Reply */
/** @typedef {import("./protocol.js").Request} Request */
/** @typedef {{ [V in keyof Calls]: (args: Calls[V]["args"]) => Calls[V]["ok"] | Promise<Calls[V]["ok"]> }} Actions */
/** An index, which others may have open as well, and the pictures that have been seen of the folder that is being gone through. @typedef {{ name: string, index: import("./stored.js").StoredIndex, folder: string | null, seen: Set<number> }} Open */

/** Without a call for so long, nobody is kept waiting by a new file that is written. */
const IDLE_MS = 2000;

/** @type {Map<number, Open>} */
const opened = new Map();
let lastHandle = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let idle;

/** @type {Actions} */
const actions = {
  async open({ name, header }) {
    const wasm = await startIndexWasm();
    const index = await take(name, header, wasm);
    opened.set(++lastHandle, { name, index, folder: null, seen: new Set() });
    return { handle: lastHandle, info: index.info(), neutral: wasm.neutral_captions() };
  },
  async close({ handle }) {
    const open = opened.get(handle);
    opened.delete(handle);
    if (open) await release(open.name);
    return null;
  },
  names: listFolders,
  async delete({ name }) {
    const lock = await hold(name);
    if (!lock) throw failure("StorageError", `The library “${name}” is open. Close it, in this tab and others, to delete it.`);
    try {
      await removeFolder(name);
    } finally {
      lock.release();
    }
    return null;
  },
  info: ({ handle }) => at(handle).index.info(),
  roomFor: ({ handle, count }) => at(handle).index.roomFor(count),
  begin({ handle, folder }) {
    const open = at(handle);
    open.folder = folder;
    open.seen.clear();
    return null;
  },
  compare({ handle, files }) {
    const { index, seen } = at(handle);
    return Uint8Array.from(files, ({ path, size, modified }) => {
      const id = index.atPath(path);
      if (id === undefined) return 0;
      seen.add(id);
      const [facts] = index.facts([id]);
      return Number(facts.size === size && facts.modified === modified);
    });
  },
  settle({ handle, whole }) {
    const { index, folder, seen } = at(handle);
    const gone = whole && folder !== null ? Array.from(index.ids({ folder })).filter((id) => !seen.has(id)) : [];
    index.remove(gone);
    return gone.length;
  },
  async content({ handle, file, listed }) {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await bytesOf(file)));
    const { index, folder, seen } = at(handle);
    const same = index.ofContent(hash);
    if (same === undefined) return { hash, known: null };
    const [facts] = index.facts([same]);
    const moved = folder !== null && facts.path.startsWith(`${folder}/`) && !seen.has(same);
    if (facts.path === listed.path || moved) index.renew(same, listed);
    seen.add(facts.path === listed.path || moved ? same : index.putSame({ ...facts, ...listed, hash }, same));
    return { hash, known: moved ? "renamed" : "same" };
  },
  put({ handle, facts, vector, thumbnail }) {
    const { index, seen } = at(handle);
    const id = index.put(facts, vector, /** @type {Uint8Array<ArrayBuffer> | null} */ (thumbnail));
    seen.add(id);
    return id;
  },
  remove({ handle, ids }) {
    at(handle).index.remove(ids);
    return null;
  },
  rank({ handle, parts, weights, neutral, k, where, without }) {
    const ranking = at(handle).index.rank({ parts, weights, neutral }, k + without.length, where);
    return without.length > 0 ? leaving(ranking, without, k) : ranking;
  },
  ids: ({ handle, where }) => at(handle).index.ids(where),
  facts: ({ handle, ids }) => at(handle).index.facts(ids),
  folders: ({ handle }) => at(handle).index.folders(),
  neighbours({ handle, id, count }) {
    const { index } = at(handle);
    return index.facts(index.neighbours(id, count));
  },
  export: ({ handle, format }) => exported(at(handle).index, format, pause),
  async import({ name, file, exact }) {
    if ((await listFolders()).includes(name)) throw failure("StorageError", `There is a library “${name}” already. Give this one another name.`);
    await imported(name, file, exact, pause);
    return null;
  },
  list({ handle, from, count }) {
    const { index } = at(handle);
    return index.facts(index.list(from, count));
  },
  vector: ({ handle, id }) => at(handle).index.vector(id),
  vectors: ({ handle, ids }) => at(handle).index.vectors(ids),
  thumbnail: ({ handle, id }) => at(handle).index.thumbnail(id),
};

/** @param {Ranking} ranking @param {number[]} without @param {number} k @returns {Ranking} */
function leaving({ ids, cosines, standsOut, line, threshold }, without, k) {
  const kept = Array.from(ids.keys()).filter((i) => !without.includes(ids[i])).slice(0, k);
  const of = (/** @type {Float32Array} */ all) => Float32Array.from(kept, (i) => all[i]);
  return { ids: Uint32Array.from(kept, (i) => ids[i]), cosines: of(cosines), standsOut: of(standsOut), line: kept.filter((i) => i < line).length, threshold };
}

/** @param {number} handle */
function at(handle) {
  const open = opened.get(handle);
  if (!open) throw failure("EngineError", "This library was closed. Open it again.");
  return open;
}

/** @param {Blob} file */
async function bytesOf(file) {
  try {
    return await file.arrayBuffer();
  } catch (thrown) {
    throw failure("PictureError", "This file can't be read: it was moved, changed or deleted since it was chosen.", thrown);
  }
}

/** New files for those whose old ones are mostly waste. */
async function tidy() {
  for (const { index, name } of opened.values()) {
    // What fails is tried again another time; the old file is there.
    if (index.isWasteful) await index.compact(pause).catch((thrown) => console.warn(storageError(thrown, name)));
  }
}

/** @param {MessageEvent<Request>} event */
self.onmessage = async ({ data: { id, verb, args } }) => {
  clearTimeout(idle);
  try {
    const ok = await actions[verb](args);
    answer({ id, ok });
  } catch (thrown) {
    const broken = isTrap(thrown);
    const error = broken ? failure("EngineError", `The index's engine stopped in the middle of its work. What was kept is in storage: open the library again.`, thrown) : storageError(thrown, opened.get(args.handle)?.name ?? args.name ?? "");
    answer({ id, error: errorToWire(error), broken });
  }
  idle = setTimeout(tidy, IDLE_MS);
};

/** @param {Reply} reply */
function answer(reply) {
  self.postMessage(reply, { transfer: transferList(reply) });
}
