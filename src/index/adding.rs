//! Pictures of a folder into a library: what is there unchanged is passed over, what is there by another name keeps its
//! vector, and the rest is embedded.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use image::codecs::jpeg::JpegEncoder;
use sha2::{Digest, Sha256};

use semblance_index::{Facts, Filter};

use super::library::{Index, failed};
use crate::picture::reader;
use crate::{Clip, Error, Picture, Result};

/// Pictures that go through the model together.
const BATCH: usize = 8;
/// The longer side of a small picture.
const SMALL: u32 = 256;
const SMALL_QUALITY: u8 = 80;
const NAMES: [&str; 13] =
    ["avif", "bmp", "gif", "heic", "heif", "ico", "jfif", "jpeg", "jpg", "png", "tif", "tiff", "webp"];

/// What became of a folder's pictures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// Embedded now.
    pub added: usize,
    /// There already, with the same path, size and date.
    pub unchanged: usize,
    /// Of a content that is there: it has its vector.
    pub same: usize,
    /// There under another path until now.
    pub renamed: usize,
    /// Not in the folder any more, and so not in the library.
    pub removed: usize,
    /// Those that could not be read, and why.
    pub failed: Vec<(String, String)>,
}

/// A picture that is to be embedded.
struct Fresh {
    facts: Facts,
    picture: Picture,
}

impl Index {
    /// Make the library's pictures of a folder those that the folder has. Paths begin with the folder's own name.
    ///
    /// Errors: the folder cannot be read, or the library cannot be written; what was added until then stays.
    pub fn add_folder(
        &mut self,
        clip: &Clip,
        folder: impl AsRef<Path>,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<Added> {
        let folder = folder.as_ref();
        let name = folder.file_name().and_then(|name| name.to_str());
        let name =
            name.ok_or_else(|| Error::Library(format!("{} has no name of its own.", folder.display())))?;
        let mut files = Vec::new();
        pictures_in(folder, name, &mut files)?;
        files.sort();
        // First all that are there: one that is gone may be another's old name.
        let mut seen = HashSet::new();
        let mut result = Added::default();
        let mut fresh = Vec::new();
        for (path, file) in files {
            let about = fs::metadata(&file).map_err(|error| failed(&file, &error))?;
            let id = self.core.at_path(&path);
            seen.extend(id);
            match id.map(|id| self.core.facts(id)).transpose()? {
                Some(facts) if facts.size == about.len() && facts.modified == modified(&about) => {
                    result.unchanged += 1
                }
                _ => fresh.push((path, file, about)),
            }
        }
        let all = fresh.len();
        let mut batch = Vec::new();
        for (done, (path, file, about)) in fresh.into_iter().enumerate() {
            progress(done, all);
            if let Some(one) = self.take(name, path, &file, &about, &mut seen, &mut result)? {
                batch.push(one);
            }
            if batch.len() == BATCH || done + 1 == all {
                self.embed(clip, std::mem::take(&mut batch), &mut seen)?;
            }
        }
        let inside = self.core.ids_of(&Filter { folder: name.into(), ..Filter::default() });
        let gone: Vec<u32> = inside.into_iter().filter(|id| !seen.contains(id)).collect();
        result.removed = gone.len();
        self.remove(&gone)?;
        progress(all, all);
        Ok(result)
    }

    /// A file that is new or has changed: entered at once where its content is known, else to be embedded.
    fn take(
        &mut self,
        folder: &str,
        path: String,
        file: &Path,
        about: &Metadata,
        seen: &mut HashSet<u32>,
        result: &mut Added,
    ) -> Result<Option<Fresh>> {
        let bytes = match fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                result.failed.push((path, error.to_string()));
                return Ok(None);
            }
        };
        let facts = Facts {
            path: path.as_str().into(),
            size: about.len(),
            modified: modified(about),
            hash: Sha256::digest(&bytes).into(),
            ..Facts::default()
        };
        if let Some(same) = self.core.of_content(&facts.hash) {
            let known = self.core.facts(same)?.clone();
            let moved = known.path.starts_with(&format!("{folder}/")) && !seen.contains(&same);
            if known.path == facts.path || moved {
                let record = self
                    .core
                    .renewed(same, &Facts { path: facts.path, modified: facts.modified, ..known })?;
                self.append(&record)?;
                seen.insert(same);
            } else {
                let vector = self.vector_bytes(same)?;
                let Facts { taken, width, height, thumbnail, .. } = known;
                let record =
                    self.core.picture_with(&Facts { taken, width, height, thumbnail, ..facts }, &vector)?;
                self.append(&record)?;
                seen.extend(self.core.at_path(&path));
            }
            *(if moved { &mut result.renamed } else { &mut result.same }) += 1;
            return Ok(None);
        }
        match Picture::decode(&bytes) {
            Ok(picture) => {
                let (width, height) = picture.size();
                result.added += 1;
                let taken = reader::read(&bytes).taken;
                Ok(Some(Fresh { facts: Facts { taken, width, height, ..facts }, picture }))
            }
            Err(error) => {
                result.failed.push((path, error.to_string()));
                Ok(None)
            }
        }
    }

    fn embed(&mut self, clip: &Clip, batch: Vec<Fresh>, seen: &mut HashSet<u32>) -> Result<()> {
        let (facts, pictures): (Vec<_>, Vec<_>) =
            batch.into_iter().map(|Fresh { facts, picture }| (facts, picture)).unzip();
        for ((facts, vector), picture) in facts.iter().zip(clip.embed_images(&pictures)?).zip(&pictures) {
            let small = small(picture)?;
            seen.insert(self.put(facts, &vector, Some(&small))?);
        }
        Ok(())
    }
}

