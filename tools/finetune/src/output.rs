//! What comes out of a training.
//!
//! | place | what it is |
//! |---|---|
//! | `huggingface/` | all tensors in `model.safetensors`, with the texts beside it: what `transformers` reads, and the page |
//! | `bundle/` | `manifest.json` and pieces of at most 4 MiB: to be put on a site as `models/NAME` |
//! | `NAME-q8_0.gguf` | the same in one file: to be opened on the page |
//!
//! Tensors that were not trained are those of the model that the training began with, in f16, or in f32 where they were that.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use candle_core::{DType, Tensor};
use semblance::bundle;
use semblance_pack::encoding::Dtype;
use semblance_pack::pack::{Wish, pack};
use semblance_pack::source::Source;
use serde_json::{Value, json};

/// Files that other programs want and that say nothing of weights; copied where the model is a folder.
const ALONGSIDE: [&str; 4] = ["tokenizer_config.json", "special_tokens_map.json", "vocab.json", "merges.txt"];

/// Write all tensors of the model at `source`, the trained ones instead of its own, as a folder in HF layout.
///
/// Errors: the model cannot be read, lacks a trained tensor, or the folder cannot be written.
pub fn huggingface(
    source: &Path,
    trained: &BTreeMap<String, Tensor>,
    dtype: DType,
    folder: &Path,
) -> Result<()> {
    let failed = || format!("{} could not be written", folder.display());
    fs::create_dir_all(folder).with_context(failed)?;
    let mut tensors = BTreeMap::new();
    let mut weights = bundle::visit(source, |name, tensor| {
        let tensor = trained.get(name).unwrap_or(tensor);
        // What GGUF has as a vector of one is a single number here.
        let tensor = if name == "logit_scale" { tensor.reshape(())? } else { tensor.clone() };
        tensors.insert(name.to_owned(), tensor.to_dtype(dtype)?.to_device(&candle_core::Device::Cpu)?);
        Ok(())
    })?;
    if let Some(name) = trained.keys().find(|name| !tensors.contains_key(*name)) {
        bail!("{} has no tensor “{name}”", source.display());
    }
    let head = bundle::head(source, &mut weights)?;
    let [config, preprocessor] = &head.sources;
    for (file, text) in [
        ("config.json", &with_dtype(config, dtype)?),
        ("preprocessor_config.json", preprocessor),
        ("tokenizer.json", &head.tokenizer),
    ] {
        fs::write(folder.join(file), text).with_context(failed)?;
    }
    for file in ALONGSIDE.iter().filter(|file| source.join(file).is_file()) {
        // Not `copy`, which takes a file's permissions along.
        fs::read(source.join(file))
            .and_then(|bytes| fs::write(folder.join(file), bytes))
            .with_context(failed)?;
    }
    // As PyTorch's own: `transformers` refuses files that don't say so.
    let about = [("format".to_owned(), "pt".to_owned())].into();
    let path = folder.join("model.safetensors");
    let failed = || format!("{} could not be written", path.display());
    safetensors::serialize_to_file(tensors, Some(about), &path).with_context(failed)?;
    // It was a temporary file, which only its owner may read.
    let readable = fs::metadata(folder.join("config.json")).with_context(failed)?.permissions();
    fs::set_permissions(&path, readable).with_context(failed)
}

/// `config.json`, which says how the weights are stored.
fn with_dtype(config: &str, dtype: DType) -> Result<String> {
    let mut config: Value = serde_json::from_str(config)?;
    let name = json!(if dtype == DType::F32 { "float32" } else { "float16" });
    // `transformers` named it `torch_dtype` until its version 5.
    for field in ["dtype", "torch_dtype"] {
        if config.get(field).is_some() {
            config[field] = name.clone();
        }
    }
    Ok(serde_json::to_string_pretty(&config)? + "\n")
}

/// Pack the folder that [`huggingface`] wrote into `out`: the bundle's folder, and the file.
///
/// Errors: a number cannot be stored, or nothing can be written.
pub fn gguf(huggingface: &Path, name: &str, title: &str, licence: &str, out: &Path) -> Result<[PathBuf; 2]> {
    let source = Source {
        path: huggingface.to_owned(),
        name: name.to_owned(),
        id: None,
        revision: None,
        licence: Some(licence.to_owned()),
    };
    let wish = Wish {
        name: name.to_owned(),
        title: title.to_owned(),
        licence: licence.to_owned(),
        dtype: Dtype::Q8_0,
        single: false,
        logit_scale: None,
    };
    let bundle = out.join("bundle");
    let packed = pack(&source, &wish, &bundle)?;
    let file = out.join(format!("{name}-{}.gguf", wish.dtype.name()));
    let failed = || format!("{} could not be written", file.display());
    let mut to = File::create(&file).with_context(failed)?;
    for piece in &packed.manifest.pieces {
        let path = bundle.join(&piece.url);
        let mut from = File::open(&path).with_context(|| format!("{} could not be read", path.display()))?;
        io::copy(&mut from, &mut to).with_context(failed)?;
    }
    Ok([bundle, file])
}
