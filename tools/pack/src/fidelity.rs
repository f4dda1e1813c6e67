//! What packing costs: the packed model's embeddings beside the original's.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use semblance::model::Towers;
use semblance::{Clip, Compute, Loader, Picture, bundle};

/// What a model that knows the world should tell apart.
pub const PROMPTS: [&str; 12] = [
    "a photo of a cat",
    "a photo of a dog",
    "a bee on a flower",
    "boats in a harbour",
    "a bridge over a river",
    "a slice of citrus fruit",
    "a cup of coffee on a table",
    "a dandelion in a meadow",
    "a moose in the water",
    "a red car in the street at night",
    "an oil painting of a mountain",
    "a page full of printed text",
];

/// How near two lists of unit vectors are, one by one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cosines {
    pub mean: f32,
    pub worst: f32,
}

/// Errors: the lists are empty or of different lengths.
pub fn cosines(a: &[Vec<f32>], b: &[Vec<f32>]) -> Result<Cosines> {
    ensure!(!a.is_empty() && a.len() == b.len(), "{} vectors cannot be compared with {}", a.len(), b.len());
    let cosine = |(a, b): (&Vec<f32>, &Vec<f32>)| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
    let cosines: Vec<f32> = a.iter().zip(b).map(cosine).collect();
    let worst = cosines.iter().copied().fold(f32::INFINITY, f32::min);
    Ok(Cosines { mean: cosines.iter().sum::<f32>() / cosines.len() as f32, worst })
}

/// Pictures whose best text is the same.
pub fn agreement(a: [&[Vec<f32>]; 2], b: [&[Vec<f32>]; 2]) -> usize {
    let best = |[images, texts]: [&[Vec<f32>]; 2]| -> Vec<usize> {
        let dot = |image: &[f32], text: &[f32]| image.iter().zip(text).map(|(x, y)| x * y).sum::<f32>();
        let best = |image: &Vec<f32>| {
            let scores = texts.iter().map(|text| dot(image, text)).enumerate();
            scores.max_by(|(_, a), (_, b)| a.total_cmp(b)).map_or(0, |(at, _)| at)
        };
        images.iter().map(best).collect()
    };
    best(a).iter().zip(best(b)).filter(|(a, b)| **a == *b).count()
}

/// One tower of a model, or both, as the browser loads it: no file is in memory whole. A logit scale that the weights
/// do not have is 1; embeddings do not depend on it.
///
/// Errors: it cannot be read, or is wrong.
pub fn load(model: &Path, towers: Towers, compute: Compute) -> Result<Clip> {
    let mut loader = Loader::new(towers, compute).with_logit_scale(1.0)?;
    if model.is_dir() && !model.join("manifest.json").is_file() {
        loader.files(&bundle::text_files(model)?)?;
    }
    let mut chunk = vec![0; 1 << 20];
    for (n, pieces) in bundle::weight_files(model)?.iter().enumerate() {
        if n > 0 {
            loader.next_file()?;
        }
        for path in pieces {
            let failed = || format!("{} could not be read", path.display());
            let mut file = File::open(path).with_context(failed)?;
            loop {
                let read = file.read(&mut chunk).with_context(failed)?;
                if read == 0 {
                    break;
                }
                loader.push(&chunk[..read])?;
            }
        }
    }
    Ok(loader.finish()?)
}

/// The embeddings of pictures and texts, computed in f32, with one tower in memory at a time.
///
/// Errors: the model cannot be loaded, or a picture cannot be prepared.
pub fn embed(model: &Path, pictures: &[Picture], texts: &[impl AsRef<str>]) -> Result<[Vec<Vec<f32>>; 2]> {
    let images = load(model, Towers::Vision, Compute::F32)?.embed_images(pictures)?;
    let texts = load(model, Towers::Text, Compute::F32)?.embed_texts(texts)?;
    Ok([images, texts])
}

/// Print how near the packed model's embeddings are to the original's.
///
/// Errors: a model or a picture cannot be read.
pub fn print(original: &Path, packed: &Path, pictures: &[PathBuf]) -> Result<()> {
    if pictures.is_empty() {
        println!("Not compared with the original: no pictures; --check names some.");
        return Ok(());
    }
    let open =
        |path: &PathBuf| Picture::open(path).with_context(|| format!("{} cannot be used", path.display()));
    let opened = pictures.iter().map(open).collect::<Result<Vec<_>>>()?;
    let a = embed(original, &opened, &PROMPTS)?;
    let b = embed(packed, &opened, &PROMPTS)?;
    for (what, n, a, b) in [("pictures", opened.len(), &a[0], &b[0]), ("texts", PROMPTS.len(), &a[1], &b[1])]
    {
        let Cosines { mean, worst } = cosines(a, b)?;
        println!("cosine to the original, {n} {what}: mean {mean:.6}, worst {worst:.6}");
    }
    let same = agreement([&a[0], &a[1]], [&b[0], &b[1]]);
    println!("the same text is best for {same} of {} pictures", opened.len());
    Ok(())
}

/// The sample pictures, where this program runs beside its source.
pub fn samples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/samples");
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut pictures: Vec<_> =
        paths.filter(|path| path.extension().is_some_and(|end| end == "jpg")).collect();
    pictures.sort();
    pictures
}
