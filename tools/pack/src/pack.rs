//! A model in any layout → a bundle.
//!
//! Two passes over the tensors, one by one: the first learns their names and shapes, which the file's header needs; the
//! second encodes each and writes it to its place. What is in memory is the tensor at hand.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use semblance::bundle::{self, gguf as keys};

use crate::description::Description;
use crate::encoding::{self, Dtype};
use crate::fidelity;
use crate::gguf::{self, Entry};
use crate::manifest::{self, About, Manifest};
use crate::pieces::{PIECE, Pieces};
use crate::repository;
use crate::source::{self, Source};
use crate::telling;

#[derive(clap::Args)]
pub struct Args {
    /// A Hugging Face repository (ORG/NAME or ORG/NAME@COMMIT), a model's folder, or a .gguf file.
    model: String,
    /// How matrices are stored.
    #[arg(long, value_enum, default_value = "q8_0")]
    dtype: Dtype,
    /// Where the bundle goes [default: dist/models/NAME].
    #[arg(long)]
    out: Option<PathBuf>,
    /// The model's name, as `load({ model })` takes it [default: the repository's or folder's].
    #[arg(long)]
    name: Option<String>,
    /// One line for people [default: the repository's id, or the name].
    #[arg(long)]
    title: Option<String>,
    /// The licence of the weights [default: what the repository's README.md says].
    #[arg(long)]
    licence: Option<String>,
    /// Write one .gguf, to be opened on the page as a file, and not pieces of at most 4 MiB.
    #[arg(long)]
    single: bool,
    /// Pictures to compare the packed model with the original on [default: the sample pictures].
    #[arg(long, num_args = 1.., conflicts_with = "no_check")]
    check: Vec<PathBuf>,
    /// Do not compare. Comparing computes both models in f32, a tower at a time, which takes time and memory.
    #[arg(long)]
    no_check: bool,
    /// The factor between cosines and logits, for a model whose weights have none (clip.cpp's).
    #[arg(long)]
    logit_scale: Option<f32>,
    /// Where repositories are kept.
    #[arg(long, default_value = repository::FOLDER)]
    models_source: PathBuf,
}

/// Pack, and say what came out.
///
/// Errors: as [`pack`]; the model cannot be found or fetched; a picture to compare on cannot be read.
pub fn command(args: Args) -> Result<()> {
    let source = source::find(&args.model, &args.models_source)?;
    let name = args.name.unwrap_or_else(|| source.name.clone());
    ensure!(
        manifest::is_model_name(&name),
        "“{name}” cannot be a bundle's name: up to 100 letters, digits, - _ and ., and no file's ending; say another --name"
    );
    let licence = args.licence.or_else(|| source.licence.clone());
    if licence.is_none() {
        println!(
            "Nothing here states the licence; the manifest says “unknown”. With --licence it says what you know."
        );
    }
    let out = args.out.unwrap_or_else(|| Path::new("dist/models").join(&name));
    // What is read must be there until the end, to be compared with.
    let same =
        |path: &Path| path.canonicalize().is_ok_and(|path| out.canonicalize().is_ok_and(|out| path == out));
    ensure!(
        !same(&source.path)
            && !source.path.parent().is_some_and(|folder| source.path.is_file() && same(folder)),
        "{} is the model itself: it cannot be packed into its own folder; say another --out",
        out.display()
    );
    let wish = Wish {
        title: args.title.unwrap_or_else(|| source.id.clone().unwrap_or_else(|| name.clone())),
        name,
        licence: licence.unwrap_or_else(|| "unknown".into()),
        dtype: args.dtype,
        single: args.single,
        logit_scale: args.logit_scale,
    };
    let begun = Instant::now();
    let packed = pack(&source, &wish, &out)?;
    let Manifest { about, bytes, pieces, sha256, .. } = &packed.manifest;
    println!(
        "{}: {} parameters ({} image, {} text) in {} bytes, {} piece(s), {:.1} s, SHA-256 {sha256}",
        out.display(),
        about.parameters,
        about.image_parameters,
        about.text_parameters,
        bytes,
        pieces.len(),
        begun.elapsed().as_secs_f64(),
    );
    for (dtype, (tensors, numbers)) in &packed.encodings {
        println!("  {dtype}: {tensors} tensors, {numbers} numbers");
    }
    if args.dtype == Dtype::Q4K && packed.encodings.contains_key("Q4_0") {
        println!("  q4_k needs rows of whole blocks of 256; those in Q4_0 have none.");
    }
    if let Some(models) = out.parent().filter(|parent| parent.ends_with("models")) {
        println!("{}: {}", models.join("index.json").display(), manifest::write_index(models)?.join(", "));
    }
    if !args.no_check {
        let pictures = if args.check.is_empty() { fidelity::samples() } else { args.check };
        match packed.is_clip {
            true => fidelity::print(&source.path, &out, &pictures)?,
            false => telling::print(&source.path, &out, &pictures)?,
        }
    }
    Ok(())
}

/// What a bundle is to be.
pub struct Wish {
    pub name: String,
    pub title: String,
    pub licence: String,
    pub dtype: Dtype,
    /// One file, and not pieces.
    pub single: bool,
    /// For a model whose weights have no logit scale.
    pub logit_scale: Option<f32>,
}

const LOGIT_SCALE: &str = "logit_scale";

