//! A file from outside is untrusted input: 85,500 seeded mutations of good files go through every reader. None may
//! panic, hang, or allocate out of proportion to the bytes it was given.
//!
//! `SEMBLANCE_FUZZ_SEED` and `SEMBLANCE_FUZZ_SCALE` (a factor on the number of cases) widen the search: `cargo xtask test`
//! gives each commit a seed of its own, and with `--long` four times as many cases.

// A test that cannot read its golden has failed.
#![allow(clippy::unwrap_used)]
#![cfg(not(target_arch = "wasm32"))]

mod captioner;
mod classifier;
mod mutate;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;

use candle_core::Tensor;
use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use mutate::Random;
use peak_alloc::PeakAlloc;
use semblance::bundle::{Bundle, ClipConfig, PreprocessConfig, WeightsReader, gguf};
use semblance::model::Towers;
use semblance::tokenizer::Tokenizer;
use semblance::{Clip, Compute, Loader};

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

/// Where and why the last panic was.
static LAST_PANIC: Mutex<String> = Mutex::new(String::new());

/// A reader, the good files that it is fed mutations of, and how much it may take.
struct Target {
    name: &'static str,
    seeds: Vec<Vec<u8>>,
    cases: usize,
    read: fn(&[u8], &mut Random),
    /// Bytes it may allocate for each byte of input, and besides. Q4_0 grows eightfold as f32, and a growing
    /// buffer is held twice; JSON becomes a tree, a vocabulary several maps.
    factor: usize,
    besides: usize,
}

#[test]
fn no_reader_panics_hangs_or_allocates_beyond_its_input() {
    let seed = number("SEMBLANCE_FUZZ_SEED").unwrap_or(1);
    let scale = number("SEMBLANCE_FUZZ_SCALE").unwrap_or(1) as usize;
    std::panic::set_hook(Box::new(|info| *LAST_PANIC.lock().unwrap() = info.to_string()));
    let mut wrong = Vec::new();
    let mut cases = 0;
    for target in targets() {
        for case in 0..target.cases * scale {
            let mut random = Random::new(seed, target.name, case);
            let file = &target.seeds[random.below(target.seeds.len())];
            let bytes = mutate::mutate(file, &mut random);
            ALLOCATED.reset_peak_usage();
            let before = ALLOCATED.current_usage();
            let survived = catch_unwind(AssertUnwindSafe(|| (target.read)(&bytes, &mut random)));
            let allocated = ALLOCATED.peak_usage().saturating_sub(before);
            if survived.is_err() {
                wrong.push(format!("{} case {case}: {}", target.name, LAST_PANIC.lock().unwrap()));
            }
            if allocated > target.factor * bytes.len() + target.besides {
                wrong.push(format!(
                    "{} case {case}: {allocated} bytes allocated for {} bytes of input",
                    target.name,
                    bytes.len()
                ));
            }
            cases += 1;
        }
    }
    let _ = std::panic::take_hook();
    wrong.truncate(20);
    assert!(wrong.is_empty(), "seed {seed}:\n{}", wrong.join("\n"));
    assert!(cases >= 50_000, "{cases} cases");
}

