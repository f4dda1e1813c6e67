//! Models with the shapes of real ones and random numbers: speed, memory and bytes depend on shapes, and these need no
//! network, no Python and no candle. Each is written once below `target/`.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};

mod blip;
pub mod bundle;
pub mod gguf;
pub mod numbers;
mod safetensors;
pub mod shape;
pub mod zip;

use bundle::{PIECE, Pieces};
use gguf::{Encoding, Tensor};
use shape::Shape;

use repository::paths;

/// Where the tokenizer is taken from: the model that comes with the site.
const POCKET: &str = "models/pocket/pocket-q8_0.gguf";
const CONFIG: &str = "clip.huggingface.config";
const PREPROCESSOR: &str = "clip.huggingface.preprocessor_config";
const TOKENIZER: &str = "tokenizer.huggingface.json";

/// The folder that all of them are in.
pub fn folder() -> PathBuf {
    paths::work("models")
}

/// A bundle in pieces, with its manifest: `folder()/SHAPE-DTYPE`.
pub fn bundle(shape: &Shape, dtype: Encoding) -> Result<PathBuf> {
    let name = format!("{}-{}", shape.name, dtype.name());
    let texts = Texts::of(shape)?;
    once(&name, &texts, |folder| {
        let mut to = Pieces::new(folder, PIECE);
        write_gguf(shape, dtype, &texts, &mut to)?;
        to.finish(about(shape, dtype))
    })
}

/// The same in one file, `model.gguf` in a folder of its own.
pub fn single_file(shape: &Shape, dtype: Encoding) -> Result<PathBuf> {
    let name = format!("{}-{}-single", shape.name, dtype.name());
    let texts = Texts::of(shape)?;
    let file = |folder: &Path| folder.join("model.gguf");
    let folder = once(&name, &texts, |folder| {
        let mut to = BufWriter::new(File::create(file(folder))?);
        write_gguf(shape, dtype, &texts, &mut to)?;
        Ok(to.flush()?)
    })?;
    Ok(file(&folder))
}

/// A BLIP of base size that writes captions, in one file of 8 bits.
pub fn captioner() -> Result<PathBuf> {
    let texts = Texts {
        config: blip::config().to_string(),
        preprocessor: blip::preprocessor().to_string(),
        tokenizer: blip::tokenizer().to_string(),
    };
    let file = |folder: &Path| folder.join("model.gguf");
    let folder = once("blip-base-q8_0-single", &texts, |folder| {
        let mut to = BufWriter::new(File::create(file(folder))?);
        let names = [
            ("general.architecture", "blip"),
            ("blip.huggingface.config", &texts.config),
            ("blip.huggingface.preprocessor_config", &texts.preprocessor),
            (TOKENIZER, &texts.tokenizer),
        ];
        write_tensors(&names, &blip::tensors(), Encoding::Q8_0, &mut to)?;
        Ok(to.flush()?)
    })?;
    Ok(file(&folder))
}

/// A folder as Hugging Face's are, its weights in f16 and in so many files.
pub fn repository(shape: &Shape, files: usize) -> Result<PathBuf> {
    let name = format!("{}-hf-{files}", shape.name);
    let texts = Texts::of(shape)?;
    once(&name, &texts, |folder| {
        for (file, text) in [
            ("config.json", &texts.config),
            ("preprocessor_config.json", &texts.preprocessor),
            ("tokenizer.json", &texts.tokenizer),
        ] {
            fs::write(folder.join(file), text)?;
        }
        safetensors::write(folder, &shape.tensors(), files)
    })
}

/// What a model's description says beside its pieces.
fn about(shape: &Shape, dtype: Encoding) -> Value {
    let tensors = shape.tensors();
    let count = |wanted: fn(&str) -> bool| {
        tensors.iter().filter(|tensor| wanted(&tensor.name)).map(Tensor::numbers).sum::<usize>()
    };
    json!({
        "name": format!("{}-{}", shape.name, dtype.name()),
        "title": format!("{}, random numbers", shape.title),
        "licence": "none",
        "dtype": dtype.name(),
        "parameters": count(|_| true),
        "image_parameters": count(|name| name.starts_with("vis")),
        "text_parameters": count(|name| name.starts_with("text")),
        "image_size": shape.side,
        "embedding": shape.embedding,
    })
}

