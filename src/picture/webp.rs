//! WebP's chunks (RFC 9649): the size in the first, EXIF behind the pixels.

use super::facts::{Facts, Part, read_exif};

/// VP8X: there is a chunk of EXIF.
const HAS_EXIF: u8 = 0x08;

pub(super) fn begin(part: Part, facts: &mut Facts) -> Option<u64> {
    let kind: [u8; 4] = part.get(12)?;
    match &kind {
        // Frame tag, start code, then 14 bits each; above them stands how to scale, which decoders don't.
        b"VP8 " => {
            let [w0, w1, h0, h1] = part.get(26)?;
            let side = |bytes| u32::from(u16::from_le_bytes(bytes) & 0x3fff);
            let (width, height) = (side([w0, w1]), side([h0, h1]));
            facts.size = (width > 0 && height > 0).then_some((width, height));
            None
        }
        // After a signature 14 bits each, less one.
        b"VP8L" => {
            let bits = u32::from_le_bytes(part.get(21)?);
            facts.size = Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1));
            None
        }
        // After flags the canvas, 24 bits each, less one.
        b"VP8X" => {
            let [flags, _, _, _, w0, w1, w2, h0, h1, h2] = part.get(20)?;
            facts.size =
                Some((u32::from_le_bytes([w0, w1, w2, 0]) + 1, u32::from_le_bytes([h0, h1, h2, 0]) + 1));
            if flags & HAS_EXIF == 0 {
                return None;
            }
            read(part.slice(12, u64::MAX), facts)
        }
        _ => None,
    }
}

/// From a chunk's start on; where the next part is to begin.
pub(super) fn read(part: Part, facts: &mut Facts) -> Option<u64> {
    let mut at = 0;
    loop {
        if part.bytes.len() < 8 || at > part.bytes.len() - 8 {
            return Some(part.offset(at));
        }
        let (kind, length) = part.get::<4>(at).zip(part.get(at + 4).map(u32::from_le_bytes))?;
        if kind == *b"EXIF" {
            if at > 0 && ((part.bytes.len() - at - 8) as u64) < u64::from(length) {
                return Some(part.offset(at));
            }
            let patch = read_exif(part.slice(at + 8, length.into()), facts);
            facts.hide = patch.filter(|_| facts.orientation.tag() != 1);
            return None;
        }
        // Chunks are of even length.
        at = usize::try_from(at as u64 + 8 + u64::from(length) + u64::from(length % 2)).ok()?;
    }
}
