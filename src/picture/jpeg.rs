//! JPEG's segments up to the first scan (ITU-T T.81, annex B): the frame's size, and EXIF.

use super::facts::{Facts, Part, read_exif};

/// Markers without a segment to skip: the end of the picture, and the start of a scan.
const END: u8 = 0xd9;
const PIXELS: u8 = 0xda;

pub(super) fn begin(part: Part, facts: &mut Facts) -> Option<u64> {
    read(part.slice(2, u64::MAX), facts)
}

/// From a segment's start on; where the next part is to begin.
pub(super) fn read(part: Part, facts: &mut Facts) -> Option<u64> {
    let mut at = 0;
    loop {
        let marker = match marker(part.bytes, &mut at) {
            Some(END | PIXELS) => return None,
            Some(marker) => marker,
            None => return Some(part.offset(at)),
        };
        let Some(length) = part.get(at + 2).map(u16::from_be_bytes) else { return Some(part.offset(at)) };
        let segment = part.slice(at + 4, u64::from(length.saturating_sub(2)));
        let end = at + 2 + usize::from(length.max(2));
        // Only in a file that ends here or goes on in the next part.
        if part.bytes.len() < end && at > 0 {
            return Some(part.offset(at));
        }
        match marker {
            0xe1 if facts.hide.is_none() && segment.bytes.starts_with(b"Exif\0\0") => {
                let patch = read_exif(segment, facts);
                facts.hide = patch.filter(|_| facts.orientation.tag() != 1);
            }
            // Start of a frame, but for Huffman tables, reserved, and arithmetic conditioning.
            0xc0..=0xcf if ![0xc4, 0xc8, 0xcc].contains(&marker) && facts.size.is_none() => {
                let [_, h0, h1, w0, w1] = segment.get(0)?;
                let (width, height) = (u16::from_be_bytes([w0, w1]), u16::from_be_bytes([h0, h1]));
                // A height of 0 is told behind the pixels.
                facts.size = (width > 0 && height > 0).then_some((width.into(), height.into()));
            }
            _ => {}
        }
        at = end;
    }
}

/// The next marker that has a length, or is the end; `at` becomes its place, or where the bytes end.
fn marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    loop {
        match *bytes.get(*at..)?.first_chunk()? {
            // Decoders skip what stands between segments, and a marker may be filled up with 0xff.
            [0xff, 0xff] => *at += 1,
            // Without a length.
            [0xff, 0x00 | 0x01 | 0xd0..=0xd8] => *at += 2,
            [0xff, marker] => return Some(marker),
            _ => *at += 1,
        }
    }
}

/// Whether a JPEG's pixels are not followed by the marker of its end. A decoder would fill what is missing with grey; Pillow
/// refuses such a file.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn is_cut_short(bytes: &[u8]) -> bool {
    if !bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        return false;
    }
    let mut at = 2;
    while let Some(marker) = marker(bytes, &mut at) {
        match marker {
            END => return false,
            // Among the pixels 0xff is followed by 0 or a restart's number.
            PIXELS => return !bytes[at..].windows(2).rev().any(|two| two == [0xff, END]),
            _ => {}
        }
        let length = Part { at: 0, bytes }.get(at + 2).map_or(0, u16::from_be_bytes);
        at += 2 + usize::from(length.max(2));
    }
    // It ends before its pixels: the decoder says what is wrong.
    false
}
