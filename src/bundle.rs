//! A model bundle: configuration, preprocessing, tokenizer and weights, checked before any compute.
//!
//! It comes as one GGUF file with the JSON files in its metadata, or as a folder in HF layout. What this module
//! hands over holds: every size of the configuration is in range, the JSON files are there, every tensor's bytes
//! fit its shape. Whether the tensors fit the configuration is checked where the towers take them.

pub mod config;
pub mod gguf;
pub mod preprocessor;
mod safetensors;
pub mod stored;
pub mod stream;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

pub use config::ClipConfig;
pub use preprocessor::PreprocessConfig;
pub use stream::{Weights, WeightsReader};

use crate::{Error, Result};

/// Everything a [`Clip`](crate::Clip) is made of.
pub struct Bundle {
    pub head: Head,
    pub weights: Weights,
}

/// What stands before the weights.
pub struct Head {
    pub config: ClipConfig,
    pub preprocess: PreprocessConfig,
    /// `tokenizer.json`, as text.
    pub tokenizer: String,
}

impl Head {
    /// Errors: one of the configuration files is wrong, or they do not fit each other.
    pub fn new(config: &str, preprocessor: &str, tokenizer: String) -> Result<Self> {
        let config = ClipConfig::from_json(config)?;
        let preprocess = PreprocessConfig::from_json(preprocessor)?;
        preprocess.check_square(config.vision_config.image_size)?;
        Ok(Self { preprocess, tokenizer, config })
    }

    /// Take the JSON files that a GGUF file carries out of its metadata.
    ///
    /// Errors: one of them is missing or wrong.
    pub fn take(texts: &mut BTreeMap<String, String>) -> Result<Self> {
        let mut text = |key: &str| match texts.remove(key) {
            Some(text) => Ok(text),
            None => Err(Error::Model(format!(
                "This is no Semblance bundle: its metadata has no “{key}”. `cargo xtask pack` makes one."
            ))),
        };
        let (config, preprocessor) = (text(gguf::CONFIG_KEY)?, text(gguf::PREPROCESSOR_KEY)?);
        Self::new(&config, &preprocessor, text(gguf::TOKENIZER_KEY)?)
    }
}

impl Bundle {
    /// A bundle from its parts as text and weights.
    ///
    /// Errors: one of the configuration files is wrong, or they do not fit each other.
    pub fn new(config: &str, preprocessor: &str, tokenizer: &str, weights: Weights) -> Result<Self> {
        Ok(Self { head: Head::new(config, preprocessor, tokenizer.to_owned())?, weights })
    }

    /// A bundle from the weights of a GGUF file, which carries the JSON files in its metadata.
    ///
    /// Errors: one of them is missing or wrong.
    pub fn from_gguf(mut weights: Weights) -> Result<Self> {
        Ok(Self { head: Head::take(&mut weights.texts)?, weights })
    }

    /// Read a `.gguf` file, a packed folder (`manifest.json` and its pieces), or a folder in HF layout
    /// (`config.json`, `preprocessor_config.json`, `tokenizer.json`, `model.safetensors`).
    ///
    /// Errors: a file is missing or wrong.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        if path.is_file() {
            return Self::from_gguf(read_weights(&[path])?);
        }
        if path.join("manifest.json").is_file() {
            let manifest: Manifest = parse_json("manifest.json", &read_text(&path.join("manifest.json"))?)?;
            let pieces: Vec<_> = manifest.pieces.iter().map(|piece| path.join(&piece.url)).collect();
            return Self::from_gguf(read_weights(&pieces)?);
        }
        Self::new(
            &read_text(&path.join("config.json"))?,
            &read_text(&path.join("preprocessor_config.json"))?,
            &read_text(&path.join("tokenizer.json"))?,
            read_weights(&[path.join("model.safetensors")])?,
        )
    }
}

/// What this crate needs of a packed folder's manifest; the browser checks the rest as well.
#[derive(Deserialize)]
struct Manifest {
    pieces: Vec<Piece>,
}

#[derive(Deserialize)]
struct Piece {
    url: String,
}

/// Stream the weights in from a file, or from the files that it was cut into.
pub fn read_weights(pieces: &[impl AsRef<Path>]) -> Result<Weights> {
    let mut reader = WeightsReader::default();
    let mut chunk = vec![0; 1 << 20];
    for path in pieces.iter().map(AsRef::as_ref) {
        let mut file = std::fs::File::open(path).map_err(|e| io_error(path, e))?;
        loop {
            let read = file.read(&mut chunk).map_err(|e| io_error(path, e))?;
            if read == 0 {
                break;
            }
            reader.push(&chunk[..read])?;
        }
    }
    reader.finish()
}

/// Read a text file of a model folder.
pub fn read_text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| io_error(path, e))
}

/// Read one of the JSON files, which must hold an object (serde would take a list for a struct as well).
fn parse_json<T: DeserializeOwned>(file: &str, json: &str) -> Result<T> {
    let object: Map<String, Value> =
        serde_json::from_str(json).map_err(|e| Error::Model(format!("{file}: {e}.")))?;
    serde_json::from_value(Value::Object(object)).map_err(|e| Error::Model(format!("{file}: {e}.")))
}

fn io_error(path: &Path, source: std::io::Error) -> Error {
    Error::Io { path: path.display().to_string(), source }
}
