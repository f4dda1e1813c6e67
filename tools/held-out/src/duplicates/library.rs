//! Libraries with pictures that were made of others, shots of one scene, and pictures that are merely alike.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use image::imageops::{self, FilterType};
use image::{DynamicImage, RgbImage};
use repository::paths;
use semblance::index::{Facts as IndexFacts, Index, model_hash};
use semblance::{Clip, Picture};
use semblance_index::Header;
use semblance_organise::duplicates::Facts;
use semblance_organise::rows::dot;
use semblance_teach::random::Random;

use crate::duplicates::changes::{CHANGES, Change, TWICE, chance, jpeg};
use crate::duplicates::scenes::{Camera, Scene};
use crate::shards;

/// Held-out pictures that are made others of, and those that they and what is like them are drawn from.
const PHOTOS: usize = 290;
const OF: usize = 4000;
const SCENES: usize = 200;
/// Held-out pictures of fewer pixels are too small to lose any.
const SIDE: u32 = 64;
/// Shots of one scene after the first.
const SHOTS: usize = 3;
/// Pictures that go through the model together.
const BATCH: usize = 32;
/// Sides of the small pictures, and their JPEG's quality.
const SMALL: u32 = 256;
const SMALL_QUALITY: u8 = 80;

/// What a picture of the library is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Role {
    /// What others were made of.
    Original,
    /// So many in the list of changes.
    Changed(usize),
    /// Another shot of the original's scene; with a time, or with a name that counts up.
    Shot,
    /// Another picture of the original's class, or of the same things.
    Alike,
}

pub struct Made {
    pub role: Role,
    /// The number of the original.
    pub family: usize,
    /// Whether the original is a held-out photograph of 64 pixels a side.
    pub little: bool,
    pub facts: Facts,
    /// JPEG of at most 256 pixels a side.
    pub small: Vec<u8>,
    pub vector: Vec<f32>,
}

/// Names of all changes, in the order of [`Role::Changed`].
pub fn changes() -> Vec<(Change, &'static str)> {
    CHANGES.into_iter().chain(TWICE).collect()
}

/// A picture before it is embedded.
struct Raw {
    file: Vec<u8>,
    role: Role,
    family: usize,
    little: bool,
    taken: Option<i64>,
    path: String,
}

/// The pictures of all families, or none where there is no such folder.
pub fn read(data: &Path) -> Result<Option<Vec<Made>>> {
    if !data.join("table.json").is_file() {
        return Ok(None);
    }
    let (_, mut held_out) = shards::read(data)?;
    Random(5).shuffle(&mut held_out);
    held_out.retain(|one| {
        image::ImageReader::new(std::io::Cursor::new(&one.picture))
            .with_guessed_format()
            .is_ok_and(|reader| reader.into_dimensions().is_ok_and(|size| size == (SIDE, SIDE)))
    });
    held_out.truncate(OF);
    ensure!(held_out.len() > 2 * PHOTOS, "there are too few pictures in {}", data.display());
    let mut library = Vectors::open()?;
    let files: Vec<&[u8]> = held_out.iter().map(|one| &one.picture[..]).collect();
    let vectors = library.of(&files)?;
    let mut random = Random(6);
    let mut raw = Vec::new();
    for (family, photo) in held_out.iter().enumerate().take(PHOTOS) {
        let picture = image::load_from_memory(&photo.picture)?.into_rgb8();
        family_of(&mut raw, family, true, &picture, &photo.picture, &mut random)?;
        // Another photograph of the same class: of those that are no original, the one with the nearest vector.
        let others = (PHOTOS..held_out.len()).filter(|&one| held_out[one].concept == photo.concept);
        let cosine = |one: &usize| dot(&vectors[family], &vectors[*one]);
        if let Some(nearest) = others.max_by(|a, b| cosine(a).total_cmp(&cosine(b)))
            && raw.iter().all(|one: &Raw| one.file != held_out[nearest].picture)
        {
            let file = held_out[nearest].picture.clone();
            push(&mut raw, file, Role::Alike, family, true, &mut random);
        }
    }
    let samples = samples()?;
    let photos: Vec<RgbImage> = held_out[PHOTOS..]
        .iter()
        .take(1000)
        .map(|one| Ok(image::load_from_memory(&one.picture)?.into_rgb8()))
        .collect::<Result<_>>()?;
    for (family, picture) in (PHOTOS..).zip(&samples) {
        family_of(&mut raw, family, false, picture, &jpeg(picture, 95)?, &mut random)?;
    }
    for family in (PHOTOS + samples.len()..).take(SCENES) {
        if family % 50 == 0 {
            println!("{family} families made");
        }
        scene(&mut raw, family, &photos, &mut random)?;
    }
    let files: Vec<&[u8]> = raw.iter().map(|one| &one.file[..]).collect();
    let vectors = library.of(&files)?;
    raw.into_iter().zip(vectors).map(|(raw, vector)| made(raw, vector)).collect::<Result<_>>().map(Some)
}