/// Milliseconds since 1970.
fn modified(about: &Metadata) -> i64 {
    let since = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| since.as_millis().try_into().ok()).unwrap_or(0)
}

/// Pictures by their names, in any depth: paths with `/` from the folder's name on, and where they are.
fn pictures_in(folder: &Path, path: &str, found: &mut Vec<(String, PathBuf)>) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(|error| failed(folder, &error))? {
        let entry = entry.map_err(|error| failed(folder, &error))?;
        let (name, file) = (entry.file_name(), entry.path());
        let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
        let path = format!("{path}/{name}");
        if file.is_dir() {
            pictures_in(&file, &path, found)?;
        } else if is_picture(&file) {
            found.push((path, file));
        }
    }
    Ok(())
}

/// Whether a file is taken for a picture: by its name's end.
pub fn is_picture(file: &Path) -> bool {
    let kind = file.extension().and_then(|kind| kind.to_str()).map(str::to_ascii_lowercase);
    kind.is_some_and(|kind| NAMES.contains(&kind.as_str()))
}

/// At most [`SMALL`] pixels a side, on white, as a JPEG.
fn small(picture: &Picture) -> Result<Vec<u8>> {
    let (width, height) = picture.size();
    let scale = f64::from(SMALL) / f64::from(width.max(height).max(SMALL));
    let side = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
    let whole = image::RgbaImage::from_raw(width, height, picture.rgba().to_vec())
        .ok_or_else(|| Error::Picture("A picture's pixels are not all there.".into()))?;
    let fitted = image::imageops::thumbnail(&whole, side(width), side(height));
    let on_white = image::RgbImage::from_fn(fitted.width(), fitted.height(), |x, y| {
        let [r, g, b, a] = fitted.get_pixel(x, y).0;
        image::Rgb(
            [r, g, b].map(|c| ((u32::from(c) * u32::from(a) + 255 * (255 - u32::from(a))) / 255) as u8),
        )
    });
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, SMALL_QUALITY)
        .encode_image(&on_white)
        .map_err(|error| Error::Picture(format!("A small picture cannot be written: {error}.")))?;
    Ok(jpeg)
}
