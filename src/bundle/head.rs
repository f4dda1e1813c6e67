//! What stands before a model's weights: what it is, how its pictures are prepared, and its tokenizer.

use std::collections::BTreeMap;

use super::config::{self, ClipConfig};
use super::header::Value;
use super::preprocessor::PreprocessConfig;
use super::{clip_cpp, gguf, open_clip, vocabulary};
use crate::{Error, Result};

/// What stands before the weights.
#[derive(Debug)]
pub struct Head {
    pub config: ClipConfig,
    pub preprocess: PreprocessConfig,
    /// `tokenizer.json`, as text.
    pub tokenizer: String,
    /// `config.json` and `preprocessor_config.json`, as texts that say the same.
    pub sources: [String; 2],
}

impl Head {
    /// Errors: one of the configuration files is wrong, or they do not fit each other.
    pub fn new(config: &str, preprocessor: &str, tokenizer: String) -> Result<Self> {
        let sources = [config.to_owned(), preprocessor.to_owned()];
        let config = ClipConfig::from_json(config)?;
        let preprocess = PreprocessConfig::from_json(preprocessor)?;
        preprocess.check_square(config.vision_config.image_size)?;
        Ok(Self { preprocess, tokenizer, config, sources })
    }

    /// Take what stands before the weights out of a GGUF file's metadata: the JSON files that our bundles carry, or
    /// clip.cpp's keys.
    ///
    /// Errors: one of them is missing or wrong.
    pub fn take(metadata: &mut BTreeMap<String, Value>) -> Result<Self> {
        if clip_cpp::is(metadata) {
            let [config, preprocessor, tokenizer] = clip_cpp::convert(metadata)?;
            return Self::new(&config, &preprocessor, tokenizer);
        }
        if let Some(Value::Text(other)) =
            metadata.get(gguf::ARCHITECTURE_KEY).filter(|kind| **kind != Value::Text(gguf::CLIP.into()))
        {
            return Err(Error::Model(format!(
                "This bundle is of the architecture “{other}”, and no CLIP: it cannot compare pictures and texts. A \
                 captioner's is loaded as a captioner."
            )));
        }
        let mut text = |key: &str| match metadata.remove(key) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(Error::Model(format!(
                "This is no CLIP bundle: its metadata has no “{key}”. `cargo xtask pack` makes one."
            ))),
        };
        let (config, preprocessor) = (text(gguf::CONFIG_KEY)?, text(gguf::PREPROCESSOR_KEY)?);
        Self::new(&config, &preprocessor, text(gguf::TOKENIZER_KEY)?)
    }

    /// From the text files of a folder, by name: those of [`FILES`](super::files::FILES) that are there.
    ///
    /// Errors: one is wrong, they do not fit each other, or one that is needed is missing.
    pub fn from_files(files: &BTreeMap<String, String>) -> Result<Self> {
        let [config, preprocessor] = Self::texts(files)?;
        let file = |name: &str| files.get(name).map(String::as_str);
        let tokenizer = match (file("tokenizer.json"), file("vocab.json"), file("merges.txt")) {
            (Some(tokenizer), ..) => tokenizer.to_owned(),
            (None, Some(vocab), Some(merges)) => vocabulary::from_files(vocab, merges)?,
            _ => {
                return Err(Error::Model(
                    "The model has no tokenizer.json, nor vocab.json and merges.txt to make one of.".into(),
                ));
            }
        };
        Self::new(&config, &preprocessor, tokenizer)
    }

    /// `config.json` and `preprocessor_config.json`, whatever they are made of.
    fn texts(files: &BTreeMap<String, String>) -> Result<[String; 2]> {
        let file = |name: &str| files.get(name).cloned();
        // Beside OpenCLIP's files other programs keep a `config.json` of their own.
        let config = file("config.json").filter(|json| config::is_clip(json));
        let [config, preprocessor] = match (config, file("open_clip_config.json")) {
            (Some(config), _) => {
                // What a folder leaves out, Hugging Face's `CLIPImageProcessor` has; but for the size.
                let side = ClipConfig::from_json(&config)?.vision_config.image_size;
                [config, format!(r#"{{"size": {side}, "crop_size": {side}}}"#)]
            }
            (None, Some(both)) => open_clip::convert(&both)?,
            (None, None) => {
                let what = match file("config.json") {
                    Some(other) => {
                        ClipConfig::from_json(&other)?;
                        "Its config.json does not describe a CLIP model"
                    }
                    None => {
                        "The model has no config.json, nor open_clip_config.json: nothing says what it is"
                    }
                };
                return Err(Error::Model(format!("{what}.")));
            }
        };
        Ok([config, file("preprocessor_config.json").unwrap_or(preprocessor)])
    }
}
