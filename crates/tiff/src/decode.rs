//! A file → its pixels.

use std::io::Cursor;

use tiff::decoder::{BufferLayoutPreference, Decoder, DecodingResult, Limits};
use tiff::tags::{PhotometricInterpretation, Tag};
use tiff::{ColorType, TiffError};

use crate::colour::{self, Alpha, Colours};
use crate::directory;
use crate::samples;

/// 8-bit RGBA, row by row from the top left; alpha is not premultiplied.
#[derive(Debug, PartialEq, Eq)]
pub struct Rgba {
    pub width: u32,
    pub height: u32,
    pub data: Vec<u8>,
}

/// Decoded samples may take so many bytes: 100 megapixels of 16-bit RGBA, and some.
const MOST_BYTES: usize = 1 << 30;

/// The pixels of a file's first page.
///
/// Errors, as sentences: the file is damaged, too large, or of a kind that is not read.
pub fn decode(mut file: Vec<u8>) -> Result<Rgba, String> {
    let photometric = take_photometric(&mut file);
    let mut limits = Limits::default();
    limits.decoding_buffer_size = MOST_BYTES;
    limits.intermediate_buffer_size = MOST_BYTES;
    let mut decoder = Decoder::new(Cursor::new(file)).map_err(sentence)?.with_limits(limits);
    let (width, height) = decoder.dimensions().map_err(sentence)?;
    let colour_type = decoder.colortype().map_err(sentence)?;
    // 2: the least significant bit comes first.
    let fill_order = decoder.find_tag_unsigned::<u16>(Tag::FillOrder).map_err(sentence)?;
    if fill_order == Some(2) && colour_type.bit_depth() < 8 {
        return Err(not_read("bits in reverse order"));
    }
    let alpha = match decoder.find_tag_unsigned_vec::<u16>(Tag::ExtraSamples).map_err(sentence)?.as_deref() {
        Some([1, ..]) => Alpha::Associated,
        Some([2, ..]) => Alpha::Unassociated,
        // Who has four samples of RGB and doesn't say what the fourth is means alpha.
        None if matches!(colour_type, ColorType::RGBA(_)) => Alpha::Unassociated,
        _ => Alpha::None,
    };
    let colours = match (photometric, colour_type) {
        (Some(Taken::WhiteIsZero), _) => Colours::WhiteIsZero,
        (Some(Taken::Palette), _) => {
            let map = decoder.find_tag_unsigned_vec::<u16>(Tag::ColorMap).map_err(sentence)?;
            Colours::Palette(map.ok_or("This TIFF file is damaged: it has no colours for its palette.")?)
        }
        (None, ColorType::Gray(_) | ColorType::Multiband { .. }) => Colours::Grey,
        (None, ColorType::RGB(_) | ColorType::RGBA(_)) => Colours::Rgb,
        (None, ColorType::CMYK(_) | ColorType::CMYKA(_)) => Colours::Cmyk,
        (None, ColorType::YCbCr(_)) => Colours::YCbCr,
        (None, other) => return Err(not_read(&format!("colours as {other:?}"))),
    };

    let mut buffer = DecodingResult::U8(Vec::new());
    let layout = decoder.read_image_to_buffer(&mut buffer).map_err(sentence)?;
    if buffer.as_buffer(0).as_bytes().len() < layout.complete_len {
        return Err(too_large());
    }
    let per_pixel = samples_per_pixel(colour_type, &layout);
    let places = matches!(colours, Colours::Palette(_));
    let samples =
        samples::to_bytes(buffer, &layout, colour_type.bit_depth(), width as usize * per_pixel, places)?;
    let data = colour::to_rgba(&samples, layout.planes.max(1), per_pixel, &colours, alpha)?;
    if data.len() as u64 != 4 * u64::from(width) * u64::from(height) {
        return Err("This TIFF file is damaged: it has not as many pixels as it says.".into());
    }
    Ok(Rgba { width, height, data })
}

/// In each plane.
fn samples_per_pixel(colour_type: ColorType, layout: &BufferLayoutPreference) -> usize {
    if layout.planes > 1 { 1 } else { usize::from(colour_type.num_samples()) }
}

/// What the decoder is not told.
enum Taken {
    WhiteIsZero,
    Palette,
}

/// Say in the file that its numbers are grey, and return what they are instead: the decoder refuses palettes, and
/// turns white to black in some depths only. The numbers are the same.
fn take_photometric(file: &mut [u8]) -> Option<Taken> {
    let (layout, at) = directory::header(file)?;
    let at = usize::try_from(at).ok()?;
    let found = directory::find(file.get(at..)?, layout, directory::PHOTOMETRIC)?;
    let is = |value: PhotometricInterpretation| found.value == u64::from(value.to_u16());
    let taken = if is(PhotometricInterpretation::WhiteIsZero) {
        Taken::WhiteIsZero
    } else if is(PhotometricInterpretation::RGBPalette) {
        Taken::Palette
    } else {
        return None;
    };
    let grey = layout.bytes(PhotometricInterpretation::BlackIsZero.to_u16().into(), found.width);
    file.get_mut(at + found.at..)?.get_mut(..found.width)?.copy_from_slice(&grey);
    Some(taken)
}

pub(crate) fn not_read(what: &str) -> String {
    format!("This kind of TIFF file ({what}) can't be read. Save it as PNG and try again.")
}

fn too_large() -> String {
    "This TIFF file is too large to be decoded.".into()
}

fn sentence(error: TiffError) -> String {
    match error {
        TiffError::UnsupportedError(what) => not_read(&what.to_string()),
        TiffError::LimitsExceeded => too_large(),
        damaged => format!("This TIFF file is damaged: {}.", damaged.to_string().trim_end_matches('.')),
    }
}
