/**
 * Repositories of Hugging Face's hub, or of another one with the same interface: which files a model has, and what
 * their hashes are, at one commit. A repository that is stored is used as it is stored, and the hub isn't asked: it
 * needn't know when a model is used, and a new commit there doesn't download hundreds of megabytes here unasked.
 */
import { downloadPage, downloadText, statusOf } from "./download.js";
import { failure } from "../errors.js";
import { chooseFiles, hasWeights } from "./folder.js";
import { HUB } from "./hosts.js";
import { cut, idOf, planFrom } from "./plan.js";
import { readRecord } from "../storage/records.js";

/** @typedef {import("../api/protocol.js").ModelSource} ModelSource */
/** @typedef {import("../storage/store.js").Store} Store */
/** @typedef {Extract<ModelSource, { kind: "hub" }>} Wanted */
/** A file of a repository; `lfs` has what git itself doesn't. @typedef {{ path: string, size: number, oid: string | null, sha256: string | null }} Entry */
/** @typedef {{ commit: string, licence: string, entries: Entry[] }} Snapshot */

/** Whoever adds safetensors to repositories that have none, in a pull request of this title. */
const CONVERTER = { name: "SFconvertbot", title: "Adding `safetensors` variant of this model" };
/** The list of a repository's files comes in pages of up to 1,000. */
const MOST_PAGES = 50;

/**
 * @param {Wanted} wanted
 * @param {Store | null} store
 * @param {AbortSignal} signal
 * @returns {Promise<import("./resolve.js").Resolved>}
 */
export async function resolveHub({ repository, revision, hub, file }, store, signal) {
  const source = revision === "main" ? repository : `${repository}@${revision}`;
  const page = new URL(repository, hub).href;
  const id = await idOf([page, revision, file ?? ""].join("\n"));
  const before = await readRecord(store, "models", id);
  if (before) return { plan: before, before, note: null };

  const folder = file?.includes("/") ? file.slice(0, file.lastIndexOf("/") + 1) : "";
  /** @param {Snapshot} snapshot */
  const namesIn = ({ entries }) => entries.filter(({ path }) => path.startsWith(folder) && !path.slice(folder.length).includes("/")).map(({ path }) => path.slice(folder.length));
  const asked = { hub, repository, signal };
  let snapshot = await snapshotOf(asked, revision);
  if (!file && !hasWeights(namesIn(snapshot)) && revision === "main") {
    const converted = await convertedRevision(asked);
    if (converted) snapshot = await snapshotOf(asked, converted);
  }
  const { commit, licence, entries } = snapshot;
  /** @param {string} name */
  const urlOf = (name) => `${page}/resolve/${commit}/${(folder + name).split("/").map(encodeURIComponent).join("/")}`;
  const readText = (/** @type {string} */ name) => downloadText(urlOf(name), { signal });
  const only = file?.slice(folder.length);
  const names = only && /\.gguf$/i.test(only) ? [only] : await chooseFiles(namesIn(snapshot), source, readText, only);
  const files = names.map((name) => {
    const entry = entries.find(({ path }) => path === folder + name);
    if (!entry) throw failure("ModelError", `${source} has no file ${folder}${name}.`);
    const { size, oid, sha256 } = entry;
    const git = sha256 ? null : oid;
    return cut({ name, bytes: size, sha256, git, url: urlOf(name) }, `git-${git ?? `${commit}-${name}`}`);
  });
  const published = files.every(({ sha256, git, pieces }) => sha256 !== null || (git !== null && pieces.length === 1));
  const name = only ?? repository;
  const about = { id, name, title: name, licence, revision: commit, dtype: "", source, url: page, published };
  return { plan: planFrom(about, files), before, note: null };
}

/** @typedef {{ hub: string, repository: string, signal: AbortSignal }} Asked */

/**
 * @param {Asked} asked
 * @param {string} revision
 * @returns {Promise<Snapshot>}
 */
