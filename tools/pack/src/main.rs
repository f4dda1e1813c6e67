//! HF model folder → bundle: one GGUF in pieces, and the manifest that names every piece with its SHA-256.

mod gguf;
mod manifest;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use semblance::bundle::{self, ClipConfig};
use semblance::{Clip, Picture};

/// Make a bundle that Semblance loads: DIR/manifest.json and the pieces beside it.
#[derive(Parser)]
struct Args {
    /// A folder with config.json, preprocessor_config.json, tokenizer.json and model.safetensors.
    folder: PathBuf,
    /// How matrices are stored. Biases, norms and what does not fit into blocks stay f32.
    #[arg(long, value_enum, default_value = "q8_0")]
    dtype: Dtype,
    /// Where the bundle goes.
    #[arg(long)]
    out: PathBuf,
    /// The model's name, as `load({ model })` takes it.
    #[arg(long)]
    name: String,
    /// One line for people.
    #[arg(long)]
    title: String,
    /// The licence of the weights.
    #[arg(long)]
    licence: String,
    /// Write one .gguf, to be opened on the page as a file, and not pieces of at most 16 MiB.
    #[arg(long)]
    single: bool,
    /// Pictures to compare the packed model with the original on.
    #[arg(long, num_args = 1..)]
    check: Vec<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Dtype {
    #[value(name = "q8_0")]
    Q8_0,
    #[value(name = "q4_0")]
    Q4_0,
    #[value(name = "f16")]
    F16,
    #[value(name = "f32")]
    F32,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let read = |file: &str| bundle::read_text(&args.folder.join(file));
    let (config, preprocessor, tokenizer) =
        (read("config.json")?, read("preprocessor_config.json")?, read("tokenizer.json")?);
    let weights = bundle::read_weights(&[args.folder.join("model.safetensors")])?;
    let parameters = weights.parameters;

    let ggml = match args.dtype {
        Dtype::Q8_0 => candle_core::quantized::GgmlDType::Q8_0,
        Dtype::Q4_0 => candle_core::quantized::GgmlDType::Q4_0,
        Dtype::F16 => candle_core::quantized::GgmlDType::F16,
        Dtype::F32 => candle_core::quantized::GgmlDType::F32,
    };
    let texts = [
        ("general.architecture", "clip"),
        ("general.name", &args.name),
        ("general.license", &args.licence),
        (bundle::gguf::CONFIG_KEY, &config),
        (bundle::gguf::PREPROCESSOR_KEY, &preprocessor),
        (bundle::gguf::TOKENIZER_KEY, &tokenizer),
    ];
    let file = gguf::write(weights.into_tensors()?, &texts, ggml)?;

    let clip_config = ClipConfig::from_json(&config)?;
    let dtype = args.dtype.to_possible_value().context("every dtype has a name")?;
    let about = manifest::About {
        name: args.name,
        title: args.title,
        licence: args.licence,
        dtype: dtype.get_name().to_owned(),
        parameters,
        image_size: clip_config.vision_config.image_size,
        embedding: clip_config.projection_dim,
    };
    let piece = if args.single { file.len() } else { manifest::PIECE };
    let manifest = manifest::write(&args.out, about, &file, piece)?;
    println!(
        "{}: {} parameters, {} bytes in {} piece(s), SHA-256 {}",
        args.out.display(),
        parameters,
        file.len(),
        manifest.pieces.len(),
        manifest.sha256
    );
    if !args.check.is_empty() {
        fidelity(&Clip::load(&args.folder)?, &Clip::load(&args.out)?, &args.check)?;
    }
    Ok(())
}

/// Print the cosine of every picture's embedding in the packed and in the original model.
fn fidelity(original: &Clip, packed: &Clip, pictures: &[PathBuf]) -> Result<()> {
    for path in pictures {
        let picture = [Picture::open(path)?];
        let (a, b) = (original.embed_images(&picture)?, packed.embed_images(&picture)?);
        let cosine: f32 = a[0].iter().zip(&b[0]).map(|(x, y)| x * y).sum();
        println!("{}: cosine to the original {cosine:.6}", path.display());
    }
    Ok(())
}
