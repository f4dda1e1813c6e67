/** What counts as an address on the web, for the dialog that asks for one and for what is dropped or pasted. */

/** An http(s) address, or null. @param {string} value */
export function webAddress(value) {
  const address = value.trim();
  return /^https?:\/\/\S+$/i.test(address) && URL.canParse(address) ? address : null;
}

/** organisation/name, and perhaps @revision. */
const repository = /^[\w.-]+\/[\w.-]+(@[\w./-]+)?$/;
const fileName = /\.(json|gguf|safetensors|zip)$/i;

/** What someone means by a model's address: a repository (its page's address will do), or a file's address here or
 * elsewhere. Null where it is neither.
 * @param {string} value @returns {{ name: string, model: string } | null} */
export function modelAddress(value) {
  const typed = value.trim();
  if (repository.test(typed) && !fileName.test(typed)) return { name: typed.split("@")[0], model: typed };
  if (!/\S/.test(typed) || /\s/.test(typed) || !URL.canParse(typed, location.href)) return null;
  const url = new URL(typed, location.href);
  const parts = url.pathname.split("/").filter(Boolean);
  if (url.hostname === "huggingface.co" && (parts.length === 2 || parts[2] === "tree")) {
    const [organisation, name, , ...revision] = parts;
    const id = `${organisation}/${name}`;
    return { name: id, model: revision.length ? `${id}@${revision.join("/")}` : id };
  }
  // …/clip/manifest.json is "clip", …/clip-q8.gguf is "clip-q8.gguf".
  return { name: (parts.at(-1) === "manifest.json" ? parts.at(-2) : parts.at(-1)) ?? typed, model: url.href };
}
