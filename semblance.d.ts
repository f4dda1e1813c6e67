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
 * Which model, and where it is:
 * - a name of this site's (`"pocket"`; `Semblance.models()` lists them),
 * - a repository of Hugging Face's hub, `"org/name"` or `"org/name@revision"`, with weights as safetensors (single, in
 *   shards, or in OpenCLIP's layout). Once it is stored it is used as it is stored, without asking the hub; another
 *   revision is another model,
 * - the URL of a `manifest.json`, a `.gguf` or a `.safetensors` (with `config.json` and the tokenizer beside it), on this
 *   site or a host of `www/engine/fetching/hosts.js`,
 * - a `.gguf` file, a `.zip` of a Hugging Face folder, or the files of such a folder. Nothing touches the network, and
 *   nothing is stored: `Semblance.importModel` does that,
 * - a manifest itself: the package `semblance-pocket` exports pocket's,
 * - `"stored:<id>"`: a model in this browser's storage, by its `StoredModel.id`.
 */
export type ModelInput = string | URL | Blob | readonly File[] | ModelManifest;

/** What a bundle's `manifest.json` says, as the package `semblance-pocket` exports it. */
export interface ModelManifest {
  format: 1;
  name: string;
  title: string;
  licence: string;
  dtype: string;
  parameters: number;
  bytes: number;
  /** Of the pieces put together. */
  sha256: string;
  /** In order; absolute addresses, all on one host. */
  pieces: { url: string; bytes: number; sha256: string }[];
}

/** What a load would take, before any of it. */
export interface Offer {
  /** The `StoredModel.id` that it has or would have; `""` for files, which a load doesn't store. */
  id: string;
  name: string;
  /** One line for people. */
  title: string;
  /** As its publisher says it; `""` where nobody does. */
  licence: string;
  /** The commit of the repository that it comes from, where that is known. */
  revision: string | null;
  /** The encoding of the weights in their file; `""` where only the weights will tell. */
  dtype: string;
  /** Of all its files; 0 where the server doesn't say. */
  bytes: number;
  /** Of them, those still to be downloaded. */
  missing: number;
  /** Both towers'; null where only the weights will tell. */
  parameters: number | null;
  /** Bytes of WebAssembly memory that it will take at most, in this `dtype`, with these `towers`; null as above. */
  memory: number | null;
  /** What there is for it: 3 GB, on phones 1 GB, less what models take that are loaded. */
  memoryLimit: number;
  /** `memory` is within the limit, or unknown: then the load itself finds out before it has read much. */
  fits: boolean;
  /** Bytes left in this browser's storage for this site (null where it doesn't say), and whether `missing` goes in. */
  quota: { available: number | null; enough: boolean };
  /** Where it would be kept: the private file system, the Cache API, or nowhere. */
  keeps: "opfs" | "cache" | "memory";
  /** Where people find it; null for files. */
  url: string | null;
}

/** A model in this browser's storage, whole or in part. */
export interface StoredModel {
  /** For `load({ model: "stored:<id>" })` and the functions below: 32 hex digits, the same for the same source. */
  id: string;
  name: string;
  title: string;
  licence: string;
  revision: string | null;
  /** `""` until it was loaded once, where only the weights tell. */
  dtype: string;
  /** Of the whole. */
  bytes: number;
  /** Of them, those that are here (unchecked; a load and `verifyModel` check them). */
  present: number;
  /** All are here. One that isn't can be loaded, which goes on with its download. */
  complete: boolean;
  /** When it was last loaded or imported, in milliseconds since the epoch. */
  lastUsed: number | null;
  /** The address, repository's id or file name that it came from. */
  source: string;
  /** As `info().model.hash`; null until it was whole once, where nobody publishes it. */
  hash: string | null;
}

export interface Verification {
  /** Every byte that is here is what it should be. */
  ok: boolean;
  /** Pieces (of up to 16 MiB) that were not, and are removed. */
  bad: number;
  /** Bytes that are right. */
  bytes: number;
}

/**
 * True progress of a load, in bytes of the model, at most 20 times a second. `engine`: the model's description is being
 * fetched, and the WebAssembly. `storage`, `download`, `file`: where the last bytes came from. `ready` comes once, last.
 */
export interface LoadProgress {
  stage: "engine" | "download" | "storage" | "file" | "ready";
  /** Read so far, from wherever. */
  loaded: number;
  /** Of all its files; null where that isn't known (yet). */
  total: number | null;
  /** Of `total`, those that were in storage when the load began. */
  stored: number;
  /** What came over the network in this load: all of it, also what came twice or had to be thrown away. */
  downloaded: number;
  /** Bytes a second over the network, of the last 5 seconds; null where nothing is downloaded, and in its first half second. */
  perSecond: number | null;
  /** Until the rest is downloaded, at that speed. */
  secondsLeft: number | null;
}

export interface LoadOptions {
  /** Default: `"pocket"`. */
  model?: ModelInput;
  /**
   * For weights that come without their logit scale, as clip.cpp's files do: what cosines are multiplied by before the
   * softmax, above 0, as `info().model.logitScale` (CLIP's own models have 100). Without it, such a load rejects with a
   * `LogitScaleMissing`. It is kept with the stored model.
   */
  logitScale?: number;
  /** Another hub with the same interface as Hugging Face's, on this site. Default: `"https://huggingface.co/"`. */
  hub?: string;
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
  /** Aborting is pausing: what has come and was checked stays in storage, and loading again goes on from there. */
  signal?: AbortSignal;
}

export interface StepOptions {
  signal?: AbortSignal;
}

/** A text, or several words for the same (`["cat", "kitty"]`), whose vectors are averaged. It is called by its first word. */
export type Label = string | string[];

export interface TextOptions extends StepOptions {
  /**
   * Every text is put where `{}` stands. Of several templates a text's vector is the mean of its unit vectors in each, made a
   * unit vector (Radford et al. 2021, section 3.1.4); it is kept as one. Default: `"{}"`.
   */
  template?: string | string[];
}

/**
 * `patches`, quick: what each patch of the picture says by itself, along the last block's values (MaskCLIP, Zhou et al. 2022;
 * CLIP Surgery, Li et al. 2023). `occlusion`, slow and honest: how much less there is for the label when a part is covered (Zeiler and
 * Fergus 2014); the picture is looked at up to 82 times.
 */
export type ExplainMethod = "patches" | "occlusion";

export interface ExplainOptions extends TextOptions {
  /** Default: `"patches"`. */
  method?: ExplainMethod;
  /** All labels that the picture was compared with: the evidence is that for one of them against the others. Without, against captions that mean nothing in particular. */
  labels?: Label[];
  /** From 0 to 1. */
  onProgress?: (progress: number) => void;
}

