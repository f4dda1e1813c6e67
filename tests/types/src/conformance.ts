// `semblance.js` against `semblance.d.ts`: whatever the declarations promise, the code has, with types that fit.
import { Semblance as Implementation } from "./implementation.js";
import type { Semblance } from "./semblance.js";

declare const made: Implementation;
export const instance: Semblance = made;

type Statics = Omit<typeof Semblance, "prototype" | "load"> & {
  load(...args: Parameters<typeof Semblance.load>): Promise<Semblance>;
};
export const statics: Statics = Implementation;
