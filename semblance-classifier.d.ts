/**
 * `<semblance-classifier labels="cat, dog">`: a visitor drops, pastes or chooses a picture, and sees how well each label fits
 * it. Nothing is uploaded. Importing this defines the element, and fetches neither the engine nor a model: that begins with
 * the first picture, or at once with the attribute `preload`.
 */
import type { ImageSource, Info, ModelInput, Score } from "./semblance.js";

export class SemblanceClassifier extends HTMLElement {
  /**
   * What the picture is compared with; the attribute `labels` separates them by commas. What is set here or in `model` counts
   * until the attribute changes.
   */
  labels: string[];
  /**
   * Which model, as `Semblance.load()` takes it; the attribute takes what is text. Default: pocket, where it lies beside the
   * element: as on the site, or as the packages lie on a host. Elements with the same model share it.
   */
  model: ModelInput | undefined;
  /** Each label is put where `{}` stands. Default: `"a photo of a {}"`. */
  template: string;
  /** So many bars are shown, the best. Default: 5. */
  top: number;
  /** Load the model before there is a picture. */
  preload: boolean;
  /** Of the picture that is shown, the best first; empty where there is none. */
  readonly scores: Score[];
  /**
   * Show this picture and score it, as if it had been dropped. Rejects as `Semblance`'s own methods do, which the element shows
   * as well, and with an `AbortError` where another picture came in the meantime or the element was removed.
   */
  classify(picture: ImageSource): Promise<Score[]>;
  /** Back to the empty place. */
  clear(): void;

  addEventListener<K extends keyof SemblanceClassifierEventMap>(
    type: K,
    listener: (this: SemblanceClassifier, event: SemblanceClassifierEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof SemblanceClassifierEventMap>(
    type: K,
    listener: (this: SemblanceClassifier, event: SemblanceClassifierEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

/** The model is there. */
export interface ReadyDetail {
  info: Info;
}

/** The picture has scores, which also comes when the labels or the template change. */
export interface ResultDetail {
  /** The best first: all, also those that `top` leaves out. */
  scores: Score[];
  /** The best label. */
  label: string;
  /** What was dropped, pasted, chosen or given to `classify`. */
  picture: ImageSource;
}

/** Something went wrong; `error.message` is the sentence that is shown. */
export interface ErrorDetail {
  error: Error;
}

/** All of them bubble, out of shadow trees, too. */
export interface SemblanceClassifierEventMap extends HTMLElementEventMap {
  "semblance-ready": CustomEvent<ReadyDetail>;
  "semblance-result": CustomEvent<ResultDetail>;
  "semblance-error": CustomEvent<ErrorDetail>;
}

declare global {
  interface HTMLElementTagNameMap {
    "semblance-classifier": SemblanceClassifier;
  }
}