/// What was written.
pub struct Packed {
    pub manifest: Manifest,
    /// Whether it compares pictures and texts; otherwise it writes texts.
    pub is_clip: bool,
    /// Tensors and numbers, by the encoding that they were given.
    pub encodings: BTreeMap<String, (usize, usize)>,
}

/// Write the bundle of a model into the folder `out`.
///
/// Errors: the model cannot be read, is neither a CLIP nor a model that writes texts, or has numbers that cannot be
/// stored; the folder cannot be written.
pub fn pack(source: &Source, wish: &Wish, out: &Path) -> Result<Packed> {
    let mut shapes = BTreeMap::new();
    let mut rest = bundle::visit(&source.path, |name, tensor| {
        shapes.insert(name.to_owned(), tensor.dims().to_vec());
        Ok(())
    })
    .with_context(|| format!("{} cannot be packed", source.path.display()))?;
    let description = Description::of(&source.path, &mut rest)?;
    shapes.retain(|name, _| description.prefixes.iter().any(|prefix| name.starts_with(prefix)));
    let of_it = [description.image, description.text].concat();
    if !shapes.keys().any(|name| of_it.iter().any(|prefix| name.starts_with(prefix))) {
        let what = description.architecture.to_uppercase();
        bail!("{} has no tensors of a {what} in it", source.path.display());
    }
    let logit_scale = match (shapes.contains_key(LOGIT_SCALE), wish.logit_scale) {
        (_, None) if !description.is_clip() => None,
        (_, Some(_)) if !description.is_clip() => {
            bail!("{} writes texts and has no logit scale; leave --logit-scale out", source.path.display())
        }
        (true, Some(_)) => {
            bail!("{} has a logit scale of its own; leave --logit-scale out", source.path.display())
        }
        (true, None) => None,
        (false, Some(scale)) if scale.is_normal() && scale > 0.0 => {
            shapes.insert(LOGIT_SCALE.into(), Vec::new());
            Some(scale.ln())
        }
        (false, Some(scale)) => bail!("--logit-scale {scale}: it is a number above 0"),
        (false, None) => bail!(
            "{} has no logit scale, the factor between cosines and logits; --logit-scale says it (OpenAI's and LAION's models: 100)",
            source.path.display()
        ),
    };

    // By name: a tower's tensors, and a layer's, stand together, so that a reader can let each go early.
    let entries: Vec<Entry> = shapes
        .into_iter()
        .map(|(name, shape)| {
            let dtype = wish.dtype.of(&name, &shape);
            let shape = if shape.is_empty() { vec![1] } else { shape };
            Entry { name, shape, dtype }
        })
        .collect();
    let mut texts = vec![
        (keys::ARCHITECTURE_KEY, description.architecture.as_str()),
        ("general.name", &wish.name),
        ("general.license", &wish.licence),
    ];
    texts.extend(description.texts.iter().map(|(key, text)| (key.as_str(), text.as_str())));
    let header = gguf::header(&texts, &entries);
    let mut places = BTreeMap::new();
    let mut end = header.len() as u64;
    for entry in &entries {
        places.insert(entry.name.as_str(), (end, entry));
        end += entry.padded_len() as u64;
    }

    let pieces = Pieces::create(out, end, if wish.single { end } else { PIECE })?;
    pieces.write_at(0, &header)?;
    if let (Some(scale), Some((at, _))) = (logit_scale, places.get(LOGIT_SCALE)) {
        pieces.write_at(*at, &scale.to_le_bytes())?;
    }
    let mut failure = None;
    let visited = bundle::visit(&source.path, |name, tensor| {
        let Some((at, entry)) = places.get(name) else { return Ok(()) };
        let written =
            encoding::encode(name, tensor, entry.dtype).and_then(|bytes| pieces.write_at(*at, &bytes));
        written.map_err(|error| {
            failure = Some(error);
            semblance::Error::Model(String::new())
        })
    });
    match failure {
        Some(error) => return Err(error),
        None => drop(visited?),
    }
    let single = format!("{}-{}.gguf", wish.name, wish.dtype.name());
    let (pieces, sha256) = pieces.finish(|sha256| match wish.single {
        true => single.clone(),
        false => format!("{}.gguf-part", &sha256[..16]),
    })?;

    let parameters = |prefixes: &[&str]| {
        let of = |entry: &&Entry| prefixes.iter().any(|prefix| entry.name.starts_with(prefix));
        entries.iter().filter(of).map(Entry::numbers).sum()
    };
    let about = About {
        name: wish.name.clone(),
        title: wish.title.clone(),
        licence: wish.licence.clone(),
        id: source.id.clone(),
        revision: source.revision.clone(),
        dtype: wish.dtype.name().to_owned(),
        parameters: parameters(&[""]),
        image_parameters: parameters(description.image),
        text_parameters: parameters(description.text),
        image_size: description.image_size,
        embedding: description.embedding,
    };
    let manifest = Manifest { format: 1, about, bytes: end, sha256, pieces };
    manifest::write(out, &manifest)?;
    let mut encodings: BTreeMap<_, (usize, usize)> = BTreeMap::new();
    for entry in &entries {
        let count = encodings.entry(format!("{:?}", entry.dtype)).or_default();
        *count = (count.0 + 1, count.1 + entry.numbers());
    }
    Ok(Packed { manifest, is_clip: description.is_clip(), encodings })
}
