//! A model against what Hugging Face's Python computed with it on the same pictures and texts
//! (`tests/tools/reference.py`): ids, pixels, embeddings, logits; and how long it takes.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use safetensors::SafeTensors;
use semblance::classify::Encoder;
use semblance::model::Towers;
use semblance::{Compute, Picture, bundle};
use serde::{Deserialize, Serialize};

use crate::fidelity::{Cosines, agreement, cosines, load};

#[derive(clap::Args)]
pub struct Args {
    /// A model's folder or file, packed or not.
    model: PathBuf,
    /// The folder that tests/tools/reference.py wrote.
    #[arg(long)]
    against: PathBuf,
    /// What the blocks' products are computed in.
    #[arg(long, value_enum, default_value = "f32")]
    compute: Products,
    /// Print one line of JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Products {
    #[value(name = "f32")]
    F32,
    #[value(name = "int8")]
    Int8,
}

/// `reference.json`.
#[derive(Deserialize)]
struct Reference {
    /// Factor between cosines and logits.
    logit_scale: f32,
    /// Standard deviations of the channels, by which pixels were divided.
    std: [f32; 3],
    texts: Vec<Text>,
}

#[derive(Deserialize)]
struct Text {
    text: String,
    ids: Vec<u32>,
    cut: bool,
}

/// What was found.
#[derive(Debug, Serialize)]
pub struct Found {
    /// Bytes of the weights' files.
    pub bytes: u64,
    pub pictures: usize,
    pub texts: usize,
    /// Texts with the same token ids.
    pub ids_equal: usize,
    /// Largest difference of a pixel's channel, of 255, after resizing and cropping.
    pub pixels: f32,
    /// Largest differences of a number.
    pub image_difference: f32,
    pub text_difference: f32,
    pub logit_difference: f32,
    pub image_cosines: [f32; 2],
    pub text_cosines: [f32; 2],
    /// Pictures whose best text is the same.
    pub top1: usize,
    /// Milliseconds of computing on one thread.
    pub picture_ms: f64,
    pub text_ms: f64,
    /// The most memory that the process had, in MiB, with each tower alone; 0 where the system does not tell.
    pub image_peak: u64,
    pub text_peak: u64,
}

/// Errors: the model or the reference cannot be read, or does not fit the other.
pub fn command(args: &Args) -> Result<()> {
    let compute = match args.compute {
        Products::F32 => Compute::F32,
        Products::Int8 => Compute::Int8,
    };
    let found = check(&args.model, &args.against, compute)?;
    if args.json {
        println!("{}", serde_json::to_string(&found)?);
        return Ok(());
    }
    println!("{} ({} bytes), computed in {}", args.model.display(), found.bytes, compute.name());
    println!("  token ids: equal for {} of {} texts", found.ids_equal, found.texts);
    println!("  pixels: largest difference {}/255", found.pixels);
    for (what, difference, [mean, worst]) in [
        ("images", found.image_difference, found.image_cosines),
        ("texts", found.text_difference, found.text_cosines),
    ] {
        println!("  {what}: largest difference {difference:.1e}; cosine mean {mean:.6}, worst {worst:.6}");
    }
    println!("  logits: largest difference {:.1e}", found.logit_difference);
    println!("  the same text is best for {} of {} pictures", found.top1, found.pictures);
    println!("  {:.0} ms a picture, {:.0} ms a text", found.picture_ms, found.text_ms);
    println!("  peak memory: {} MiB image tower, {} MiB text tower", found.image_peak, found.text_peak);
    Ok(())
}

