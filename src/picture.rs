//! A decoded picture.

use crate::{Error, Result};

mod bmp;
pub mod facts;
mod heif;
mod jpeg;
mod png;
pub mod reader;
mod webp;

#[cfg(not(target_arch = "wasm32"))]
use image::ImageDecoder;

/// 8-bit RGBA pixels, row by row from the top left; alpha is not premultiplied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) rgba: Vec<u8>,
}

impl Picture {
    /// A picture from its pixels.
    ///
    /// Errors: a side is 0, or `rgba` has not 4 · width · height bytes.
    pub fn from_rgba(rgba: Vec<u8>, width: u32, height: u32) -> Result<Self> {
        let expected = 4 * u64::from(width) * u64::from(height);
        if expected == 0 || rgba.len() as u64 != expected {
            return Err(Error::Picture(format!(
                "A picture of {width} × {height} pixels needs {expected} bytes of RGBA (and at least one pixel); {} were given.",
                rgba.len()
            )));
        }
        Ok(Self { width, height, rgba })
    }

    /// Decode a picture file. Its orientation is applied; of an animation the first frame is taken, as browsers
    /// show it, and of several pages the first.
    ///
    /// Errors: the file cannot be read, is no picture in a format that the `image` crate knows, nor TIFF, has more than
    /// 178,956,970 pixels, or is a JPEG that ends before its end, as in Pillow.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn open(path: impl AsRef<std::path::Path>) -> Result<Self> {
        let path = path.as_ref();
        let bytes =
            std::fs::read(path).map_err(|source| Error::Io { path: path.display().to_string(), source })?;
        Self::decode(&bytes).map_err(|e| match e {
            Error::Picture(message) => Error::Picture(format!("{}: {message}", path.display())),
            other => other,
        })
    }

    /// Decode the bytes of a picture file, as [`Picture::open`] does.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        if jpeg::is_cut_short(bytes) {
            return Err(Error::Picture("This JPEG file is damaged: it ends too early.".into()));
        }
        let facts = reader::read(bytes);
        if let Some((width, height)) = facts.size {
            check_size(width, height)?;
        }
        let rgba = if semblance_tiff::directory::header(bytes).is_some() {
            let decoded = semblance_tiff::decode(bytes.to_vec()).map_err(Error::Picture)?;
            image::RgbaImage::from_raw(decoded.width, decoded.height, decoded.data)
        } else {
            Some(first_frame(&bmp::with_known_header(bytes), facts.animation)?)
        };
        let mut image: image::DynamicImage =
            rgba.ok_or_else(|| Error::Picture("This picture has no pixels.".into()))?.into();
        if let Some(orientation) = image::metadata::Orientation::from_exif(facts.orientation.tag()) {
            image.apply_orientation(orientation);
        }
        let rgba = image.into_rgba8();
        let (width, height) = rgba.dimensions();
        Self::from_rgba(rgba.into_raw(), width, height)
    }

    /// The pixels.
    pub fn rgba(&self) -> &[u8] {
        &self.rgba
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }
}

/// More are taken for an attempt to fill the memory: twice Pillow's `MAX_IMAGE_PIXELS`, from where on it refuses, too.
#[cfg(not(target_arch = "wasm32"))]
const MOST_PIXELS: u64 = 2 * (1024 * 1024 * 1024 / 4 / 3);

/// What browsers show first of a file, not turned.
#[cfg(not(target_arch = "wasm32"))]
fn first_frame(bytes: &[u8], animation: facts::Animation) -> Result<image::RgbaImage> {
    let wrong = |e: image::ImageError| Error::Picture(format!("This is no picture that can be read: {e}."));
    if animation == facts::Animation::WithoutDefault
        && let Some(first) = png::second_picture(bytes)
    {
        return Ok(first);
    }
    let file = std::io::Cursor::new(bytes);
    let reader = image::ImageReader::new(file).with_guessed_format().map_err(|e| wrong(e.into()))?;
    let decoder = reader.into_decoder().map_err(wrong)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    Ok(image::DynamicImage::from_decoder(decoder).map_err(wrong)?.into_rgba8())
}

#[cfg(not(target_arch = "wasm32"))]
fn check_size(width: u32, height: u32) -> Result<()> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels <= MOST_PIXELS {
        return Ok(());
    }
    Err(Error::Picture(format!(
        "This picture is too large: {width} × {height} pixels are {} megapixels; up to {} can be read.",
        pixels / 1_000_000,
        MOST_PIXELS / 1_000_000
    )))
}
