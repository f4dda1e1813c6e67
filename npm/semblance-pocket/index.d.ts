/** pocket's manifest, with the address of its weights: `Semblance.load({ model: pocket })`. */
declare const pocket: {
  format: 1;
  name: string;
  title: string;
  licence: string;
  dtype: string;
  parameters: number;
  bytes: number;
  sha256: string;
  pieces: { url: string; bytes: number; sha256: string }[];
};
export default pocket;
