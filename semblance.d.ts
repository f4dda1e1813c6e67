/** CLIP in the browser: how well pictures and words match, computed on this machine. */

/** A unit-length vector of `info().model.embedding` numbers, as `embedImages` and `embedTexts` return it. */
export type Embedding = Float32Array;

/**
 * Anything that shows a picture; it stays the caller's own. Strings and URLs are fetched (subject to the other
 * site's CORS). EXIF orientation is applied, transparency is laid over white, an animation counts as its first
 * frame. SVG is drawn at its own size, its longer side at least 512 and at most 2048 pixels. Up to 100 megapixels
 * and 32,767 pixels a side.
 */
export type ImageSource =
  | Blob
  | File
  | URL
  | string
  | ImageBitmap
  | ImageData
  | HTMLImageElement
  | HTMLCanvasElement
  | OffscreenCanvas;

/** A picture, or the embedding of one: then no image work is done. */
export type ImageInput = ImageSource | Embedding;

/** `threads`: relaxed SIMD on several threads. `relaxed`: relaxed SIMD on one. `simd`: plain SIMD on one; runs everywhere. */
export type BuildName = "threads" | "relaxed" | "simd";

/** What a model computes in. */
export type Compute = "int8" | "f32";

/** What is kept of a model. */
export type Towers = "both" | "image" | "text";

/** One model the site offers, as its `manifest.json` describes it. */
export interface ModelEntry {
  /** The name that `load({ model })` takes. */
  name: string;
  /** One line for people. */
  title: string;
  /** Bytes to download (or to read from this site). */
  bytes: number;
  parameters: number;
  dtype: string;
  licence: string;
  /** Every byte is already in the browser's storage. */
  stored: boolean;
}

/**
 * True progress of a load. `loaded` and `total` are bytes of the model; `total` is null where the server does not say.
 * `engine`: the WebAssembly is being fetched and compiled. `ready` comes once, last.
 */
export interface LoadProgress {
  stage: "engine" | "download" | "storage" | "file" | "ready";
  loaded: number;
  total: number | null;
}

export interface LoadOptions {
  /**
   * A model's name (`"pocket"`), the URL of a bundle (`…/manifest.json` or `….gguf`) on this site or a host of
   * `www/engine/hosts.js`, or a picked `.gguf` file. Default: `"pocket"`.
   */
  model?: string | URL | Blob;
  /**
   * What the model computes in. `"int8"`: its large matrix products in 8-bit integers, several times as fast and a
   * quarter of the memory; vectors differ a little from the exact ones. `"f32"`: exactly as the weights say, in 32-bit
   * floats. Default: `"int8"`. (How the weights are stored in their file is another thing: `info().model.dtype`.)
   */
  dtype?: Compute;
  /**
   * Keep the image tower only, or the text tower only: a third to two thirds of the memory. What needs the other one is
   * a `ModelError` then; texts whose vectors are kept need none. All of the bundle is downloaded and stored all the
   * same. Default: `"both"`.
   */
  towers?: Towers;
  /**
   * At most so many threads, and at most the machine's cores. Default: as many as serve best; up to four cores all of
   * them, beyond that half of them and at most 8, on phones half of them and at most 4. Threads need a cross-origin
   * isolated page; on others the engine runs on one and says so in `info().notes`.
   */
  threads?: number;
  /**
   * Which build of the engine to run. Default: the fastest that runs here. A build that is asked for and does not run
   * here is an `EngineError`; `"relaxed"` and `"simd"` have one thread. Models of one build, number of threads and
   * `dtype` share a worker.
   */
  build?: BuildName;
  /**
   * Keep texts and their vectors in this browser's storage (the newest 20,000), so that they cost their work once and
   * not once a visit. They are never sent; `Semblance.forgetTexts()` removes them. Default: `true`.
   */
  keepTexts?: boolean;
  onProgress?: (progress: LoadProgress) => void;
  signal?: AbortSignal;
}

export interface StepOptions {
  signal?: AbortSignal;
}

export interface TextOptions extends StepOptions {
  /** Every text is put where `{}` stands. Default: `"{}"`. */
  template?: string;
}

/**
 * Milliseconds that the last picture took in each stage. Where several went through the image tower together, each
 * stage is that of all of them divided by their number.
 */
export interface StageTimings {
  /** Reading the file and decoding it, as far as it was waited for: of many pictures, the next are decoded meanwhile. */
  decode: number;
  preprocess: number;
  imageTower: number;
  scoring: number;
}

export interface Score {
  /** The label as it was given. */
  label: string;
  /** Softmax of the logits over all labels of the call, 0..1. With one label it is always 1. */
  probability: number;
  /** cosine × logit scale. */
  logit: number;
  /** Cosine of the picture's and the prompt's embedding, -1..1. */
  cosine: number;
  /** The prompt was longer than the model's context and was cut (end token kept). */
  cut: boolean;
}

