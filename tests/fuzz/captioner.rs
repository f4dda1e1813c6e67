//! A captioner's files.

use std::path::Path;

use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use semblance::bundle::gguf;
use semblance::captioner::{Ability, CaptionOptions, CaptionerLoader, Limits, memory};
use semblance::tokenizer::WordPieces;
use semblance::{Compute, Picture};

use crate::mutate::Random;

fn folder(kind: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/blip").join(kind)
}

fn text(kind: &str, file: &str) -> String {
    std::fs::read_to_string(folder(kind).join(file)).unwrap()
}

/// One of a captioner's text files, of both kinds.
pub fn texts(file: &str) -> Vec<Vec<u8>> {
    ["caption", "vqa"].map(|kind| text(kind, file).into_bytes()).into()
}

/// A whole bundle, as the pack tool writes one.
pub fn bundle(kind: &str) -> Vec<u8> {
    let [config, preprocessor] = gguf::json_keys("blip");
    let texts = [
        (gguf::ARCHITECTURE_KEY.to_owned(), "blip".to_owned()),
        (config, text(kind, "config.json")),
        (preprocessor, text(kind, "preprocessor_config.json")),
        (gguf::TOKENIZER_KEY.to_owned(), text(kind, "tokenizer.json")),
    ]
    .map(|(key, text)| (key, Value::String(text)));
    let texts: Vec<_> = texts.iter().map(|(key, value)| (key.as_str(), value)).collect();
    let weights = semblance::bundle::read_weights(&[folder(kind).join("model.safetensors")]).unwrap();
    let mut tensors: Vec<_> = weights.into_tensors().unwrap().into_iter().collect();
    tensors.sort_by(|(a, _), (b, _)| a.cmp(b));
    let tensors: Vec<_> =
        tensors.iter().map(|(name, t)| (name, QTensor::quantize(t, GgmlDType::F32).unwrap())).collect();
    let tensors: Vec<_> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    let mut file = std::io::Cursor::new(Vec::new());
    gguf_file::write(&mut file, &texts, &tensors).unwrap();
    let file = file.into_inner();
    let mut loader = CaptionerLoader::new(Compute::F32);
    loader.push(&file).unwrap();
    assert!(loader.finish().is_ok(), "the seed itself is good");
    file
}

/// Feed the bytes in chunks of odd sizes, and go on to a text if they are accepted.
pub fn write(bytes: &[u8], random: &mut Random) {
    let compute = if random.below(2) == 0 { Compute::F32 } else { Compute::Int8 };
    let mut loader = CaptionerLoader::new(compute);
    let mut rest = bytes;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(1 + random.below(rest.len()));
        if loader.push(chunk).is_err() {
            return;
        }
        rest = after;
    }
    let Ok(captioner) = loader.finish() else { return };
    let picture = Picture::from_rgba([9, 200, 30, 255].repeat(12), 4, 3).unwrap();
    let _ = match captioner.facts().ability {
        Ability::Captions => {
            let options = CaptionOptions { max_tokens: 3, beams: 2, ..CaptionOptions::default() };
            captioner.caption(&picture, &options, |_| ())
        }
        Ability::Answers => {
            let limits = Limits { max_tokens: 3, ..Limits::default() };
            captioner.answer(&picture, "what is it?", limits, |_| ())
        }
    };
}

pub fn config(bytes: &[u8], _: &mut Random) {
    let _ = memory(&String::from_utf8_lossy(bytes), Compute::Int8);
}

pub fn tokenizer(bytes: &[u8], random: &mut Random) {
    let Ok(tokenizer) = WordPieces::from_json(&String::from_utf8_lossy(bytes), 1 << 20) else { return };
    for text in ["a photo of a cat", "", "it's 2024 — ünïcödé 🐱", "[SEP]", &"long".repeat(50)] {
        if let Ok(ids) = tokenizer.encode(text) {
            let _ = tokenizer.decode(&ids);
        }
    }
    let ids: Vec<u32> = (0..8).map(|_| random.below(200) as u32).collect();
    let _ = tokenizer.decode(&ids);
}
