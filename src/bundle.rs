//! A model bundle: configuration, preprocessing, tokenizer and weights, checked before any compute.
//!
//! It comes as one GGUF file with the JSON files in its metadata, as a folder in HF layout, or as OpenCLIP or clip.cpp
//! write it. What this module hands over holds: every size of the configuration is in range, every tensor has Hugging
//! Face's name, and its bytes fit its shape. Whether the tensors fit the configuration is checked where the towers take
//! them.

mod clip_cpp;
pub mod config;
pub mod gguf;
mod names;
mod open_clip;
pub mod preprocessor;
mod safetensors;
pub mod stored;
pub mod stream;
mod vocabulary;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use candle_core::Tensor;
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
    pub fn take(metadata: &mut BTreeMap<String, gguf::Value>) -> Result<Self> {
        if clip_cpp::is(metadata) {
            return clip_cpp::head(metadata);
        }
        let mut text = |key: &str| match metadata.remove(key) {
            Some(gguf::Value::Text(text)) => Ok(text),
            _ => Err(Error::Model(format!(
                "This is no CLIP bundle: its metadata has no “{key}”. `cargo xtask pack` makes one."
            ))),
        };
        let (config, preprocessor) = (text(gguf::CONFIG_KEY)?, text(gguf::PREPROCESSOR_KEY)?);
        Self::new(&config, &preprocessor, text(gguf::TOKENIZER_KEY)?)
    }

    /// From the text files of a folder, by name: those of [`FILES`] that are there.
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

/// The text files of a model's folder, of which each is read where it is there.
pub const FILES: [&str; 6] = [
    "config.json",
    "open_clip_config.json",
    "preprocessor_config.json",
    "tokenizer.json",
    "vocab.json",
    "merges.txt",
];

/// What this crate needs of a packed folder's manifest; the browser checks the rest as well.
#[derive(Deserialize)]
struct Manifest {
    pieces: Vec<Piece>,
}

#[derive(Deserialize)]
struct Piece {
    url: String,
}

/// What this crate needs of `model.safetensors.index.json`.
#[derive(Deserialize)]
struct Index {
    weight_map: BTreeMap<String, String>,
}

/// What stands before a model's weights, which have been read ([`visit`] leaves enough of them).
///
/// Errors: a file is missing or wrong.
pub fn head(path: &Path, weights: &mut Weights) -> Result<Head> {
    if weights.metadata.is_empty() && path.is_dir() {
        return Head::from_files(&text_files(path)?);
    }
    Head::take(&mut weights.metadata)
}

/// Those of [`FILES`] that a folder has.
///
/// Errors: one cannot be read.
pub fn text_files(folder: &Path) -> Result<BTreeMap<String, String>> {
    let there = FILES.iter().filter(|file| folder.join(file).is_file());
    there.map(|file| Ok((file.to_string(), read_text(&folder.join(file))?))).collect()
}

/// The files that a model's weights are in; each in the pieces that it was cut into.
///
/// Errors: there are none, or the list of them is wrong.
pub fn weight_files(path: &Path) -> Result<Vec<Vec<PathBuf>>> {
    if path.is_file() {
        return Ok(vec![vec![path.to_owned()]]);
    }
    let (manifest, index) = (path.join("manifest.json"), path.join("model.safetensors.index.json"));
    if manifest.is_file() {
        let manifest: Manifest = parse_json("manifest.json", &read_text(&manifest)?)?;
        return Ok(vec![manifest.pieces.iter().map(|piece| path.join(&piece.url)).collect()]);
    }
    let single = path.join("model.safetensors");
    if single.is_file() {
        return Ok(vec![vec![single]]);
    }
    if index.is_file() {
        let index: Index = parse_json("model.safetensors.index.json", &read_text(&index)?)?;
        let shards: BTreeSet<_> = index.weight_map.into_values().collect();
        if shards.iter().any(|shard| shard.contains(['/', '\\'])) {
            return Err(Error::Model("model.safetensors.index.json names files of other folders.".into()));
        }
        return Ok(shards.into_iter().map(|shard| vec![path.join(shard)]).collect());
    }
    let open_clip = path.join("open_clip_model.safetensors");
    if open_clip.is_file() {
        return Ok(vec![vec![open_clip]]);
    }
    Err(Error::Model(format!(
        "{} has no model.safetensors, no model.safetensors.index.json, no open_clip_model.safetensors and no manifest.json.",
        path.display()
    )))
}

/// Read a model's weights, whatever files they are in; `each` is called after each megabyte.
fn read(
    path: &Path,
    reader: &mut WeightsReader,
    mut each: impl FnMut(&mut Weights) -> Result<()>,
) -> Result<()> {
    for (n, pieces) in weight_files(path)?.iter().enumerate() {
        if n > 0 {
            reader.next_file()?;
        }
        read_pieces(pieces, reader, &mut each)?;
    }
    Ok(())
}

fn read_pieces(
    pieces: &[impl AsRef<Path>],
    reader: &mut WeightsReader,
    mut each: impl FnMut(&mut Weights) -> Result<()>,
) -> Result<()> {
    let mut chunk = vec![0; 1 << 20];
    for path in pieces.iter().map(AsRef::as_ref) {
        let mut file = std::fs::File::open(path).map_err(|e| io_error(path, e))?;
        loop {
            let read = file.read(&mut chunk).map_err(|e| io_error(path, e))?;
            if read == 0 {
                break;
            }
            reader.push(&chunk[..read])?;
            each(reader.weights())?;
        }
    }
    Ok(())
}

/// Visit a model's tensors one by one, f32: none stays in memory. What is left is the metadata.
///
/// Errors: a file is missing or wrong, or `visit` fails.
pub fn visit(path: &Path, mut visit: impl FnMut(&str, &Tensor) -> Result<()>) -> Result<Weights> {
    let mut reader = WeightsReader::default();
    let mut all = |weights: &mut Weights| {
        weights.drain().try_for_each(|tensor| {
            let (name, tensor) = tensor?;
            visit(&name, &tensor)
        })
    };
    read(path, &mut reader, &mut all)?;
    let mut weights = reader.finish()?;
    all(&mut weights)?;
    Ok(weights)
}

/// Stream the weights in from a file, or from the pieces that it was cut into.
pub fn read_weights(pieces: &[impl AsRef<Path>]) -> Result<Weights> {
    let mut reader = WeightsReader::default();
    read_pieces(pieces, &mut reader, |_| Ok(()))?;
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
