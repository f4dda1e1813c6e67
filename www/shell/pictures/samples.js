/**
 * The sample pictures that come with the site: `assets/samples/index.json` lists them. Its `strip`, where it has one, is a
 * picture of all of them side by side, so that the page shows them with one request.
 */
import { addressOf } from "../../site.js";

/**
 * @typedef {{ url: string, title: string, alt: string, small: { url: string, place: number } }} Sample `place` in the picture that is shown, from 0, its left end, to 1
 */

const folder = addressOf("assets/samples/");

/** None where a site leaves them out. @returns {Promise<Sample[]>} */
export async function listSamples() {
  const response = await fetch(new URL("index.json", folder)).catch(() => null);
  if (!response?.ok) return [];
  /** @type {{ strip?: string, samples: { file: string, title: string, alt: string }[] }} */
  const { strip, samples } = await response.json();
  return samples.map(({ file, title, alt }, i) => ({
    ...{ url: new URL(file, folder).href, title, alt },
    small: { url: new URL(strip ?? file, folder).href, place: strip && samples.length > 1 ? i / (samples.length - 1) : 0.5 },
  }));
}

/** @param {Sample} sample @returns {import("./intake.js").Incoming} */
export const incomingSample = ({ url, title }) => ({ source: url, name: title });
