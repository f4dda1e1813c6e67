//! What stands before the weights of a model that writes texts about pictures, as texts: its configuration is for the
//! model itself to read.

use std::collections::BTreeMap;
use std::path::Path;

use super::header::Value;
use super::weights::Weights;
use super::{files, gguf, json};
use crate::{Error, Result};

/// The JSON files of a model.
#[derive(Debug)]
pub struct Texts {
    /// `config.json`.
    pub config: String,
    /// `preprocessor_config.json`; a folder may leave it out.
    pub preprocessor: Option<String>,
    /// `tokenizer.json`.
    pub tokenizer: String,
}

impl Texts {
    /// Take them out of a GGUF file's metadata.
    ///
    /// Errors: one is missing, or it is a CLIP's bundle.
    pub fn take(metadata: &mut BTreeMap<String, Value>) -> Result<Self> {
        let architecture = match metadata.get(gguf::ARCHITECTURE_KEY) {
            Some(Value::Text(architecture)) if architecture != gguf::CLIP => architecture.clone(),
            Some(Value::Text(_)) => {
                return Err(Error::Model(
                    "This is a CLIP's bundle: it compares pictures and texts, and writes none. Load it as a \
                     CLIP."
                        .into(),
                ));
            }
            _ => return Err(Error::Model("The GGUF file does not say what it is of.".into())),
        };
        let mut text = |key: &str| match metadata.remove(key) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(Error::Model(format!(
                "This is no bundle of a model that writes texts: its metadata has no “{key}”. `cargo xtask pack` \
                 makes one."
            ))),
        };
        let [config, preprocessor] = gguf::json_keys(&architecture);
        Ok(Self {
            config: text(&config)?,
            preprocessor: Some(text(&preprocessor)?),
            tokenizer: text(gguf::TOKENIZER_KEY)?,
        })
    }

    /// From the text files of a folder, by name.
    ///
    /// Errors: one that is needed is missing.
    pub fn from_files(files: &BTreeMap<String, String>) -> Result<Self> {
        let file = |name: &str| files.get(name).cloned();
        let needed = |name: &str| file(name).ok_or_else(|| Error::Model(format!("The model has no {name}.")));
        Ok(Self {
            config: needed("config.json")?,
            preprocessor: file("preprocessor_config.json"),
            tokenizer: needed("tokenizer.json")?,
        })
    }
}

/// What a model is of, as its `config.json` (`model_type`) or its bundle says: `clip`, `blip`; `None`: neither says it.
///
/// Errors: a file is unreadable.
pub fn architecture(path: &Path, weights: &Weights) -> Result<Option<String>> {
    if let Some(Value::Text(architecture)) = weights.metadata.get(gguf::ARCHITECTURE_KEY) {
        return Ok(Some(architecture.clone()));
    }
    if !path.is_dir() {
        return Ok(None);
    }
    let files = files::text_files(path)?;
    let config =
        files.get("config.json").and_then(|text| json::parse::<serde_json::Value>("config.json", text).ok());
    Ok(config.and_then(|config| Some(config["model_type"].as_str()?.to_owned())))
}

/// What stands before a model's weights, which have been read.
///
/// Errors: a file is missing or unreadable.
pub fn texts(path: &Path, weights: &mut Weights) -> Result<Texts> {
    if weights.metadata.is_empty() && path.is_dir() {
        return Texts::from_files(&files::text_files(path)?);
    }
    Texts::take(&mut weights.metadata)
}
