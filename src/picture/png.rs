//! PNG's chunks (PNG, third edition, 5 and 11): the size in the first, EXIF in one before or behind the pixels, and
//! which picture an animation begins with.

#[cfg(not(target_arch = "wasm32"))]
use std::io::Cursor;

use super::facts::{Animation, Facts, Part, Patch, read_exif};

pub(super) fn begin(part: Part, facts: &mut Facts) -> Option<u64> {
    if part.get(12) == Some(*b"IHDR") {
        facts.size = part.u32(16).zip(part.u32(20));
    }
    read(part.slice(8, u64::MAX), facts)
}

/// From a chunk's start on; where the next part is to begin.
pub(super) fn read(part: Part, facts: &mut Facts) -> Option<u64> {
    let mut at = 0;
    loop {
        if part.bytes.len() < 8 || at > part.bytes.len() - 8 {
            return Some(part.offset(at));
        }
        let (length, kind) = part.u32(at).zip(part.get::<4>(at + 4))?;
        let whole = 12 + u64::from(length);
        let data = part.slice(at + 8, length.into());
        match &kind {
            b"eXIf" if facts.hide.is_none() => {
                // What counts stands at its start, but all of it might not be here yet.
                if at > 0 && (data.bytes.len() as u64) < u64::from(length) {
                    return Some(part.offset(at));
                }
                // The chunk has a checksum: it goes as a whole.
                read_exif(data, facts);
                let start = part.offset(at);
                let cut = Patch { range: start..start + whole, with: Vec::new() };
                facts.hide = (facts.orientation.tag() != 1).then_some(cut);
            }
            b"acTL" if facts.animation == Animation::None => facts.animation = Animation::Announced,
            // A frame's control before the default picture: that is the frame.
            b"fcTL" if facts.animation == Animation::Announced => {
                facts.animation = Animation::BeginsWithDefault
            }
            b"IDAT" if facts.animation == Animation::Announced => facts.animation = Animation::WithoutDefault,
            b"IEND" => return None,
            _ => {}
        }
        at = usize::try_from(at as u64 + whole).ok()?;
    }
}

/// The picture after the default one, on the animation's canvas; none: there is none, or it can't be read.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn second_picture(file: &[u8]) -> Option<image::RgbaImage> {
    let mut decoder = ::png::Decoder::new(Cursor::new(file));
    decoder.set_transformations(::png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    let mut buffer = vec![0; reader.output_buffer_size()?];
    reader.next_frame(&mut buffer).ok()?;
    let frame = reader.next_frame(&mut buffer).ok()?;
    let (x, y) = reader.info().frame_control().map(|control| (control.x_offset, control.y_offset))?;
    let pixel = |samples: &[u8]| match *samples {
        [grey] => Some([grey, grey, grey, 255]),
        [grey, alpha] => Some([grey, grey, grey, alpha]),
        [r, g, b] => Some([r, g, b, 255]),
        [r, g, b, alpha] => Some([r, g, b, alpha]),
        _ => None,
    };
    let samples = buffer.get(..frame.buffer_size())?.chunks_exact(frame.color_type.samples());
    let rgba: Vec<u8> = samples.map(pixel).collect::<Option<Vec<_>>>()?.concat();
    let drawn = image::RgbaImage::from_raw(frame.width, frame.height, rgba)?;
    let mut canvas = image::RgbaImage::new(reader.info().width, reader.info().height);
    image::imageops::replace(&mut canvas, &drawn, x.into(), y.into());
    Some(canvas)
}
