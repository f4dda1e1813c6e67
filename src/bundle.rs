//! A model bundle: configuration, preprocessing, tokenizer and weights, checked before any compute.
//!
//! It comes as one GGUF file with the JSON files in its metadata, as a folder in HF layout, or as OpenCLIP or clip.cpp
//! write it. What this module hands over holds: every size of the configuration is in range, every tensor has Hugging
//! Face's name, and its bytes fit its shape. Whether the tensors fit the configuration is checked where the towers take
//! them.

mod clip_cpp;
pub mod config;
mod files;
pub mod gguf;
mod head;
mod header;
mod json;
mod names;
mod open_clip;
pub mod preprocessor;
mod safetensors;
pub mod stored;
mod stream;
mod tensor;
mod texts;
mod vocabulary;
mod weights;

use std::path::Path;

pub use config::ClipConfig;
pub use files::{FILES, head, read, read_text, read_weights, text_files, visit, weight_files};
pub use head::Head;
pub(crate) use json::parse as parse_json;
pub use preprocessor::PreprocessConfig;
pub use stream::WeightsReader;
pub use texts::{Texts, architecture, texts};
pub use weights::Weights;

use crate::Result;

/// Everything a [`Clip`](crate::Clip) is made of.
#[derive(Debug)]
pub struct Bundle {
    pub head: Head,
    pub weights: Weights,
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
        Ok(Self { head: Head::take(&mut weights.metadata)?, weights })
    }

    /// Read a `.gguf` file, a packed folder (`manifest.json` and its pieces), or a folder in HF or OpenCLIP layout: those
    /// of [`FILES`] that are there, and `model.safetensors`, its shards with their index, or
    /// `open_clip_model.safetensors`.
    ///
    /// Errors: a file is missing or wrong.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let mut reader = WeightsReader::default();
        read(path, &mut reader, |_| Ok(()))?;
        let mut weights = reader.finish()?;
        Ok(Self { head: head(path, &mut weights)?, weights })
    }
}
