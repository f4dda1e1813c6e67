//! What a picture file says of itself before it is decoded: its size, and how it is to be turned.
//!
//! A file may be anything, and long. Its bytes are asked for a part at a time, wherever they lie: the EXIF of a PNG or
//! a WebP may stand behind the pixels, the directory of a TIFF at the end of the file.
//!
//! ```text
//! while let Some(at) = reader.wanted() { reader.push(bytes from `at`) }
//! ```
//!
//! A size is told only where it is certain to be that of the decoded picture, since files are refused by it.

use semblance_tiff::directory::{self, Layout};

use super::facts::{Facts, Orientation, Part};
use super::{bmp, heif, jpeg, png, webp};

/// How many bytes to give at a time: every format has what counts within so many bytes of where it is looked for.
pub const PART: usize = 256 * 1024;

/// Reads [`Facts`] from a file that it is given part by part.
#[derive(Debug)]
pub struct FactsReader {
    /// Of the whole file.
    length: u64,
    wanted: Option<u64>,
    format: Option<Format>,
    facts: Facts,
}

#[derive(Clone, Copy, Debug)]
enum Format {
    Jpeg,
    Png,
    WebP,
    Heif,
    Tiff(Layout),
}

impl FactsReader {
    /// `length`: of the whole file.
    pub fn new(length: u64) -> Self {
        Self { length, wanted: (length > 0).then_some(0), format: None, facts: Facts::default() }
    }

    /// From where on bytes are needed; none: everything is known.
    pub fn wanted(&self) -> Option<u64> {
        self.wanted
    }

    /// Take bytes of the file from [`FactsReader::wanted`] on: [`PART`] of them, or all that there are.
    pub fn push(&mut self, bytes: &[u8]) {
        let Some(at) = self.wanted.take() else { return };
        let part = Part { at, bytes };
        let next = match self.format {
            None => self.begin(part),
            Some(Format::Jpeg) => jpeg::read(part, &mut self.facts),
            Some(Format::Png) => png::read(part, &mut self.facts),
            Some(Format::WebP) => webp::read(part, &mut self.facts),
            Some(Format::Heif) => heif::read(part, &mut self.facts),
            Some(Format::Tiff(layout)) => {
                read_tiff(part, layout, self.length, &mut self.facts);
                None
            }
        };
        // Files may point back at themselves.
        self.wanted = next.filter(|next| *next > at && *next < self.length);
    }

    /// What was found so far.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The first bytes: which format it is, and, where they already say it, its size.
    fn begin(&mut self, part: Part) -> Option<u64> {
        let bytes = part.bytes;
        let (format, first): (_, fn(Part, &mut Facts) -> Option<u64>) = match bytes {
            [0xff, 0xd8, 0xff, ..] => (Format::Jpeg, jpeg::begin),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => (Format::Png, png::begin),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => (Format::WebP, webp::begin),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => (Format::Heif, heif::read),
            [b'B', b'M', ..] => {
                self.facts.size = bmp::size(bytes, self.length);
                return None;
            }
            [b'G', b'I', b'F', b'8', _, _, w0, w1, h0, h1, ..] => {
                // The screen that all frames are drawn on. Where it is empty, browsers take the first frame's size.
                let (width, height) = (u16::from_le_bytes([*w0, *w1]), u16::from_le_bytes([*h0, *h1]));
                self.facts.size = (width > 0 && height > 0).then_some((width.into(), height.into()));
                return None;
            }
            _ => {
                let (layout, at) = directory::header(bytes)?;
                self.format = Some(Format::Tiff(layout));
                return Some(at);
            }
        };
        self.format = Some(format);
        first(part, &mut self.facts)
    }
}

/// The facts of a file that is in memory.
#[cfg(not(target_arch = "wasm32"))]
pub fn read(file: &[u8]) -> Facts {
    let mut reader = FactsReader::new(file.len() as u64);
    while let Some(at) = reader.wanted() {
        let rest = &file[at as usize..];
        reader.push(&rest[..rest.len().min(PART)]);
    }
    reader.facts
}

/// Our own decoder reads TIFF, and turns nothing: nothing is to be hidden.
fn read_tiff(part: Part, layout: Layout, length: u64, facts: &mut Facts) {
    let value = |tag| directory::find(part.bytes, layout, tag).map(|found| found.value);
    facts.orientation = value(directory::ORIENTATION).map_or(Orientation::UPRIGHT, Orientation::from_tag);
    let side = |tag| u32::try_from(value(tag)?).ok().filter(|side| *side > 0);
    let (Some(width), Some(height)) = (side(directory::WIDTH), side(directory::HEIGHT)) else { return };
    // A pixel takes a bit at least, unless it is compressed.
    let plain = value(directory::COMPRESSION).is_none_or(|how| how == 1);
    if !plain || u64::from(width) * u64::from(height) / 8 <= length {
        facts.size = Some((width, height));
    }
}