/** Where in a picture the evidence for a label lies. */
export interface Explanation {
  method: ExplainMethod;
  /** Cells along both sides of the grid. */
  side: number;
  /** Row by row, in units of logits: above 0 speaks for the label, 1 makes it e times as likely against the others. */
  heat: Float32Array;
  /** The part of the picture that the model sees, and the grid lies on, in shares of its sides; beyond 0 to 1 where it is padded. */
  seen: { x: number; y: number; width: number; height: number };
  /**
   * The evidence for the label as a picture to be laid over the other: one colour, the more opaque the more evidence, relative to
   * the most there is. `width` pixels wide (default: 256), `height` in the picture's proportion; `colour`: red, green and blue from 0 to 255.
   */
  overlay(options?: { width?: number; colour?: [number, number, number] }): ImageData;
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
  /** The label as it was given, or the first of its words. */
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
    /** Its manifest's name; without a manifest the repository's id or the file's name. */
    name: string;
    /**
     * Hex SHA-256 of the model, by which vectors of different models are told apart: that of its file, or of a folder
     * one over those of all its files. With a manifest it is the one written there: each piece was checked against its own.
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
    /** Every byte was checked against what its publisher says: a manifest, or the hub's list of files. */
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
  /** How the integer products go, which nearly all of the time is spent on; null where the model computes in f32. */
  products: Products | null;
  /** Texts whose embeddings are kept. */
  cachedTexts: number;
  /** What runs slower or weaker than it could, in sentences: no threads, no storage or none that is sure to last … */
  notes: string[];
}

