//! A model bundle: configuration, preprocessing, tokenizer and weights, checked before any compute.
//!
//! It comes as one GGUF file with the JSON files in its metadata, or as a folder in HF layout. What this module
//! hands over holds: every size of the configuration is in range, the JSON files are there, every tensor's bytes
//! fit its shape. Whether the tensors fit the configuration is checked where the towers take them.

pub mod config;
pub mod gguf;
pub mod preprocessor;
mod safetensors;
pub mod stream;

use std::io::Read;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

pub use config::ClipConfig;
pub use preprocessor::PreprocessConfig;
pub use stream::{Weights, WeightsReader};

use crate::{Error, Result};

/// Everything a [`Clip`](crate::Clip) is made of.
pub struct Bundle {
    pub config: ClipConfig,
    pub preprocess: PreprocessConfig,
    /// `tokenizer.json`, as text.
    pub tokenizer: String,
    pub weights: Weights,
}

impl Bundle {
    /// A bundle from its parts as text and weights.
    ///
    /// Errors: one of the configuration files is wrong.
    pub fn new(config: &str, preprocessor: &str, tokenizer: &str, weights: Weights) -> Result<Self> {
        let config = ClipConfig::from_json(config)?;
        Ok(Self {
            preprocess: PreprocessConfig::from_json(preprocessor)?,
            tokenizer: tokenizer.to_owned(),
            config,
            weights,
        })
    }

    /// A bundle from the weights of a GGUF file, which carries the JSON files in its metadata.
    ///
    /// Errors: one of them is missing or wrong.
    pub fn from_gguf(mut weights: Weights) -> Result<Self> {
        let mut text = |key: &str| {
            weights.texts.remove(key).ok_or_else(|| {
                Error::Model(format!("The GGUF file is no Semblance bundle: its metadata has no “{key}”."))
            })
        };
        let (config, preprocessor, tokenizer) =
            (text(gguf::CONFIG_KEY)?, text(gguf::PREPROCESSOR_KEY)?, text(gguf::TOKENIZER_KEY)?);
        Self::new(&config, &preprocessor, &tokenizer, weights)
    }

    /// Read a `.gguf` file, a folder that holds one, or a folder in HF layout (`config.json`,
    /// `preprocessor_config.json`, `tokenizer.json`, `model.safetensors`).
    ///
    /// Errors: a file is missing or wrong.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        if path.is_file() {
            return Self::from_gguf(read_weights(path)?);
        }
        if path.join("model.safetensors").is_file() {
            return Self::new(
                &read_text(&path.join("config.json"))?,
                &read_text(&path.join("preprocessor_config.json"))?,
                &read_text(&path.join("tokenizer.json"))?,
                read_weights(&path.join("model.safetensors"))?,
            );
        }
        let entries = std::fs::read_dir(path).map_err(|e| io_error(path, e))?;
        let mut ggufs: Vec<_> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|file| file.extension().is_some_and(|ext| ext == "gguf"))
            .collect();
        ggufs.sort();
        match ggufs.as_slice() {
            [file] => Self::from_gguf(read_weights(file)?),
            [] => Err(Error::Model(format!(
                "{} holds neither model.safetensors nor a .gguf file.",
                path.display()
            ))),
            _ => Err(Error::Model(format!(
                "{} holds {} .gguf files; name one of them.",
                path.display(),
                ggufs.len()
            ))),
        }
    }
}

/// Stream a file's weights in.
pub fn read_weights(path: &Path) -> Result<Weights> {
    let mut file = std::fs::File::open(path).map_err(|e| io_error(path, e))?;
    let mut reader = WeightsReader::default();
    let mut chunk = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut chunk).map_err(|e| io_error(path, e))?;
        if read == 0 {
            return reader.finish();
        }
        reader.push(&chunk[..read])?;
    }
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