/// The files that come along with the weights.
struct Texts {
    config: String,
    preprocessor: String,
    tokenizer: String,
}

impl Texts {
    fn of(shape: &Shape) -> Result<Self> {
        let path = paths::root().join(POCKET);
        let pocket = fs::read(&path).with_context(|| format!("{} could not be read", path.display()))?;
        let mut texts = gguf::texts(&pocket).with_context(|| format!("{POCKET} cannot be used"))?;
        let mut text = |key| texts.remove(key).with_context(|| format!("{POCKET} has no {key}"));
        let theirs: Value = serde_json::from_str(&text(CONFIG)?)?;
        Ok(Self {
            config: shape.config(&theirs["text_config"]["eos_token_id"]).to_string(),
            preprocessor: shape.preprocessor().to_string(),
            tokenizer: text(TOKENIZER)?,
        })
    }
}

fn write_gguf(shape: &Shape, dtype: Encoding, texts: &Texts, to: &mut impl Write) -> Result<()> {
    let names = [
        ("general.architecture", "clip"),
        (CONFIG, &texts.config),
        (PREPROCESSOR, &texts.preprocessor),
        (TOKENIZER, &texts.tokenizer),
    ];
    write_tensors(&names, &shape.tensors(), dtype, to)
}

fn write_tensors(
    texts: &[(&str, &str)],
    tensors: &[Tensor],
    dtype: Encoding,
    to: &mut impl Write,
) -> Result<()> {
    to.write_all(&gguf::header(texts, tensors, dtype))?;
    for (place, tensor) in tensors.iter().enumerate() {
        let encoding = tensor.encoding(dtype);
        numbers::write(place, tensor, encoding, to)?;
        to.write_all(&vec![0; tensor.padding(encoding)])?;
    }
    Ok(())
}

/// The folder of that name, written when it isn't there, or was written otherwise.
fn once(name: &str, texts: &Texts, write: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let folder = folder().join(name);
    let recipe = [
        include_bytes!("random_model.rs"),
        &include_bytes!("random_model/blip.rs")[..],
        include_bytes!("random_model/bundle.rs"),
        include_bytes!("random_model/gguf.rs"),
        include_bytes!("random_model/numbers.rs"),
        include_bytes!("random_model/safetensors.rs"),
        include_bytes!("random_model/shape.rs"),
        texts.config.as_bytes(),
        texts.tokenizer.as_bytes(),
    ];
    let recipe = bundle::sha256(&recipe.concat());
    // Hidden: no server shows it.
    let stamp = folder.join(".recipe");
    if fs::read_to_string(&stamp).is_ok_and(|made| made == recipe) {
        return Ok(folder);
    }
    println!("Writing a model of random numbers into {}.", folder.display());
    let wrong = || format!("{} could not be written", folder.display());
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(wrong)?;
    }
    fs::create_dir_all(&folder).with_context(wrong)?;
    write(&folder).with_context(wrong)?;
    fs::write(&stamp, recipe).with_context(wrong)?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shape::B_32;

    #[test]
    fn a_file_is_as_long_as_its_header_says() {
        let texts = Texts { config: "{}".into(), preprocessor: "{}".into(), tokenizer: "{}".into() };
        let shape = B_32.with_layers("tiny", 0);
        for dtype in [Encoding::F16, Encoding::Q8_0, Encoding::Q4_0] {
            let mut length = Length(0);
            write_gguf(&shape, dtype, &texts, &mut length).unwrap();
            let length_of = |tensor: &Tensor| {
                let encoding = tensor.encoding(dtype);
                tensor.len(encoding) + tensor.padding(encoding)
            };
            let numbers: usize = shape.tensors().iter().map(length_of).sum();
            assert!((numbers + 1000..numbers + 5000).contains(&length.0), "{dtype:?}: {}", length.0);
        }
    }

    /// Counts what is written.
    struct Length(usize);

    impl Write for Length {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn both_towers_and_the_temperature_are_all() {
        let about = about(&B_32, Encoding::Q8_0);
        let count = |field: &str| about[field].as_u64().unwrap();
        assert_eq!(count("image_parameters") + count("text_parameters") + 1, count("parameters"));
    }
}
