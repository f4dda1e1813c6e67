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

use std::ops::Range;

use semblance_tiff::directory::{self, Layout};

use super::{bmp, heif, jpeg, png, webp};

/// How many bytes to give at a time: every format has what counts within so many bytes of where it is looked for.
pub const PART: usize = 256 * 1024;

/// What a file says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Width and height as stored, before turning; none: unknown, or not certain.
    pub size: Option<(u32, u32)>,
    /// How the stored pixels are to be turned.
    pub orientation: Orientation,
    /// What to change in the file so that nobody else turns it; none: it is upright.
    pub hide: Option<Patch>,
    pub animation: Animation,
}

/// What an animated PNG shows first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Animation {
    #[default]
    None,
    /// There are frames, the first of which has not been seen yet.
    Announced,
    /// Its default picture is the first frame.
    BeginsWithDefault,
    /// Its default picture is shown only by those who can't show animations.
    WithoutDefault,
}

/// EXIF's orientation, 1 to 8 (tag 0x0112, CIPA DC-008 4.6.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Orientation(u8);

impl Default for Orientation {
    fn default() -> Self {
        Self::UPRIGHT
    }
}

impl Orientation {
    pub const UPRIGHT: Self = Self(1);

    /// The tag's value; everything but 1 to 8 says nothing.
    pub(super) fn from_tag(value: u64) -> Self {
        Self(u8::try_from(value).ok().filter(|value| (1..=8).contains(value)).unwrap_or(1))
    }

    pub fn tag(self) -> u8 {
        self.0
    }
}

/// Bytes of a file that others take the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    pub range: Range<u64>,
    pub with: Vec<u8>,
}

/// Reads [`Facts`] from a file that it is given part by part.
pub struct FactsReader {
    /// Of the whole file.
    length: u64,
    wanted: Option<u64>,
    format: Option<Format>,
    facts: Facts,
}

#[derive(Clone, Copy)]
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

/// Some bytes of a file, and where they stand in it.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub at: u64,
    pub bytes: &'a [u8],
}

impl<'a> Part<'a> {
    /// `N` bytes, so many bytes into the part.
    pub fn get<const N: usize>(self, at: usize) -> Option<[u8; N]> {
        self.bytes.get(at..)?.first_chunk().copied()
    }

    /// Where in the file that is, so many bytes into the part.
    pub fn offset(self, at: usize) -> u64 {
        self.at.saturating_add(at as u64)
    }

    pub fn u32(self, at: usize) -> Option<u32> {
        self.get(at).map(u32::from_be_bytes)
    }

    /// What is there of `length` bytes, so many bytes into the part.
    pub fn slice(self, at: usize, length: u64) -> Part<'a> {
        let rest = self.bytes.get(at..).unwrap_or_default();
        let length = usize::try_from(length).unwrap_or(usize::MAX).min(rest.len());
        Part { at: self.offset(at), bytes: &rest[..length] }
    }
}

/// Take the orientation out of EXIF, which is a TIFF directory without pixels.
///
/// Returns where its value stands in the file, and its bytes for “upright”.
pub(super) fn read_exif(exif: Part, facts: &mut Facts) -> Option<Patch> {
    // Some writers put JPEG's marker before it in other formats, too.
    let skip = if exif.bytes.starts_with(b"Exif\0\0") { 6 } else { 0 };
    let tiff = exif.slice(skip, u64::MAX);
    let (layout, at) = directory::header(tiff.bytes)?;
    let at = usize::try_from(at).ok()?;
    let found = directory::find(tiff.bytes.get(at..)?, layout, directory::ORIENTATION)?;
    facts.orientation = Orientation::from_tag(found.value);
    let start = tiff.offset(at + found.at);
    Some(Patch { range: start..start + found.width as u64, with: layout.bytes(1, found.width) })
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