/** The integer products of a model, and how near they come to what this machine can do. Rates are in 10⁹ multiplications and additions a second. */
export interface Products {
  /**
   * The way that was the fastest here when the engine started: one relaxed dot product (`dot`; one instruction on ARM and on x86 with
   * AVX-VNNI), pairs of products that are added in 16 bits first (`paired`; on other x86), or 16-bit products of plain SIMD (`simd128`).
   */
  route: "dot" | "paired" | "simd128";
  /** What each way gave on one thread when it was tried, on numbers that lie next to the processor. */
  rates: Record<string, number>;
  /** On all threads together, over all products since the engine started; null before the first. */
  reached: number | null;
  /** Of the best rate times the threads. */
  share: number | null;
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

/** A library of pictures, and with which model. */
export interface IndexOptions {
  /** Makes the vectors, and those of queries. Without one a library can be looked at, and searched by its own pictures or by embeddings. */
  model?: Semblance;
  /** Keep vectors as f32 besides their 8 bits, and rank the best hundred by them: five times as large on the disk. For a new library only. */
  exact?: boolean;
}

export interface AddOptions {
  /**
   * The name of a folder that `pictures` are the whole of; their paths begin with it. Pictures that are not among them
   * any more leave the library, and one that has another path keeps its vector.
   */
  folder?: string;
  signal?: AbortSignal;
  /** At most 20 times a second. */
  onProgress?: (progress: AddProgress) => void;
}

/** How far pictures are; what is done is kept, whatever comes after. */
export interface AddProgress {
  done: number;
  total: number;
  /** Embedded now. */
  added: number;
  /** There already, with the same path, size and date. */
  unchanged: number;
  /** Of a content that is there: it has its vector. */
  same: number;
  /** There under another path until now. */
  renamed: number;
  /** Not in the folder any more, and so not in the library. */
  removed: number;
  /** Those that could not be read, and why. */
  failed: { path: string; message: string }[];
  /** Pictures a second, of the last ten seconds; null before there is anything to say. */
  rate: number | null;
  secondsLeft: number | null;
  /** Bytes that the new ones are going to take, what is left of this browser's storage for this site, and whether that is enough; null before that is known. */
  room: { needed: number; available: number | null; enough: boolean } | null;
}

/** Which pictures a search looks at: those that meet all of it. */
export interface SearchFilter {
  /** In this folder, at any depth, as paths have it. */
  folder?: string;
  /** Taken, or where nobody knows last changed, not before this. Milliseconds since 1970, or a date. */
  from?: Date | number;
  /** The same, before this. */
  until?: Date | number;
  /** Bytes of the file. */
  smallest?: number;
  largest?: number;
  /** Width and height at least so many pixels. */
  pixels?: number;
  /** `square`: no side more than 1.05 times the other. */
  shape?: "landscape" | "portrait" | "square";
}

/** A picture to search by: any, its embedding, or one of the library by its number. */
export type SearchImage = ImageInput | { id: number };

export interface SearchQuery {
  /** Words; `template` is put around each. */
  text?: string | string[];
  image?: SearchImage | SearchImage[];
  /** What it should not be like: words are strings. */
  minus?: string | SearchImage | (string | SearchImage)[];
  /** How much each counts, from 0 on, in the order `text`, `image`, `minus`; 1 each. */
  weights?: number[];
  /** So many of the best, 50 unless you say so; `Infinity` for all. */
  k?: number;
  where?: SearchFilter;
  /** Such as `a photo of a {}`. */
  template?: string;
  signal?: AbortSignal;
}

/** A picture of a library. */
export interface IndexedPicture {
  /** Its number, for as long as it is in the library. */
  id: number;
  path: string;
  /** Bytes of the file. */
  size: number;
  /** When the file was last changed, in milliseconds since 1970. */
  modified: number;
  /** When it was taken, as its EXIF says on the camera's own clock, in milliseconds since 1970; null where it doesn't. */
  taken: number | null;
  /** Of the upright picture. */
  width: number;
  height: number;
  /** SHA-256 of the file. */
  hash: Uint8Array;
}

export interface SearchHit extends IndexedPicture {
  /** Of the query's unit vector with the picture's: with words alone, or one picture alone, their cosine. */
  cosine: number;
  /**
   * By how much it stands out of the library: (cosine − m) / σ, where m is the median of the query's cosines with all
   * pictures, and σ 1.4826 × the median of how far those below it lie below. Compare with `Ranking.threshold`.
   */
  standsOut: number;
}

/** Pictures in the order of a search, and where results end. */
export interface Ranking {
  /** Numbers, best first, equal ones by path. */
  ids: Uint32Array;
  /** As `SearchHit` has it, one each. */
  cosines: Float32Array;
  standsOut: Float32Array;
  /**
   * So many of them stand out, by `threshold`. None where the query is one of words and the best pictures are described
   * better by captions that mean nothing in particular: nothing here looks like that.
   */
  line: number;
  /** 2.5 + 0.6 log₁₀ n in a library of n pictures: by chance more lie far out in a larger one. */
  threshold: number;
}

/** `library`: all of it, small pictures too; the others: vectors with a list, as NumPy, safetensors and Parquet have them. */
export type IndexFormat = "library" | "npy" | "safetensors" | "parquet";

export interface ImportOptions {
  /** The file's name unless you say so. No library may have it. */
  name?: string;
  /** The model that made its vectors, as in `openIndex`. */
  model?: Semblance;
  /** As in `openIndex`; a whole library comes as it was. */
  exact?: boolean;
}

/** A picture with its path, at hand or opened when it is its turn. */
export type PictureSource =
  | { path: string; file: File }
  | { path: string; size: number; modified: number; open: () => Promise<File> };

export interface IndexStats {
  pictures: number;
  /** In storage. */
  bytes: number;
  /** Of the records' file, bytes that say nothing any more; they are removed when they are most of it. */
  waste: number;
  /** Numbers of a vector. */
  dim: number;
  exact: boolean;
  /** Hash of the model that made the vectors. */
  model: string;
  /** In the browser's storage, or else in memory only. */
  kept: boolean;
  /** What there is to say, in sentences: damage that was found, no storage. */
  notes: string[];
}

/** A library of pictures, searched by words and by pictures. `Semblance.openIndex` gives one. */
export interface PictureIndex {
  readonly name: string;
  /**
   * Add pictures: files, files with the paths they are to have, zips of pictures. What is there is not embedded again. Resolves when all
   * are done; a picture that can't be read is among `failed`. To pause is to abort, to go on is to add the same again.
   * Rejects with a `StorageError` where the storage is full; what was added until then stays.
   */
  add(pictures: readonly (File | PictureSource)[], options?: AddOptions): Promise<AddProgress>;
  /**
   * The best pictures for words, pictures, or several of both, best first, equal ones by path. Every picture is compared.
   * Of several parts the query is Σ weight × vector / σ, where σ is the standard deviation of the part's cosines over the
   * library, and what is unwanted counts below 0.
   */
  search(query: SearchQuery): Promise<SearchHit[]>;
  /** The same as numbers alone, for many thousands: what is known of those in sight, `facts` says. */
  rank(query: SearchQuery): Promise<Ranking>;
  /** Pictures like one of the library, that one left out. */
  similarTo(id: number, options?: { k?: number; where?: SearchFilter }): Promise<SearchHit[]>;
  remove(ids: number | number[]): Promise<void>;
  stats(): Promise<IndexStats>;
  /** Numbers of all pictures, or of those that meet conditions, in the order of paths. */
  ids(where?: SearchFilter): Promise<Uint32Array>;
  facts(ids: ArrayLike<number>): Promise<IndexedPicture[]>;
  /** The vectors of pictures, one after another, as exactly as they are kept: of 8 bits, or f32 in a library opened with `exact`. */
  vectors(ids: ArrayLike<number>): Promise<Float32Array>;
  /** Folders that pictures are in, and those above them. */
  folders(): Promise<string[]>;
  /** Pictures of the very folder that one is in, itself among them, in the order of paths; 24 unless you say so. */
  neighbours(id: number, options?: { count?: number }): Promise<IndexedPicture[]>;
  /** A file to be saved, whose name should end in `extension`. `Semblance.importIndex` reads it back. */
  export(format: IndexFormat): Promise<{ file: Blob; extension: string }>;
  /** Pictures in the order of paths; 100 from the first on, unless you say so. */
  list(options?: { from?: number; count?: number }): Promise<IndexedPicture[]>;
  /** A small picture, at most 256 pixels a side, as it was when it was added; null where it is lost. */
  thumbnail(id: number): Promise<Blob | null>;
  /**
   * The words of a large vocabulary, or of one's own, that fit each picture, judged against the whole library. It needs the model
   * that the library was opened with. Rejects with an `EngineError` where there is none, or no picture.
   */
  tag(options?: TagOptions): Promise<Tagging>;
  /** Clusters in every fineness, with names from the vocabulary. */
  groups(options?: GroupOptions): Promise<Grouping>;
  /**
   * A place on a plane for each picture, near ones together: the two main directions at once (`onPlaces`), then a neighbour
   * embedding, which goes on telling its places until it is done.
   */
  map(options?: MapOptions): Promise<PictureMap>;
  /** The same picture twice, bursts, and pictures that are merely alike, told apart by vectors and by the small pictures. */
  duplicates(options?: DuplicateOptions): Promise<DuplicateSet[]>;
  /** What rules find among the pictures. */
  moderate(rules: Rule[], options?: ModerateIndexOptions): Promise<LibraryRule[]>;
  /** Of groups of labels (colour, material, kind) the pictures that each label fits best. */
  facets(groups: FacetGroup[], options?: FacetOptions): Promise<Facets>;
  /** Of products by their words, whether any picture shows them. */
  gaps(products: string[], options?: GapOptions): Promise<ProductFit[]>;
  /** Let it go. What was added is in storage; every later call rejects. Others who have it open keep it. */
  close(): Promise<void>;
}

/** What a word of the vocabulary is a word for. */
export type VocabularyKind = "animal" | "plant" | "food" | "thing" | "person" | "place" | "activity" | "material" | "colour" | "style" | "own";

export interface VocabularyTerm {
  word: string;
  kind: VocabularyKind;
  /** `{}` where the word goes. */
  template: string;
}

export interface TagOptions extends StepOptions {
  /** Instead of the vocabulary. */
  words?: (string | (Pick<VocabularyTerm, "word"> & Partial<VocabularyTerm>))[];
  /** Of words that have none of their own. Default: `"a photo of a {}"`. */
  template?: string;
  where?: SearchFilter;
  /** Words, then pictures. */
  onProgress?: (done: number, total: number) => void;
}

/** What a person said of a tag: it holds of that picture, and moves the word's threshold for all others. */
export interface TagCorrection {
  id: number;
  word: string;
  right: boolean;
}

export interface TagSelection {
  /** In the order of paths. A tag that a person accepted has the probability 1 where it would not be taken otherwise. */
  pictures: { id: number; tags: { word: string; probability: number }[] }[];
  /** The least probability that is taken, and what share of what is taken is expected to be right; null where nothing reaches the aim. */
  least: number | null;
  expected: number | null;
}

/** What was found of all words for all pictures: tags are taken from it without the model. Free it. */
export interface Tagging {
  readonly words: VocabularyTerm[];
  readonly ids: Uint32Array;
  /** As many tags as are expected to be right to the share `precision` (0.8 unless you say so), at most `most` (24) a picture. */
  select(options?: { precision?: number; most?: number; corrections?: TagCorrection[] }): Promise<TagSelection>;
  free(): void;
}

/** What is done with a picture that a rule finds. Whoever shows pictures does it. */
export type RuleAction = "hide" | "blur" | "tag" | "list";

export interface Rule {
  name: string;
  /** Any of them. */
  labels: string[];
  /** What such pictures show otherwise. Default: captions that mean nothing in particular. */
  against?: string[];
  /** Default: `"{}"`. */
  template?: string;
  /** The least probability. Default: 0.5. */
  threshold?: number;
  /** Instead of a threshold: what share of all that is found together is to be right, as far as is known; of one picture, its probability. */
  precision?: number;
  /** Default: `"list"`. */
  action?: RuleAction;
}

/** What a person said of a picture that a rule scored. */
export interface RuleMark {
  score: number;
  right: boolean;
}

export interface ModerateOptions extends StepOptions {
  /** By the rule's name: they move its probabilities. */
  marks?: Record<string, RuleMark[]>;
  onProgress?: (done: number, total: number) => void;
}

export interface ModerateIndexOptions extends ModerateOptions {
  where?: SearchFilter;
}

/** What a rule says of a picture, and why. */
export interface RuleAnswer {
  rule: string;
  action: RuleAction;
  found: boolean;
  /** In logits: the labels' share in the softmax over them and what is against them. */
  score: number;
  /** After the marks. */
  probability: number;
  /** The words that fit best on either side. */
  label: string;
  against: string;
}

export interface LibraryRule {
  rule: string;
  action: RuleAction;
  /** The least probability that was taken; null where nothing reaches the precision. */
  least: number | null;
  /** Best first. */
  hits: { id: number; score: number; probability: number; label: string; against: string }[];
  /** Of all pictures. */
  ids: Uint32Array;
  scores: Float32Array;
}

/** How a rule does on what was marked. */
export interface RuleReport {
  marked: number;
  found: number;
  right: number;
  missed: number;
  precision: number | null;
  /** Wilson's, 95 %. */
  interval: Interval | null;
  /** By how much the marks moved the scores' centre, in logits. */
  centre: number;
}

/** A ready-made rule: it advises, and says what is known. */
export interface RuleAdvice {
  rule: Rule;
  evidence: string;
}

/** Labels of which each picture has one. */
export interface FacetGroup {
  name: string;
  labels: string[];
  /** Default: `"{}"`. */
  template?: string;
}

export interface FacetOptions extends StepOptions {
  where?: SearchFilter;
  /** The least probability within its group. Default: 0.5. */
  least?: number;
  onProgress?: (done: number, total: number) => void;
}

export interface Facets {
  pictures: number;
  facets: { name: string; values: { label: string; ids: Uint32Array }[]; unsure: Uint32Array }[];
}

export interface GapOptions extends StepOptions {
  template?: string;
  where?: SearchFilter;
  onProgress?: (done: number, total: number) => void;
}

/** Whether a product is shown: as a search decides where its results end. */
export interface ProductFit {
  product: string;
  shown: boolean;
  nearest: number | null;
  cosine: number | null;
  standsOut: number | null;
  threshold: number;
}

export interface GroupOptions extends StepOptions {
  /** For names, instead of the vocabulary; an empty array: no names, and no model is needed. */
  words?: TagOptions["words"];
  template?: string;
  where?: SearchFilter;
  seed?: number;
  onProgress?: (done: number, total: number) => void;
}

/** A tree of clusters that can be cut anywhere. Free it. */
export interface Grouping {
  readonly ids: Uint32Array;
  /** As many groups as there can be, and a good number to begin with. */
  readonly most: number;
  readonly suggested: number;
  /** So many groups, the largest first. */
  cut(count: number): Promise<PictureGroup[]>;
  free(): void;
}

export interface PictureGroup {
  ids: Uint32Array;
  /** The pictures nearest to its middle, the nearest first. */
  central: number[];
  /** The words that tell it from the other groups, the best first. */
  names: string[];
}

export interface MapOptions extends StepOptions {
  where?: SearchFilter;
  seed?: number;
  /** Where pictures are so far. */
  onPlaces?: (map: PictureMap) => void;
  onProgress?: (done: number, total: number) => void;
}

export interface PictureMap {
  ids: Uint32Array;
  /** From -1 to 1. */
  x: Float32Array;
  y: Float32Array;
  method: "principal-components" | "neighbours";
}

export interface DuplicateOptions extends StepOptions {
  where?: SearchFilter;
  onProgress?: (done: number, total: number) => void;
}

export type DuplicateKind = "same" | "burst" | "alike";

export interface DuplicateSet {
  kind: DuplicateKind;
  /** The one to keep first. */
  ids: Uint32Array;
  keep: number;
  /** By what it is better than the others: they are cut out of it, something lies over them, or it has the most pixels, is the sharpest … or nothing (`first`). */
  reason: "whole" | "clean" | "pixels" | "sharpness" | "least-compressed" | "oldest" | "first";
  /** For each picture what it is in the set for; null for one that the others are compared with. */
  evidence: (DuplicateEvidence | null)[];
}

/** What was gone by. */
export interface DuplicateEvidence {
  kind: DuplicateKind;
  reason: "bytes" | "pixels" | "part" | "overlay" | "plain" | "times" | "names" | "vectors";
  cosine: number;
  /** 0: the same vector; 1: as far as a picture drawn by chance. */
  distance: number;
  /** Of the 64 bits of a difference hash, those that differ. */
  hashDistance: number | null;
  /** Between the shots, in milliseconds, where both tell when they were taken. */
  apart: number | null;
}

export interface FrameOptions extends StepOptions {
  /** Seconds from one look to the next. Default: 1. */
  every?: number;
  /** Take only frames that begin something new: those that differ from the last one taken. Default: true. */
  scenes?: boolean;
  /** Default: 3,600. */
  most?: number;
  onFrame?: (frame: VideoFrameAt) => void;
  onProgress?: (done: number, total: number) => void;
}

export interface VideoFrameAt {
  /** Seconds from the beginning. */
  time: number;
  /** At most 512 pixels a side, a JPEG. */
  image: Blob;
}

/** By the papers' names; `auto` is the one with the least log loss on held-out examples. The README says more of each. */
export type TeachMethod = "zero-shot" | "nearest-class-mean" | "tip-adapter" | "tip-adapter-f" | "linear-probe";

/** A method and what is set in it: Tip-Adapter's α and β; the probe's C, and how far it goes from the words (1: all the way). */
export type TeachSetting =
  | { method: "zero-shot" | "nearest-class-mean" }
  | { method: "tip-adapter" | "tip-adapter-f"; alpha: number; beta: number }
  | { method: "linear-probe"; strength: number; ensemble: number };

export interface TeachClass {
  name: string;
  /** The words for it, instead of the template with its name. */
  prompt?: string;
  /** Pictures, embeddings, or embeddings one after another. */
  examples: ImageInput[] | Float32Array;
}

export interface TeachOptions {
  model: Semblance;
  /** Default: `"auto"`. One that is asked for is tried however long it takes. */
  method?: TeachMethod | "auto";
  /** For the classes' words. Default: `"{}"`. */
  template?: string;
  /** Whether the classes' names mean anything to the model. Default: true. Without, every class takes an example. */
  words?: boolean;
  /**
   * What is of no class: pictures; and captions that mean nothing in particular, whose energy is then taken off the classes'. With
   * pocket that tells strangers worse, so there are none unless you give some.
   */
  captions?: string[];
  background?: ImageInput[] | Float32Array;
  signal?: AbortSignal;
  /** From 0 to 1. */
  onProgress?: (progress: number) => void;
}

/** Between what a share lies, 95 times in 100. */
export interface Interval {
  low: number;
  high: number;
}

/** How far probabilities can be believed. */
export interface Reliability {
  examples: number;
  /** Fifteen of equal width, by the answer's probability. */
  bins: { count: number; confidence: number; accuracy: number }[];
  /** Expected calibration error, with its bootstrap interval. */
  ece: number;
  eceInterval: Interval;
  brier: number;
  logLoss: number;
  accuracy: number;
  /** The answers' mean probability. */
  confidence: number;
}

/** What is known of a classifier by examples that were held out, each answered by what was taught without it. */
export interface TeachReport {
  examples: number;
  /** Of each class. */
  counts: number[];
  /** How many times examples were held out; as many as there are examples: one at a time. */
  folds: number;
  methods: {
    method: TeachMethod;
    setting: TeachSetting | null;
    skipped: "no-words" | "too-large" | null;
    accuracy: number | null;
    interval: Interval | null;
    logLoss: number | null;
  }[];
  setting: TeachSetting;
  /** What `learningCurve` is of: the setting, or where that is the words alone, the best of those that take examples. */
  learner: TeachSetting;
  /** Null where fewer than four examples could be held out. Examples are counted in the order of the classes. */
  judged: {
    places: number[];
    answers: number[];
    confidences: number[];
    quality: {
      examples: number;
      correct: number;
      accuracy: number;
      accuracyInterval: Interval;
      balancedAccuracy: number;
      /** Cells of the confusion matrix that are not 0. */
      confusion: { truth: number; answer: number; count: number }[];
      classes: { examples: number; answered: number; correct: number; precision: number | null; recall: number | null; f1: number | null }[];
    };
    /** Which classes more examples would help most, those first. */
    needs: { class: number; need: number }[];
    doubtful: { example: number; answer: number; second: number; margin: number }[];
    /** Examples that are probably of another class than they were said to be. */
    mistakes: { example: number; given: number; likely: number; selfConfidence: number }[];
    kind: "temperature" | "vector";
    before: Reliability;
    after: Reliability;
    openSet: {
      threshold: { threshold: number; coverage: number; risk: number; backgroundRefused: number | null };
      /** From the strictest threshold to none. */
      curve: { threshold: number; coverage: number; risk: number }[];
      auroc: number | null;
      /** How well known the background's pictures are, the least first. */
      background: number[];
    };
  } | null;
}

export interface LearningPoint {
  /** Examples a class. */
  shots: number;
  accuracy: number;
  interval: Interval;
}

export interface Classification {
  /** Null where it is none of the classes: `known` is below `threshold`. */
  label: string | null;
  /** The most probable first; probabilities are calibrated where there were examples to do it by. */
  scores: { label: string; probability: number }[];
  /** How well known what the picture shows is: the classes' energy, less that of captions where there are any. */
  known: number;
  threshold: number | null;
}

/** A classifier of one's own. `Semblance.teach` makes one, `Semblance.loadClassifier` opens one. */
export interface Classifier {
  readonly classes: string[];
  /** Null of one that was opened from a file. */
  readonly report: TeachReport | null;
  info(): {
    setting: TeachSetting;
    examples: number;
    accuracy: number | null;
    threshold: number | null;
    /** Hash of the model whose vectors it takes. */
    model: string;
    /** The words for each class, or none. */
    prompts: string[];
    embedding: number;
  };
  /** What pictures show. Embeddings must be the model's own. */
  classify(images: ImageInput[], options?: { signal?: AbortSignal }): Promise<Classification[]>;
  /** The same as numbers, for many: of vectors one after another a row of probabilities each, and how well known each is. */
  classifyEmbeddings(vectors: Float32Array): Promise<{ probabilities: Float32Array; known: Float32Array }>;
  /** Below it a picture is none of the classes; null refuses nothing. */
  setThreshold(threshold: number | null): Promise<void>;
  /** What fewer examples come to, and what twice as many may bring; null where the errors say nothing. */
  learningCurve(options?: {
    signal?: AbortSignal;
    onPoints?: (points: LearningPoint[]) => void;
  }): Promise<{ points: LearningPoint[]; expected: number | null }>;
  /** Its file: safetensors with JSON. No picture is in it. */
  export(): Promise<Blob>;
  /** Give its memory back. Every later call rejects. */
  free(): void;
}

/** How good a model, or another system, is on pictures whose classes are known. */
export interface Evaluation {
  report: EvaluationReport;
  /** Of each picture the class with the greatest logit, and its softmax probability. */
  answers: Uint32Array;
  probabilities: Float32Array;
  /** How many classes come before the true one; 0 where the answer is right. */
  ranks: Uint32Array;
  /** The `topOf` classes with the greatest logits, those first; row-major. */
  top: Uint32Array;
  /** 5, or the number of classes. */
  topOf: number;
}

/** A share of all pictures, between what it lies 95 times in 100 by Wilson's interval, and by drawing pictures anew. */
export interface TopK {
  k: number;
  correct: number;
  share: number;
  wilson: Interval;
  bootstrap: Interval;
}

export interface EvaluationReport {
  pictures: number;
  top1: TopK;
  top5: TopK;
  /** The mean recall of the classes that have pictures. */
  balancedAccuracy: number;
  /** Mean over the classes of the average precision, one against the rest, as scikit-learn has it; `corrected`: less what a bootstrap says it is too large by. */
  meanAveragePrecision: { value: number; corrected: number; interval: Interval; resamples: number } | null;
  classes: {
    examples: number;
    answered: number;
    correct: number;
    precision: number | null;
    recall: number | null;
    f1: number | null;
    recallInterval: Interval;
    averagePrecision: number | null;
  }[];
  /** Cells that are not 0, by truth, then by answer. */
  confusion: { truth: number; answer: number; count: number }[];
  /** Up to 20 mistakes, those that were made most often first. */
  mostConfused: { truth: number; answer: number; count: number }[];
  reliability: Reliability;
  resamples: number;
  seed: number;
}

/** One of several systems on the same pictures. */
export interface RankedSystem {
  system: number;
  correct: number;
  accuracy: number;
  wilson: Interval;
  /** The one that all are compared with has none. */
  comparison: {
    pictures: number;
    bothRight: number;
    /** Only it is right, and only the one that it is compared with. */
    onlyFirst: number;
    onlySecond: number;
    bothWrong: number;
    /** Its accuracy less the other's, with Newcombe's paired interval, and by drawing pictures anew. */
    difference: number;
    interval: Interval;
    bootstrap: Interval;
    mcnemar: { form: "exact" | "chi-squared"; statistic: number; p: number };
  } | null;
  /** McNemar's p, adjusted by Holm over all comparisons. */
  holm: number | null;
}

export interface MeasureOptions extends TextOptions {
  /** Of what is drawn by chance: the same seed gives the same numbers. Default: 1. */
  seed?: number;
  onProgress?: (done: number, total: number) => void;
}

export type EvaluateOptions = MeasureOptions;

/** What a model's cosines look like on pictures that it knows, as a hundred quantiles of each statistic. `usual` makes one. */
export interface Usual {
  pictures: number;
  classes: number;
  logitScale: number;
  statistics: { statistic: DomainStatistic; quantiles: number[] }[];
}

export type DomainStatistic = "bestCosine" | "margin" | "entropy" | "normalisedEntropy" | "bestLessNeutral";

/** How far pictures are from what a model's cosines usually look like. */
export interface Domain {
  pictures: number;
  classes: number;
  usualClasses: number;
  verdict: "usual" | "somewhat-unusual" | "unusual" | "too-few-pictures";
  statistics: {
    statistic: DomainStatistic;
    lowerQuartile: number;
    median: number;
    upperQuartile: number;
    usualMedian: number;
    /** The share of the reference below the pictures' median; 0.5 is usual. */
    place: number;
    /** Kolmogorov and Smirnov's distance, 0 to 1. */
    d: number;
    dInterval: Interval;
    p: number;
    wasserstein: number;
    wassersteinInterval: Interval;
    /** Whether the verdict heeds it: with another number of labels than the reference's only cosines do. */
    counts: boolean;
  }[];
  resamples: number;
  seed: number;
}

/** How well templates suit pictures that nobody labelled: how much of the labels an answer tells (mutual information, in nats). */
export interface TemplateFits {
  pictures: number;
  present: number;
  /** The best first. */
  ranked: {
    template: number;
    meanEntropy: number;
    marginalEntropy: number;
    mutualInformation: number;
    /** From the present one, with its interval over draws of pictures. */
    difference: number;
    interval: Interval;
    fit: "present" | "better" | "worse" | "no-clear-difference";
  }[];
  resamples: number;
  seed: number;
}

/**
 * Counterfactual prompts: `prompt` has `{group}` and `{attribute}` ("a photo of a {group} who is a {attribute}"), `base` is the same
 * without the attribute ("a photo of a {group}").
 */
export interface BiasProbe {
  groups: string[];
  attributes: string[];
  prompt: string;
  base: string;
}

/** How much each attribute moves a model from the other groups towards one, beyond what the bare words do; in logits. */
export interface Bias {
  pictures: number;
  /** A shift below it is of no interest. */
  smallest: number;
  /** Of two groups those of the first; of more, those of each against the mean of the others. */
  shifts: {
    group: number;
    attribute: number;
    mean: number;
    /** Student's, 95 %; and over draws of pictures. */
    interval: Interval;
    bootstrap: Interval;
    deviation: number;
    cohensD: number | null;
    towardsA: number;
    towardsB: number;
    p: number;
    holm: number;
    verdict: "none-found" | "towards-a" | "towards-b" | "too-few";
  }[];
  resamples: number;
  seed: number;
}

export interface CheckLabelsOptions extends StepOptions {
  /** What its text tower says counts too: which labels are nearly the same to it, and, of pocket, which words it has never learnt. */
  model?: Semblance;
  /** Of several the first is checked. Default: `"{}"`. */
  template?: string | string[];
  /** Pictures that the labels are for, which may say that none of the labels fits them. */
  images?: ImageInput[] | Float32Array;
  /** Whether the model knows English alone, as CLIP's do. Default: true. */
  english?: boolean;
}

/** What labels become: of each edit another text, or none; `add` comes to the end. */
export interface LabelFix {
  /** For a button. */
  title: string;
  edits: { label: number; to: string | null }[];
  add: string[];
}

/** What is wrong with labels. */
export interface LabelFinding {
  kind:
    | "duplicate"
    | "synonyms"
    | "contained"
    | "negation"
    | "vague"
    | "long"
    | "language"
    | "unknown-word"
    | "spelling"
    | "background"
    | "senses"
    | "template";
  /** `problem`: answers will be wrong. `hint`: they may be. */
  severity: "problem" | "hint";
  /** Their places. */
  labels: number[];
  /** What happens, and why. */
  message: string;
  /** The best first. */
  fixes: LabelFix[];
}

/** Where a model that writes texts comes from, and how it runs: as `LoadOptions` has it. */
export interface CaptionerOptions extends Pick<LoadOptions, "hub" | "dtype" | "threads" | "build" | "onProgress" | "signal"> {
  /** A repository's id (`Salesforce/blip-image-captioning-base`), an address, files, or `"stored:<id>"`. There is no default. */
  model: ModelInput;
}

export interface CaptionOptions {
  /** Texts that are followed at once, 1 to 16: 1 is greedy, 3 finds better ones. Default: 1. */
  beams?: number;
  /** New tokens at most, the one that ends the text included. Default: 20. */
  maxTokens?: number;
  /** New tokens before the text may end. Default: 0. */
  minTokens?: number;
  /** Stops it at its next token, with an `AbortError`. */
  signal?: AbortSignal;
  /** The best text so far, after each token. */
  onToken?: (text: string) => void;
}

export interface CaptionText {
  text: string;
  /** All ids, those that stand for no text included. */
  tokens: Uint32Array;
  /** Σ ln p of the new tokens. */
  logProbability: number;
}

export interface Caption extends CaptionText {
  /** As many as there were beams, best first. `score`: the log probability for each new token, by which they are compared. */
  beams: (CaptionText & { score: number })[];
}

export interface CaptionerInfo {
  model: Pick<Info["model"], "name" | "hash" | "parameters" | "dtype" | "compute" | "imageSize" | "contextLength" | "source" | "stored" | "verified"> & {
    /** Whether it writes captions, or answers questions. */
    ability: "captions" | "answers";
  };
  build: BuildName;
  threads: number;
  /** Bytes of WebAssembly memory in use by its engine. */
  memory: number;
  /** Milliseconds of the last text: the image tower, and each token with the cache, of all beams together; null before the first. */
  timings: { imageTower: number; token: number } | null;
  products: Products | null;
  notes: string[];
}

/** A model that writes texts about pictures. It has a worker and a memory of its own, beside a CLIP's. */
export interface Captioner {
  /** What a picture shows, in a sentence; `prompt`: what it begins with, such as `a picture of`. Rejects with a `TextError` where the model only answers. */
  caption(image: ImageSource, options?: CaptionOptions & { prompt?: string }): Promise<Caption>;
  /** Rejects with a `TextError` where the model only writes captions. */
  answer(image: ImageSource, question: string, options?: CaptionOptions): Promise<Caption>;
  info(): CaptionerInfo;
  /** End its worker, which gives all of its memory back. Every later call rejects with an `EngineError`. */
  free(): void;
}

/** What a phrase of a description says something about, in the order in which descriptions name them. `own`: a person's own. */
export type PhraseBank = "subject" | "attribute" | "action" | "place" | "light" | "medium" | "style" | "own";

export interface Phrase {
  phrase: string;
  bank: PhraseBank;
}

/**
 * `best`: phrase by phrase, each the one that raises the cosine most, until none does (CLIP Interrogator's way). `fast`: of each bank the
 * phrase that fits best. `negative`: what it is not, each the one that lowers the cosine most.
 */
export type DescribeMode = "fast" | "best" | "negative";

export interface DescribeOptions extends StepOptions {
  /** Default: `best`. */
  mode?: DescribeMode;
  /** What descriptions are made of; a text is one of a bank of your own. Default: `Semblance.phrases(clip)`. */
  banks?: readonly (string | Phrase)[];
  /** Chains that are followed at a time, 1 to 16. Default: 3. */
  beam?: number;
  /** Phrases at most, 1 to 32. Default: 8. */
  max?: number;
  /** Phrases that must not come. */
  without?: readonly string[];
  /** Phrases whose vectors are there, which takes some seconds once for a model and nothing afterwards. */
  onProgress?: (done: number, total: number) => void;
}

export interface Description {
  /** In the order in which they were chosen. `gain`: by how much the cosine is larger with it; of the first, the cosine itself. */
  phrases: (Phrase & { gain: number })[];
  /** The phrases in the order of their banks, divided by commas. */
  text: string;
  /** Of the picture with the mean of the phrases' vectors. */
  cosine: number;
}

/** What a question asks for. `open`: answers or statement are a person's own, and no rule knows the question. */
export type QuestionKind = "yesNo" | "eitherOr" | "colour" | "which" | "where" | "howMany" | "who" | "doing" | "open";

/** A question as statements that a picture is compared with (TAP-C, Song et al. 2022). */
export interface Question {
  kind: QuestionKind;
  /** The statement, `{}` where an answer goes. */
  template: string;
  /** The possible answers, and what speaks for each. Where an answer is a kind of things (“an animal”), so do things of that kind. */
  answers: { answer: string; statements: string[] }[];
  /** Statements that speak for no answer. */
  neutral: string[];
  /** What a CLIP can't do of this: count past a few, read, tell left from right and who does what, understand “not”. */
  caution: "counting" | "reading" | "relations" | "negation" | null;
}

export interface AskOptions extends StepOptions {
  /** The answers to choose from, two at least. Default: from the question, or what there is of its kind. */
  answers?: readonly string[];
  /** The statement, `{}` where an answer goes. */
  template?: string;
  /** Statements whose vectors are there. */
  onProgress?: (done: number, total: number) => void;
}

export interface Judgement {
  /** The most probable first; `probability`: among these answers. `statement`: of the answer's the one that fits best. */
  answers: { answer: string; probability: number; statement: string; cosine: number }[];
  /** Nothing stands out: statements without an answer fit as well. */
  cantTell: boolean;
  /** Of those the one that fits best, and how well. */
  neutral: string;
  neutralCosine: number;
}

export interface Answered extends Judgement {
  question: Question;
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
  | "EngineError"
  | "LogitScaleMissing";

export class Semblance {
  private constructor();
  /**
   * Load a model. Nothing is ever sent; only the model's own bytes are fetched, in pieces, each checked and stored as it
   * comes (once, however many tabs load it). What breaks off is tried again for some ten seconds, then it is a
   * `NetworkError`. One that won't fit into memory is a `ModelError` before its weights are fetched. Where nothing can be
   * stored the model is loaded all the same, and `info().notes` says so.
   */
  static load(options?: LoadOptions): Promise<Semblance>;
  /** The models this site offers. */
  static models(): Promise<ModelEntry[]>;
  /** What a load of this model would take. Fetches its description only. */
  static describe(model: ModelInput, options?: Pick<LoadOptions, "dtype" | "towers" | "hub" | "signal">): Promise<Offer>;
  /** The models in this browser's storage, unfinished ones too; the last used first. */
  static storedModels(): Promise<StoredModel[]>;
  /**
   * Read every stored byte of a model and compare it with its hash. Pieces that are damaged are removed; the next load
   * brings them anew. `onProgress` gets bytes. Rejects with a `ModelError` where there is no such model.
   */
  static verifyModel(
    id: string,
    options?: StepOptions & { onProgress?: (done: number, total: number) => void },
  ): Promise<Verification>;
  /**
   * Remove a model, whole or unfinished, with its texts' vectors; with `unfinished`, only what came of a download that has
   * not ended: an older version that is whole stays. Pieces that another one needs stay. Resolves to whether there was
   * anything to remove.
   */
  static deleteModel(id: string, options?: { unfinished?: boolean }): Promise<boolean>;
  /**
   * A stored model as one file that any Semblance takes: its `.gguf`, or a `.zip` of its Hugging Face files. Every byte is
   * checked first; the file itself is read from the disk when it is used. Rejects with a `ModelError` where the model isn't complete.
   */
  static exportModel(id: string): Promise<File>;
  /**
   * Copy a `.gguf`, a `.zip` or a folder's files into this browser's storage, from where `"stored:<id>"` loads it. Rejects
   * with a `ModelError` where they are damaged or no model, with a `StorageError` where there is no room; then, and when
   * it is aborted, nothing stays. `onProgress` gets bytes.
   */
  static importModel(
    files: Blob | readonly File[],
    options?: StepOptions & { onProgress?: (done: number, total: number) => void },
  ): Promise<StoredModel>;
  /** Check and decode a picture without a model. Rejects with a `PictureError` that says what is wrong with it. */
  static thumbnail(image: ImageSource, options?: { size?: number; signal?: AbortSignal }): Promise<Thumbnail>;
  /** Remove all texts and their vectors from the models that are loaded and from this browser's storage. Rejects with a `StorageError` where that fails. */
  static forgetTexts(): Promise<void>;
  /**
   * Open a library of pictures by its name, or make it. It is kept in this browser's storage, or where there is none in
   * memory. One tab has it at a time, where it may be open several times: each sees what the others change. Rejects with
   * a `ModelError` where another model made its vectors, with a `StorageError` where another tab has it, or where there
   * is no such library and no model to make it with.
   */
  static openIndex(name: string, options?: IndexOptions): Promise<PictureIndex>;
  /** A new library of a file that `PictureIndex.export` gave. Rejects with a `StorageError` where it is none, or its name is taken. */
  static importIndex(file: File, options?: ImportOptions): Promise<PictureIndex>;
  /** The pictures in a zip, by their names, each to be opened when it is its turn; paths begin with the archive's name. */
  static openZip(archive: File): Promise<{ path: string; size: number; modified: number; open: () => Promise<File> }[]>;
  /** Names of the libraries in this browser's storage. */
  static indexes(): Promise<string[]>;
  /** Remove a library that is not open anywhere. */
  static deleteIndex(name: string): Promise<void>;
  /**
   * A classifier of one's own from a handful of pictures a class. Each method is tried on examples that are held out, the best
   * one is fitted to all, and its probabilities are calibrated. Rejects with an `EngineError` for fewer than two classes, or a
   * class with neither examples nor words.
   */
  static teach(classes: TeachClass[], options: TeachOptions): Promise<Classifier>;
  /**
   * A classifier from its file. Without a model it takes embeddings only. Rejects with a `ModelError` where the file is none, or
   * where it was taught with another model.
   */
  static loadClassifier(file: Blob, options?: { model?: Semblance }): Promise<Classifier>;
  /**
   * What a model's logits are to be divided by so that it is as sure as it is right: by answers that somebody marked. `logits`: a
   * row of `classes` for each mark; a mark says of one class whether that is right. 1 without a mark.
   */
  static fitTemperature(logits: Float32Array, classes: number, marks: { class: number; right: boolean }[]): Promise<number>;
  /**
   * How good a system is whose logits (a row of as many as there are classes for each picture) are known; `truths`: the place of
   * each picture's class. Of probabilities, give their logarithms.
   */
  static evaluate(logits: Float32Array, truths: ArrayLike<number>, options?: { seed?: number }): Promise<Evaluation>;
  /** Which of several systems is better on the same pictures: each against the best, or the first, by McNemar's test. */
  static compareEvaluations(
    evaluations: Pick<Evaluation, "ranks">[],
    options?: { against?: "best" | "first"; seed?: number },
  ): Promise<RankedSystem[]>;
  /** What is wrong with labels, and what to write instead. A label with several words is one whose words mean the same. */
  static checkLabels(labels: Label[], options?: CheckLabelsOptions): Promise<LabelFinding[]>;
  /** The labels with one of `checkLabels`' fixes applied. */
  static applyFix(labels: Label[], fix: LabelFix): Promise<Label[]>;
  /** The 80 templates that CLIP's authors used for ImageNet. */
  static imagenetTemplates(): Promise<string[]>;
  /** Several thousand everyday words for what pictures show; those that a model knows. */
  static vocabulary(model?: Semblance): Promise<VocabularyTerm[]>;
  /** An XMP sidecar for each picture's tags (`dc:subject`), as exiftool, digiKam and Lightroom read it. */
  static sidecars(tags: string[][]): Promise<string[]>;
  /** Ready-made rules for what sites often look out for, and what holds of all of them. They advise. */
  static ruleAdvice(): Promise<{ general: string; rules: RuleAdvice[] }>;
  /** How a rule does on what a person marked; `threshold`: the least probability. */
  static ruleReport(marks: RuleMark[], threshold: number): Promise<RuleReport>;
  /**
   * Frames of a video file, one a second where something new begins. Rejects with a `PictureError` that says so where this browser
   * can't decode it.
   */
  static frames(video: Blob, options?: FrameOptions): Promise<VideoFrameAt[]>;
  /** Several thousand phrases that descriptions are made of; those that a model knows. */
  static phrases(model?: Semblance): Promise<Phrase[]>;
  /** What a question is made into, before it is asked. Rejects with a `TextError` where it is not understood and there are no answers. */
  static readQuestion(question: string, options?: Pick<AskOptions, "answers" | "template"> & { model?: Semblance }): Promise<Question>;
  /**
   * Load a model that writes captions or answers (BLIP): downloaded, checked, stored and foretold as `load` does it. Nothing loads one
   * unasked.
   */
  static loadCaptioner(options: CaptionerOptions): Promise<Captioner>;
  /** What that would take, beside the models that are loaded. Fetches its description only. */
  static describeCaptioner(model: ModelInput, options?: Omit<CaptionerOptions, "model" | "onProgress">): Promise<Offer>;
  /** Every network request since the page opened, oldest first. The last ones of a worker that crashed may be missing: they die with it. */
  static requests(): Promise<NetworkRequest[]>;

