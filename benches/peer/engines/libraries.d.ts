/** What the benchmark uses of the other libraries, which are loaded by address and so come without their own types. */

/** `onnxruntime-web` 1.30. */
export interface Ort {
  env: { wasm: { numThreads: number }; logLevel: string; versions: { web: string } };
  InferenceSession: {
    create(url: string, options: { executionProviders: string[]; graphOptimizationLevel: string }): Promise<OrtSession>;
  };
  Tensor: new (type: "float32" | "int64", numbers: Float32Array | BigInt64Array, shape: number[]) => object;
}

export interface OrtSession {
  run(inputs: Record<string, object>): Promise<Record<string, { data: Float32Array }>>;
}

/** `@huggingface/transformers` 4.3. */
export interface Transformers {
  env: {
    version: string;
    allowRemoteModels: boolean;
    allowLocalModels: boolean;
    localModelPath: string;
    useBrowserCache: boolean;
    useWasmCache: boolean;
    backends: { onnx: { wasm: { wasmPaths: { mjs: string; wasm: string }; numThreads: number } } };
  };
  RawImage: { fromBlob(blob: Blob): Promise<object> };
  AutoProcessor: From<(pictures: object | object[]) => Promise<object>>;
  AutoTokenizer: From<(texts: string[], options: { padding: boolean; truncation: boolean }) => object>;
  CLIPVisionModelWithProjection: From<(inputs: object) => Promise<{ image_embeds: { data: Float32Array } }>>;
  CLIPTextModelWithProjection: From<(inputs: object) => Promise<{ text_embeds: { data: Float32Array } }>>;
}

interface From<Loaded> {
  from_pretrained(model: string, options?: { dtype: string; device: string }): Promise<Loaded>;
}

/** `@litertjs/core` 2.5. */
export interface LiteRt {
  loadLiteRt(folder: string, options: { threads: boolean }): Promise<unknown>;
  loadAndCompile(model: Uint8Array, options: { accelerator: string; cpuOptions: { numThreads: number } }): Promise<LiteRtModel>;
  Tensor: new (numbers: Float32Array | Int32Array, shape: number[]) => LiteRtTensor;
}

export interface LiteRtModel {
  run(inputs: LiteRtTensor[]): Promise<LiteRtTensor[]>;
}

export interface LiteRtTensor {
  data(): Promise<Float32Array>;
  delete(): void;
}