fn targets() -> Vec<Target> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/models");
    let read = |folder: &str, file: &str| std::fs::read(golden.join(folder).join(file)).unwrap();
    let folders = ["gelu-p14", "quick-gelu-p8", "gelu-new-p16", "one-patch"];
    let all = |file: &str| folders.iter().map(|folder| read(folder, file)).collect::<Vec<_>>();
    vec![
        Target {
            name: "config.json",
            seeds: all("config.json"),
            cases: 6_250,
            read: |bytes, _| {
                let _ = ClipConfig::from_json(&String::from_utf8_lossy(bytes));
            },
            factor: 64,
            besides: 1 << 16,
        },
        Target {
            name: "preprocessor_config.json",
            seeds: all("preprocessor_config.json"),
            cases: 6_250,
            read: |bytes, _| {
                let _ = PreprocessConfig::from_json(&String::from_utf8_lossy(bytes));
            },
            factor: 64,
            besides: 1 << 16,
        },
        Target {
            name: "gguf",
            seeds: vec![small_gguf()],
            cases: 15_000,
            read: weights,
            factor: 16,
            besides: 1 << 18,
        },
        Target {
            name: "bundle",
            seeds: vec![small_bundle(&golden.join("one-patch")), clip_cpp(&golden)],
            cases: 1_500,
            read: weights,
            factor: 16,
            besides: 8 << 20,
        },
        Target {
            name: "open_clip_config.json",
            seeds: vec![std::fs::read(golden.join("../layouts/open-clip/open_clip_config.json")).unwrap()],
            cases: 5_000,
            read: |bytes, _| {
                let _ = ClipConfig::from_any_json(&String::from_utf8_lossy(bytes));
            },
            factor: 64,
            besides: 1 << 16,
        },
        Target {
            name: "vocab.json",
            seeds: vec![std::fs::read(golden.join("../layouts/open-clip/vocab.json")).unwrap()],
            cases: 1_250,
            read: vocabulary,
            factor: 256,
            besides: 8 << 20,
        },
        Target {
            name: "picture file",
            seeds: picture_files(),
            cases: 7_500,
            read: |bytes, _| {
                let _ = semblance::picture::reader::read(bytes);
            },
            factor: 1,
            besides: 1 << 16,
        },
        Target {
            name: "library",
            seeds: vec![library(false), library(true)],
            cases: 4_000,
            read: records,
            factor: 16,
            besides: 1 << 20,
        },
        Target {
            name: "vectors.npy",
            seeds: vec![std::fs::read(golden.join("../tables/vectors.npy")).unwrap()],
            cases: 2_000,
            read: |bytes, _| {
                let _ = semblance_tables::vectors::from_npy(bytes);
            },
            factor: 8,
            besides: 1 << 16,
        },
        Target {
            name: "vectors.safetensors",
            seeds: vec![std::fs::read(golden.join("../tables/vectors.safetensors")).unwrap()],
            cases: 2_000,
            read: |bytes, _| {
                let _ = semblance_tables::vectors::from_safetensors(bytes);
            },
            factor: 64,
            besides: 1 << 16,
        },
        Target {
            name: "classifier",
            seeds: vec![classifier::file(false), classifier::file(true)],
            cases: 4_000,
            read: |bytes, _| classifier::answers(bytes),
            factor: 64,
            besides: 1 << 16,
        },
        Target {
            name: "table.parquet",
            seeds: vec![std::fs::read(golden.join("../tables/table.parquet")).unwrap()],
            cases: 2_000,
            read: |bytes, _| {
                let _ = semblance_tables::parquet::read(bytes.to_vec());
            },
            factor: 64,
            besides: 8 << 20,
        },
        Target {
            name: "safetensors",
            seeds: vec![small_safetensors()],
            cases: 11_250,
            read: weights,
            factor: 16,
            besides: 1 << 18,
        },
        Target {
            name: "tokenizer.json",
            seeds: vec![small_tokenizer(&read("gelu-p14", "tokenizer.json"))],
            cases: 7_500,
            read: tokenizer,
            factor: 256,
            besides: 8 << 20,
        },
        Target {
            name: "captioner's config.json",
            seeds: captioner::texts("config.json"),
            cases: 4_000,
            read: captioner::config,
            factor: 64,
            besides: 1 << 16,
        },
        Target {
            name: "captioner's tokenizer.json",
            seeds: captioner::texts("tokenizer.json").iter().map(|json| small_tokenizer(json)).collect(),
            cases: 5_000,
            read: captioner::tokenizer,
            factor: 256,
            besides: 8 << 20,
        },
        Target {
            name: "captioner's bundle",
            seeds: ["caption", "vqa"].map(captioner::bundle).into(),
            cases: 1_000,
            read: captioner::write,
            factor: 16,
            besides: 8 << 20,
        },
    ]
}