/** All arrays are row-major: `rows` pictures × `cols` texts. */
export interface Similarity {
  rows: number;
  cols: number;
  cosine: Float32Array;
  logits: Float32Array;
  /** Softmax of each row's logits: for this picture, how likely is each text. */
  overTexts: Float32Array;
  /** Softmax of each column's logits: for this text, how likely is each picture. */
  overImages: Float32Array;
  /** For each text: it was longer than the context and was cut. */
  cut: boolean[];
}

export interface Thumbnail {
  /** Size of the picture itself, orientation applied. */
  width: number;
  height: number;
  /** The picture, fitted into `size` × `size`. */
  bitmap: ImageBitmap;
}

export interface Info {
  model: {
    /** Its manifest's name; without a manifest the URL or file name it was loaded from. */
    name: string;
    /**
     * Hex SHA-256 of the weights, by which vectors of different models are told apart. With a manifest it is the
     * one written there: each piece was checked against its own. Without one it was computed on the way.
     */
    hash: string;
    parameters: number;
    /** The encoding of most of the weights in their file. */
    dtype: string;
    /** What it computes in. */
    compute: Compute;
    /** Side of the picture the model sees, in pixels. */
    imageSize: number;
    patchSize: number;
    /** Numbers in an embedding. */
    embedding: number;
    /** Longest text in tokens, start and end included. */
    contextLength: number;
    logitScale: number;
    /** Where the weights came from this time, and whether they are kept. */
    source: "download" | "storage" | "file";
    stored: boolean;
    /** Every byte was checked against the SHA-256 in the model's manifest; false without a manifest. */
    verified: boolean;
  };
  /** The WebAssembly build that runs. */
  build: BuildName;
  /** Threads that compute. */
  threads: number;
  /** Bytes of WebAssembly memory in use by the engine, all models of its worker (it never shrinks). */
  memory: number;
  /** Of the last picture; null before the first. */
  timings: StageTimings | null;
  /** Texts whose embeddings are kept. */
  cachedTexts: number;
  /** What runs slower or weaker than it could, in sentences: no threads, no storage or none that is sure to last … */
  notes: string[];
}

/** One request that the page or its worker made. */
export interface NetworkRequest {
  url: string;
  /** Milliseconds since the page opened. */
  at: number;
  /** Bytes over the network; 0 when it came from a cache, null when the browser does not say (other sites, failures). */
  bytes: number | null;
  /** HTTP status; null when the browser does not say (other sites, failures, older browsers). */
  status: number | null;
  /** The request went to this site's own origin. */
  sameOrigin: boolean;
  /** "page" or "worker". */
  from: "page" | "worker";
}

/**
 * Everything that can go wrong is an `Error` whose `name` is one of these and whose `message` is a sentence for people.
 * `AbortError` is the browser's own: the `signal` was aborted (with another reason, that reason is what is thrown).
 * Arguments of a wrong type are a `TypeError`.
 */
export type ErrorName =
  | "AbortError"
  | "PictureError"
  | "TextError"
  | "ModelError"
  | "NetworkError"
  | "StorageError"
  | "EngineError";

export class Semblance {
  private constructor();
  /** Load a model. Nothing is ever sent; only the model's own bytes are fetched. */
  static load(options?: LoadOptions): Promise<Semblance>;
  /** The models this site offers. */
  static models(): Promise<ModelEntry[]>;
  /** Check and decode a picture without a model. Rejects with a `PictureError` that says what is wrong with it. */
  static thumbnail(image: ImageSource, options?: { size?: number; signal?: AbortSignal }): Promise<Thumbnail>;
  /** Remove all texts and their vectors from the models that are loaded and from this browser's storage. Rejects with a `StorageError` where that fails. */
  static forgetTexts(): Promise<void>;
  /** Every network request since the page opened, oldest first. The last ones of a worker that crashed may be missing: they die with it. */
  static requests(): Promise<NetworkRequest[]>;

  /** Scores in the order of `labels`. */
  classify(image: ImageInput, labels: string[], options?: TextOptions): Promise<Score[]>;
  /**
   * One unit vector a picture, in their order. While one group of pictures is computed the next are decoded, also over
   * several calls at a time; memory does not grow with their number. `onProgress` is called on the way, at most 20 times
   * a second. The first picture that can't be read rejects them all.
   */
  embedImages(
    images: ImageSource[],
    options?: StepOptions & { onProgress?: (done: number, total: number) => void },
  ): Promise<Embedding[]>;
  /** One unit vector a text. Vectors are kept (see `keepTexts`), so a text costs its work once. */
  embedTexts(texts: string[], options?: TextOptions): Promise<Embedding[]>;
  /** Every picture against every text. */
  similarity(images: ImageInput[], texts: string[], options?: TextOptions): Promise<Similarity>;
  /** What is running: model, build, threads, memory, timings by stage. */
  info(): Info;
  /** Give the model's memory back. Every later call rejects with an `EngineError`. */
  free(): void;
}
