/** The sample pictures that come with the site: `assets/samples/index.json` lists them. */
import { SITE } from "../../site.js";

/**
 * @typedef {{ url: string, title: string, alt: string }} Sample
 */

const folder = new URL("assets/samples/", SITE);

/** None where a site leaves them out. @returns {Promise<Sample[]>} */
export async function listSamples() {
  const response = await fetch(new URL("index.json", folder)).catch(() => null);
  if (!response?.ok) return [];
  /** @type {{ file: string, title: string, alt: string }[]} */
  const samples = await response.json();
  return samples.map(({ file, title, alt }) => ({ url: new URL(file, folder).href, title, alt }));
}

/** @param {Sample} sample @returns {import("./intake.js").Incoming} */
export const incomingSample = ({ url, title }) => ({ source: url, name: title });