/// A whole bundle with the smallest model, as the pack tool writes one, so that mutations reach the towers.
fn small_bundle(folder: &Path) -> Vec<u8> {
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let texts = [read("config.json"), read("preprocessor_config.json"), read("tokenizer.json")];
    let texts: Vec<_> = gguf::JSON_KEYS.into_iter().zip(texts.map(Value::String)).collect();
    let texts: Vec<_> = texts.iter().map(|(key, value)| (*key, value)).collect();
    let weights = semblance::bundle::read_weights(&[folder.join("model.safetensors")]).unwrap();
    let stored = |tensor: Tensor| {
        let tensor = if tensor.rank() == 0 { tensor.reshape(1).unwrap() } else { tensor };
        QTensor::quantize(&tensor, GgmlDType::F32).unwrap()
    };
    let mut tensors: Vec<_> =
        weights.into_tensors().unwrap().into_iter().map(|(name, t)| (name, stored(t))).collect();
    tensors.sort_by(|(a, _), (b, _)| a.cmp(b));
    let tensors: Vec<_> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    let mut file = std::io::Cursor::new(Vec::new());
    gguf_file::write(&mut file, &texts, &tensors).unwrap();
    let file = file.into_inner();
    let mut reader = WeightsReader::default();
    reader.push(&file).unwrap();
    let bundle = Bundle::from_gguf(reader.finish().unwrap()).unwrap();
    assert!(Clip::from_bundle(bundle, Towers::Both, Compute::F32).is_ok(), "the seed itself is good");
    file
}

/// A library's file of records: pictures, other facts of some, some removed.
fn library(exact: bool) -> Vec<u8> {
    let mut index = semblance_index::Index::new(semblance_index::Header { dim: 24, exact, model: [3; 32] });
    let mut file = Vec::new();
    let take = |index: &mut semblance_index::Index, record: Vec<u8>, file: &mut Vec<u8>| {
        index.apply(&record, file.len() as u64);
        file.extend(record);
    };
    for number in 0..40_u32 {
        let facts = semblance_index::Facts { path: format!("a/{number}.jpg").into(), ..Default::default() };
        let vector: Vec<f32> = (0..24).map(|i| ((i * 7 + number) % 13) as f32 / 30.0).collect();
        let record = index.picture(&facts, &vector).unwrap();
        take(&mut index, record, &mut file);
    }
    let facts = semblance_index::Facts { path: "b/1.jpg".into(), ..Default::default() };
    for record in [index.renewed(3, &facts).unwrap(), index.removal(7).unwrap()] {
        take(&mut index, record, &mut file);
    }
    file
}

/// A file of records, in chunks of any size, and a search over what there is.
fn records(bytes: &[u8], random: &mut Random) {
    let mut opening = semblance_index::Opening::new();
    for _ in 0..2 {
        for chunk in bytes.chunks(1 + random.below(bytes.len().max(1))) {
            opening.push(chunk);
        }
        match opening.finish() {
            Ok(semblance_index::Opened::Whole(index, _)) => {
                let query = vec![0.1; index.header().dim as usize];
                let _ = index.rank(&query, &[], 10, &Default::default());
                return;
            }
            Ok(semblance_index::Opened::Again(again)) => opening = again,
            Err(_) => return,
        }
    }
}

/// A model in clip.cpp's layout.
fn clip_cpp(golden: &Path) -> Vec<u8> {
    std::fs::read(golden.join("../layouts/clip-cpp/clip-cpp-f16.gguf")).unwrap()
}

/// A folder with a mutated vocabulary.
fn vocabulary(bytes: &[u8], random: &mut Random) {
    let merges = include_str!("../golden/layouts/open-clip/merges.txt");
    let merges = &merges[random.below(merges.len())..];
    let files = [
        ("config.json", r#"{"model_type":"clip"}"#),
        ("vocab.json", &String::from_utf8_lossy(bytes)),
        ("merges.txt", merges),
    ];
    let files = files.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let _ = Loader::new(Towers::Text, Compute::F32).files(&files);
}

/// Picture files of every format, good and bad.
fn picture_files() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = entries.filter(|path| path.is_file()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .map(|mut file| {
            file.truncate(4096);
            file
        })
        .collect()
}

/// Feed the bytes in chunks of odd sizes, and go on to an embedding if they are accepted.
fn weights(bytes: &[u8], random: &mut Random) {
    let compute = if random.below(2) == 0 { Compute::F32 } else { Compute::Int8 };
    let mut loader = Loader::new(Towers::Both, compute).with_logit_scale(100.0).unwrap();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(1 + random.below(rest.len()));
        if loader.push(chunk).is_err() {
            return;
        }
        rest = after;
    }
    let Ok(mut clip) = loader.finish() else { return };
    let _ = clip.embed_texts(&["a"]);
}

