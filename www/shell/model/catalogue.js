/**
 * Models that many know by name: what the picker lists beside the site's own. Nothing else in the code knows one of them;
 * every other repository of the same kind loads the same way.
 *
 * @typedef {object} KnownModel
 * @property {string} id The repository on huggingface.co.
 * @property {string} title For people.
 * @property {number} parameters
 * @property {import("./words.js").TextKey} goodFor
 */

/** @type {readonly KnownModel[]} */
export const catalogue = [
  { id: "openai/clip-vit-base-patch32", title: "OpenAI CLIP ViT-B/32", parameters: 151_277_313, goodFor: "catalogue.b32" },
  { id: "openai/clip-vit-base-patch16", title: "OpenAI CLIP ViT-B/16", parameters: 149_620_737, goodFor: "catalogue.b16" },
  { id: "openai/clip-vit-large-patch14", title: "OpenAI CLIP ViT-L/14", parameters: 427_616_513, goodFor: "catalogue.l14" },
  { id: "openai/clip-vit-large-patch14-336", title: "OpenAI CLIP ViT-L/14, 336 pixels", parameters: 427_944_193, goodFor: "catalogue.l14at336" },
  { id: "laion/CLIP-ViT-B-32-laion2B-s34B-b79K", title: "LAION CLIP ViT-B/32", parameters: 151_277_313, goodFor: "catalogue.laionB32" },
  { id: "laion/CLIP-ViT-L-14-laion2B-s32B-b82K", title: "LAION CLIP ViT-L/14", parameters: 427_616_513, goodFor: "catalogue.laionL14" },
  { id: "laion/CLIP-ViT-H-14-laion2B-s32B-b79K", title: "LAION CLIP ViT-H/14", parameters: 986_109_441, goodFor: "catalogue.laionH14" },
];