async function snapshotOf({ hub, repository, signal }, revision) {
  const api = new URL(`api/models/${repository}/`, hub).href;
  const about = await readJson(`${api}revision/${encodeURIComponent(revision)}`, repository, revision, signal);
  const { sha, cardData } = record(about.json);
  if (typeof sha !== "string" || !/^[0-9a-f]{40}$/.test(sha)) throw strange(repository);
  const { license } = record(cardData);
  /** @type {Entry[]} */
  const entries = [];
  let next = /** @type {string | undefined} */ (`${api}tree/${sha}?recursive=true`);
  for (let pages = 0; next && pages < MOST_PAGES; pages++) {
    const page = await readJson(next, repository, revision, signal);
    if (!Array.isArray(page.json)) throw strange(repository);
    for (const item of page.json.map(record)) if (item.type === "file") entries.push(entryOf(item, repository));
    // Pages of another address than the hub's own are no pages of the list.
    next = page.next && URL.canParse(page.next, hub) && new URL(page.next, hub).origin === new URL(hub).origin ? new URL(page.next, hub).href : undefined;
  }
  return { commit: sha, licence: typeof license === "string" ? license.slice(0, 200) : "", entries };
}

/** @param {Record<string, unknown>} item @param {string} repository @returns {Entry} */
function entryOf({ path, size, oid, lfs }, repository) {
  const { oid: hash, size: length } = record(lfs);
  const bytes = length ?? size;
  if (typeof path !== "string" || typeof bytes !== "number" || !Number.isSafeInteger(bytes) || bytes < 0) throw strange(repository);
  const sha256 = typeof hash === "string" && /^[0-9a-f]{64}$/.test(hash) ? hash : null;
  return { path, size: bytes, oid: typeof oid === "string" && /^[0-9a-f]{40}$/.test(oid) ? oid : null, sha256 };
}

/** @param {Asked} asked @returns {Promise<string | null>} */
async function convertedRevision({ hub, repository, signal }) {
  const { json } = await readJson(new URL(`api/models/${repository}/discussions?p=0`, hub).href, repository, "main", signal);
  const { discussions } = record(json);
  const all = Array.isArray(discussions) ? discussions.map(record) : [];
  const found = all.find(
    ({ isPullRequest, title, author, status }) => isPullRequest === true && title === CONVERTER.title && record(author).name === CONVERTER.name && (status === "open" || status === "merged"),
  );
  return found && Number.isSafeInteger(found.num) ? `refs/pr/${found.num}` : null;
}

/** @param {string} url @param {string} repository @param {string} revision @param {AbortSignal} signal */
async function readJson(url, repository, revision, signal) {
  try {
    const { text, next } = await downloadPage(url, { signal, cache: "no-cache", limit: 16e6 });
    return { json: JSON.parse(text), next };
  } catch (thrown) {
    if (thrown instanceof SyntaxError) throw strange(repository);
    const status = statusOf(thrown);
    const { host } = new URL(url);
    // A hub doesn't tell strangers whether a repository exists that they may not see.
    if (status === 401 || status === 403) throw failure("ModelError", `${host} has no public repository ${repository}: it does not exist, or it asks for a login.`, thrown);
    if (status === 404) throw failure("ModelError", `${host} has no repository ${repository}, or it has no revision ${revision}.`, thrown);
    throw thrown;
  }
}

/** @param {string} repository */
function strange(repository) {
  return failure("NetworkError", `The hub's description of ${repository} can't be understood.`);
}

/** @param {unknown} value @returns {Record<string, unknown>} */
function record(value) {
  return typeof value === "object" && value !== null ? /** @type {Record<string, unknown>} */ (value) : {};
}

/**
 * The repository that an address of Hugging Face's site names: its own page, a revision's, or a file's.
 *
 * @param {string} url
 * @returns {Wanted | null}
 */
export function repositoryAt(url) {
  const { origin, pathname } = new URL(url);
  const match = /^\/([\w.-]+\/[\w.-]+)(?:\/(?:tree|resolve|blob)\/([^/]+)(?:\/(.+\.(?:gguf|safetensors)))?)?\/?$/.exec(pathname);
  if (origin !== new URL(HUB).origin || !match) return null;
  const [, repository, revision = "main", file] = match;
  return { kind: "hub", repository, revision: decodeURIComponent(revision), hub: HUB, ...(file && { file: decodeURIComponent(file) }) };
}
