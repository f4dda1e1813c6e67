//! A decoded picture.

use crate::{Error, Result};

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

    /// Decode a picture file. The EXIF orientation is applied; of an animation the first frame is taken.
    ///
    /// Errors: the file cannot be read, or is no picture in a format that the `image` crate knows.
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
        use image::ImageDecoder;

        let wrong =
            |e: image::ImageError| Error::Picture(format!("This is no picture that can be read: {e}."));
        let reader = image::ImageReader::new(std::io::Cursor::new(bytes))
            .with_guessed_format()
            .map_err(|e| wrong(e.into()))?;
        let mut decoder = reader.into_decoder().map_err(wrong)?;
        let orientation = decoder.orientation().map_err(wrong)?;
        let mut image = image::DynamicImage::from_decoder(decoder).map_err(wrong)?;
        image.apply_orientation(orientation);
        let rgba = image.into_rgba8();
        let (width, height) = rgba.dimensions();
        Self::from_rgba(rgba.into_raw(), width, height)
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }
}

/// Width and height of a picture file from its first bytes, without decoding; `None` for unknown formats. The
/// bytes may be anything: this is what a file is judged by before it is decoded.
pub fn file_size(head: &[u8]) -> Option<(usize, usize)> {
    let size = imagesize::blob_size(head).ok()?;
    Some((size.width, size.height))
}