fn tokenizer(bytes: &[u8], _: &mut Random) {
    let mut config = ClipConfig::from_json("{}").unwrap().text_config;
    config.max_position_embeddings = 16;
    let Ok(tokenizer) = Tokenizer::from_json(&String::from_utf8_lossy(bytes), &config) else { return };
    for text in ["a photo of a cat", "", "it's 2024 — ünïcödé 🐱", "<|endoftext|>", &"long ".repeat(50)]
    {
        let _ = tokenizer.encode(text);
    }
}

/// A GGUF file of a few kilobytes with every kind of metadata and the tensor types that can be read.
fn small_gguf() -> Vec<u8> {
    let mut file = b"GGUF".to_vec();
    let string = |file: &mut Vec<u8>, text: &str| {
        file.extend((text.len() as u64).to_le_bytes());
        file.extend(text.as_bytes());
    };
    let tensors: [(&str, &[u64], u32, usize); 6] = [
        ("a", &[32, 2], 8, 68),
        ("b", &[3], 0, 12),
        ("c", &[4, 2], 1, 16),
        ("d", &[32], 2, 18),
        ("e", &[256], 12, 144),
        ("f", &[256], 14, 210),
    ];
    file.extend(3u32.to_le_bytes());
    file.extend((tensors.len() as u64).to_le_bytes());
    file.extend(5u64.to_le_bytes());
    for (key, value) in [("general.architecture", "clip"), ("clip.huggingface.config", "{}")] {
        string(&mut file, key);
        file.extend(8u32.to_le_bytes());
        string(&mut file, value);
    }
    string(&mut file, "general.alignment");
    file.extend(4u32.to_le_bytes());
    file.extend(32u32.to_le_bytes());
    string(&mut file, "numbers");
    file.extend(9u32.to_le_bytes());
    file.extend(6u32.to_le_bytes());
    file.extend(3u64.to_le_bytes());
    file.extend([0; 12]);
    string(&mut file, "words");
    file.extend(9u32.to_le_bytes());
    file.extend(8u32.to_le_bytes());
    file.extend(2u64.to_le_bytes());
    string(&mut file, "one");
    string(&mut file, "two");
    let mut offset = 0u64;
    for (name, dims, kind, bytes) in tensors {
        string(&mut file, name);
        file.extend((dims.len() as u32).to_le_bytes());
        dims.iter().for_each(|dim| file.extend(dim.to_le_bytes()));
        file.extend(kind.to_le_bytes());
        file.extend(offset.to_le_bytes());
        offset += (bytes as u64).next_multiple_of(32);
    }
    file.resize(file.len().next_multiple_of(32) + offset as usize, 7);
    let mut reader = WeightsReader::default();
    reader.push(&file).unwrap();
    assert_eq!(
        reader.finish().unwrap().into_tensors().unwrap().len(),
        tensors.len(),
        "the seed itself is good"
    );
    file
}

/// A safetensors file with all three element types.
fn small_safetensors() -> Vec<u8> {
    let header = r#"{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F16","shape":[4],"data_offsets":[24,32]},"c":{"dtype":"BF16","shape":[],"data_offsets":[32,34]},"__metadata__":{"format":"pt"}}"#;
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.as_bytes());
    file.extend([60; 34]);
    let mut reader = WeightsReader::default();
    reader.push(&file).unwrap();
    assert_eq!(reader.finish().unwrap().into_tensors().unwrap().len(), 3, "the seed itself is good");
    file
}

/// A tokenizer without line breaks, so that a mutation more often falls on something that matters.
fn small_tokenizer(json: &[u8]) -> Vec<u8> {
    let value: serde_json::Value = serde_json::from_slice(json).unwrap();
    serde_json::to_vec(&value).unwrap()
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}
