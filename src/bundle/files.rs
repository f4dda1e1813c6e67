//! Which files a model lies in on disk, and reading them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use candle_core::Tensor;
use serde::Deserialize;

use super::head::Head;
use super::json;
use super::stream::WeightsReader;
use super::weights::Weights;
use crate::{Error, Result};

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
        let manifest: Manifest = json::parse("manifest.json", &read_text(&manifest)?)?;
        return Ok(vec![manifest.pieces.iter().map(|piece| path.join(&piece.url)).collect()]);
    }
    let single = path.join("model.safetensors");
    if single.is_file() {
        return Ok(vec![vec![single]]);
    }
    if index.is_file() {
        let index: Index = json::parse("model.safetensors.index.json", &read_text(&index)?)?;
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
pub fn read(
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

fn io_error(path: &Path, source: std::io::Error) -> Error {
    Error::Io { path: path.display().to_string(), source }
}