fn scene(raw: &mut Vec<Raw>, family: usize, photos: &[RgbImage], random: &mut Random) -> Result<()> {
    let scene = Scene::new(photos.len(), random);
    let picture = scene.shot(photos, Camera::FIRST, random);
    let first = raw.len();
    family_of(raw, family, false, &picture, &jpeg(&picture, 95)?, random)?;
    let (mut taken, path) = (raw[first].taken, raw[first].path.clone());
    for shot in 0..SHOTS {
        let picture = scene.later(random).shot(photos, Camera::later(random), random);
        let file = jpeg(&picture, 95)?;
        push(raw, file, Role::Shot, family, false, random);
        // One after the other, by times or, where there are none, by names.
        taken = taken.map(|taken| taken + 1000 + random.below(15_000) as i64);
        let number = path_number(&path) + shot + 1;
        if let Some(last) = raw.last_mut() {
            (last.taken, last.path) = (taken, format!("{family}/IMG_{number:05}.jpg"));
        }
    }
    let other = scene.rearranged(random).shot(photos, Camera::FIRST, random);
    push(raw, jpeg(&other, 95)?, Role::Alike, family, false, random);
    Ok(())
}

fn path_number(path: &str) -> usize {
    let digits: String =
        path.rsplit('_').next().unwrap_or("").chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

/// An original and all that is made of it. Half of what is made keeps the time of the shot.
fn family_of(
    raw: &mut Vec<Raw>,
    family: usize,
    little: bool,
    picture: &RgbImage,
    file: &[u8],
    random: &mut Random,
) -> Result<()> {
    push(raw, file.to_vec(), Role::Original, family, little, random);
    let taken = raw.last().and_then(|original| original.taken);
    for (at, (change, _)) in changes().into_iter().enumerate() {
        let Some(file) = change.of(picture, file, random)? else { continue };
        push(raw, file, Role::Changed(at), family, little, random);
        let keeps = change == Change::Copy || random.below(2) == 0;
        if let Some(last) = raw.last_mut() {
            last.taken = if keeps { taken } else { None };
            last.path = format!("copies/{family}-{at}.jpg");
        }
    }
    Ok(())
}

/// Two of three have a time.
fn push(raw: &mut Vec<Raw>, file: Vec<u8>, role: Role, family: usize, little: bool, random: &mut Random) {
    let taken = (random.below(3) > 0).then(|| 1_600_000_000_000 + (chance(random) * 3e10) as i64);
    let path = format!("{family}/IMG_{:05}.jpg", random.below(90_000));
    raw.push(Raw { file, role, family, little, taken, path });
}

fn made(raw: Raw, vector: Vec<f32>) -> Result<Made> {
    let picture = image::load_from_memory(&raw.file)?.into_rgb8();
    let (width, height) = picture.dimensions();
    let factor = f64::from(SMALL) / f64::from(width.max(height));
    let side = |pixels: u32| ((f64::from(pixels) * factor).round() as u32).max(1);
    let small = if factor < 1.0 {
        imageops::resize(&picture, side(width), side(height), FilterType::Triangle)
    } else {
        picture
    };
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&number(&raw.file).to_le_bytes());
    let facts = Facts {
        width,
        height,
        bytes: raw.file.len() as u64,
        taken: raw.taken,
        modified: 1_700_000_000_000 + (number(&raw.file) % 1_000_000) as i64,
        path: raw.path,
        hash: Some(hash),
    };
    let Raw { role, family, little, .. } = raw;
    Ok(Made { role, family, little, facts, small: jpeg(&small, SMALL_QUALITY)?, vector })
}

/// The repository's own photographs.
fn samples() -> Result<Vec<RgbImage>> {
    let names = ["bee", "boats", "bridge", "cat", "citrus", "coffee", "dandelion", "moose"];
    let paths = names.map(|name| format!("assets/samples/{name}.jpg"));
    let paths = paths.into_iter().chain(["tests/pictures/photos/chelsea.jpg".to_owned()]);
    paths.map(|path| Ok(image::open(paths::root().join(path))?.into_rgb8())).collect()
}

/// Of a file.
fn number(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

/// Pocket's vectors of files, kept below `target/`.
struct Vectors {
    clip: Clip,
    index: Index,
}

impl Vectors {
    fn open() -> Result<Self> {
        let model = paths::root().join("models/pocket");
        let clip = Clip::load(&model)?;
        let hash = model_hash(model.join("pocket-q8_0.gguf"))?;
        let header = Header { dim: clip.config().projection_dim as u32, exact: false, model: hash };
        Ok(Self { clip, index: Index::open_with(paths::work("duplicates"), Some(header))? })
    }

    fn of(&mut self, files: &[&[u8]]) -> Result<Vec<Vec<f32>>> {
        let path = |file: &[u8]| format!("{:016x}", number(file));
        let missing: Vec<&[u8]> =
            files.iter().copied().filter(|file| self.index.at_path(&path(file)).is_none()).collect();
        for (done, some) in missing.chunks(BATCH).enumerate() {
            if done % 50 == 0 {
                println!("{} of {} pictures embedded", done * BATCH, missing.len());
            }
            let decoded: Vec<Picture> =
                some.iter().map(|file| Picture::decode(file)).collect::<Result<_, _>>()?;
            for (file, vector) in some.iter().zip(self.clip.embed_images(&decoded)?) {
                let facts = IndexFacts { path: path(file).into(), ..IndexFacts::default() };
                self.index.put(&facts, &vector, None)?;
            }
        }
        files
            .iter()
            .map(|file| {
                let id = self.index.at_path(&path(file)).context("a picture was embedded")?;
                Ok(self.index.vector(id)?)
            })
            .collect()
    }
}

impl Made {
    /// As a page hands it over: RGBA, width, height.
    pub fn rgba(&self) -> Result<(Vec<u8>, u32, u32)> {
        let picture = DynamicImage::ImageRgb8(image::load_from_memory(&self.small)?.into_rgb8()).into_rgba8();
        let (width, height) = picture.dimensions();
        Ok((picture.into_raw(), width, height))
    }
}