/// Compute everything again and compare.
///
/// Errors: the model or the reference cannot be read, or does not fit the other.
pub fn check(model: &Path, against: &Path, compute: Compute) -> Result<Found> {
    let path = against.join("reference.json");
    let text = fs::read(&path).with_context(|| format!("{} could not be read", path.display()))?;
    let reference: Reference = serde_json::from_slice(&text)?;
    let path = against.join("reference.safetensors");
    let bytes = fs::read(&path).with_context(|| format!("{} could not be read", path.display()))?;
    let tensors = SafeTensors::deserialize(&bytes)?;
    let pixels = tensors.tensor("pixels")?;
    let &[n, side, _, 3] = pixels.shape() else { anyhow::bail!("pixels of shape {:?}", pixels.shape()) };
    let expected_pixels: Vec<&[u8]> = pixels.data().chunks_exact(side * side * 3).collect();
    let [expected_images, expected_texts] = [rows(&tensors, "image_embeds")?, rows(&tensors, "text_embeds")?];
    let expected_logits = rows(&tensors, "logits_per_image")?;

    // Preprocessing begins with the pictures as Pillow decoded them; the tower is shown the pixels that it had there.
    let clip = load(model, Towers::Vision, compute)?;
    let values = rows(&tensors, "pixel_values")?;
    let mut pixel_difference = 0.0f32;
    let mut shown = Vec::new();
    for (i, (pixels, values)) in expected_pixels.iter().zip(values.chunks_exact(3 * side)).enumerate() {
        let picture = Picture::open(against.join(format!("{i:02}.png")))?;
        let found = clip.preprocess(&picture)?.rows();
        for (channel, std) in reference.std.iter().enumerate() {
            let rows = channel * side..(channel + 1) * side;
            pixel_difference =
                pixel_difference.max(255.0 * std * difference(&found[rows.clone()], &values[rows]));
        }
        let rgba = pixels.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect();
        let picture = Picture::from_rgba(rgba, side as u32, side as u32)?;
        ensure!(
            difference(&clip.preprocess(&picture)?.rows(), values) < 1e-5,
            "the model resizes pictures that have its size already; such a one cannot be checked"
        );
        shown.push(picture);
    }
    let begun = Clock::start();
    let images = clip.embed_images(&shown)?;
    let picture_ms = begun.milliseconds() / n as f64;
    drop(clip);
    let image_peak = peak();

    let mut clip = load(model, Towers::Text, compute)?;
    let scale = clip.logit_scale();
    ensure!(
        (scale / reference.logit_scale - 1.0).abs() < 1e-4,
        "the logit scale is {scale}, not {}: another model's reference",
        reference.logit_scale
    );
    let mut ids_equal = 0;
    for expected in &reference.texts {
        let found = clip.tokenize(&expected.text)?;
        ids_equal += usize::from(found.ids == expected.ids && found.cut == expected.cut);
    }
    let texts: Vec<&str> = reference.texts.iter().map(|text| text.text.as_str()).collect();
    let begun = Clock::start();
    let vectors = clip.embed_texts(&texts)?;
    let text_ms = begun.milliseconds() / texts.len() as f64;
    drop(clip);

    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
    let logits: Vec<Vec<f32>> =
        images.iter().map(|image| vectors.iter().map(|text| scale * dot(image, text)).collect()).collect();
    let pair = |Cosines { mean, worst }| [mean, worst];
    Ok(Found {
        bytes: size(model)?,
        pictures: n,
        texts: texts.len(),
        ids_equal,
        pixels: pixel_difference,
        image_difference: difference(&images, &expected_images),
        text_difference: difference(&vectors, &expected_texts),
        logit_difference: difference(&logits, &expected_logits),
        image_cosines: pair(cosines(&images, &expected_images)?),
        text_cosines: pair(cosines(&vectors, &expected_texts)?),
        top1: agreement([&images, &vectors], [&expected_images, &expected_texts]),
        picture_ms,
        text_ms,
        image_peak,
        text_peak: peak(),
    })
}

/// A tensor of f32 as rows.
fn rows(tensors: &SafeTensors, name: &str) -> Result<Vec<Vec<f32>>> {
    let view = tensors.tensor(name)?;
    let width = view.shape().last().copied().filter(|width| *width > 0).context("a tensor without rows")?;
    let numbers: Vec<f32> = view.data().as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
    Ok(numbers.chunks_exact(width).map(<[f32]>::to_vec).collect())
}

/// The largest difference of two tables; infinite where they have different sizes or one is not finite.
fn difference(a: &[Vec<f32>], b: &[Vec<f32>]) -> f32 {
    if a.len() != b.len() || a.iter().zip(b).any(|(a, b)| a.len() != b.len()) {
        return f32::INFINITY;
    }
    let pairs = a.iter().flatten().zip(b.iter().flatten());
    let differences = pairs.map(|(x, y)| (x - y).abs());
    differences.map(|d| if d.is_finite() { d } else { f32::INFINITY }).fold(0.0, f32::max)
}

/// Bytes of a model's weights on the disk.
fn size(model: &Path) -> Result<u64> {
    let files = bundle::weight_files(model)?;
    files.iter().flatten().map(|path| Ok(fs::metadata(path)?.len())).sum()
}

/// The time that this thread computed, so that what else the machine does has little say; where the system does not tell
/// that, the time that passed.
struct Clock {
    passed: Instant,
    computed: Option<u64>,
}

impl Clock {
    fn start() -> Self {
        Self { passed: Instant::now(), computed: Self::computed() }
    }

    /// Nanoseconds on a processor (Linux, `sched-stats`).
    fn computed() -> Option<u64> {
        fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
    }

    fn milliseconds(&self) -> f64 {
        match (self.computed, Self::computed()) {
            (Some(begun), Some(ended)) if ended > begun => (ended - begun) as f64 / 1e6,
            _ => self.passed.elapsed().as_secs_f64() * 1e3,
        }
    }
}

/// The most memory that this process had since it was asked last, in MiB. Only Linux tells; others say 0.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    // 5: begin anew (proc(5)). Where it may not be written, the second answer is the larger of both.
    let _ = fs::write("/proc/self/clear_refs", "5");
    kibibytes.unwrap_or(0) / 1024
}
