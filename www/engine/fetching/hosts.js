/**
 * Where models may come from: this site, the host that a page has the engine itself from, and the hosts below, over https,
 * and nobody else, however a link to the page or a redirect may read. The page's Content-Security-Policy (`connect-src` in index.html) names the same hosts.
 */
import { failure } from "../errors.js";
import { ownOrigin } from "../../site.js";

/** Where repositories are looked for. */
export const HUB = "https://huggingface.co/";

/** In the form of a Content-Security-Policy's sources: `*.` is every name below. */
const MODEL_HOSTS = ["https://huggingface.co", "https://*.huggingface.co", "https://*.hf.co"];

/**
 * @param {string} url absolute
 * @throws a `ModelError` that says which sites are allowed
 */
export function checkModelHost(url) {
  const { origin, protocol, hostname, port } = new URL(url);
  if (origin === self.location.origin || origin === ownOrigin()) return;
  const known = MODEL_HOSTS.some((host) => {
    const name = host.replace("https://", "");
    return name.startsWith("*.") ? hostname.endsWith(name.slice(1)) : hostname === name;
  });
  if (known && protocol === "https:" && port === "") return;
  throw failure(
    "ModelError",
    `Models are not loaded from ${origin}: only from this site, ${MODEL_HOSTS.slice(0, -1).join(", ")} and ${MODEL_HOSTS.at(-1)}. Save the .gguf file and open it from this machine instead.`,
  );
}