  /**
   * Scores in the order of `labels`. Labels that are equal but for the space around them get one score together. A blank
   * one is a `TextError` that says which, here and wherever texts are given.
   */
  classify(image: ImageInput, labels: Label[], options?: TextOptions): Promise<Score[]>;
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
  embedTexts(texts: Label[], options?: TextOptions): Promise<Embedding[]>;
  /** Every picture against every text. */
  similarity(images: ImageInput[], texts: Label[], options?: TextOptions): Promise<Similarity>;
  /** Where in a picture the evidence for a label lies. */
  explain(image: ImageSource, label: Label, options?: ExplainOptions): Promise<Explanation>;
  /** How good the model is on pictures, or embeddings, whose classes are known: `truths` has the place of each one's label. */
  evaluate(images: ImageInput[] | Float32Array, truths: ArrayLike<number>, labels: Label[], options?: EvaluateOptions): Promise<Evaluation>;
  /**
   * How far pictures are from what the model's cosines usually look like. `usual`: what is usual; of pocket that is known. Rejects
   * with a `ModelError` where nobody has said it.
   */
  domain(images: ImageInput[] | Float32Array, labels: Label[], options?: MeasureOptions & { usual?: Usual }): Promise<Domain>;
  /** What is usual, by at least 101 pictures that the model knows, and labels that fit them. */
  usual(images: ImageInput[] | Float32Array, labels: Label[], options?: MeasureOptions): Promise<Usual>;
  /** Which template suits pictures that nobody labelled better than the first one. */
  compareTemplates(
    images: ImageInput[] | Float32Array,
    labels: Label[],
    templates: (string | string[])[],
    options?: MeasureOptions,
  ): Promise<TemplateFits>;
  /** What a word for a group of people changes in the model's answers. */
  bias(images: ImageInput[] | Float32Array, probe: BiasProbe, options?: MeasureOptions): Promise<Bias>;
  /** What rules say of a picture, or of several: a site's upload form asks it. */
  moderate(image: ImageInput, rules: Rule[], options?: ModerateOptions): Promise<RuleAnswer[]>;
  moderate(images: ImageInput[], rules: Rule[], options?: ModerateOptions): Promise<RuleAnswer[][]>;
  /** What a picture shows, phrase by phrase. The same picture is always described in the same way. */
  describe(image: ImageInput, options?: DescribeOptions): Promise<Description>;
  /** Answer a question about a picture. Rejects with a `TextError` where it is not understood and there are no answers. */
  ask(image: ImageInput, question: string, options?: AskOptions): Promise<Answered>;
  /** What is running: model, build, threads, memory, timings by stage. */
  info(): Info;
  /** Give the model's memory back. Every later call rejects with an `EngineError`. */
  free(): void;
}
