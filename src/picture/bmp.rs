//! BMP's headers, of which there are eight: one field tells their length, and with it how the others are read.

/// Width and height as stored in the file; `length` is the whole file's.
///
/// None: no such header, or one that promises more uncompressed pixels than the file can hold, which then was misread
/// or is damaged: the decoder is to say.
pub(super) fn size(head: &[u8], length: u64) -> Option<(u32, u32)> {
    let short = |at: usize| Some(u16::from_le_bytes(*head.get(at..)?.first_chunk()?));
    let signed = |at: usize| Some(i32::from_le_bytes(*head.get(at..)?.first_chunk()?));
    let header = u32::try_from(signed(14)?).ok()?;
    let (width, height, bits, compression) = match header {
        // BITMAPCOREHEADER, OS/2 1.x
        12 => (u32::from(short(18)?), u32::from(short(20)?), short(24)?, 0),
        // OS/2 2.x, which may be cut anywhere behind the height; BITMAPINFOHEADER and what came after it
        16..=124 => {
            // Where rows go from the top down, the height is negative.
            let (width, height) = (u32::try_from(signed(18)?).ok()?, signed(22)?);
            (
                width,
                (height != i32::MIN).then_some(height.unsigned_abs())?,
                short(28)?,
                if header >= 20 { signed(30)? } else { 0 },
            )
        }
        _ => return None,
    };
    // 0: none; 3 and 6: none, with masks. Everything else compresses.
    if matches!(compression, 0 | 3 | 6) {
        let row = (u64::from(width) * u64::from(bits)).div_ceil(32) * 4;
        if row.saturating_mul(height.into()) > length {
            return None;
        }
    }
    (width > 0 && height > 0).then_some((width, height))
}

/// The same file with a header of 40 bytes where it has one of OS/2 2.x, of 16 to 64: those are the same as far as they
/// go, and what is cut off or follows says nothing of the pixels.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn with_known_header(file: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    const KNOWN: usize = 40;
    const START: usize = 14;
    let number = |at: usize| Some(u32::from_le_bytes(*file.get(at..)?.first_chunk()?));
    let known = || -> Option<Vec<u8>> {
        let length = number(START).filter(|_| file.starts_with(b"BM"))? as usize;
        // 52 and 56 are Windows', with masks.
        if !(16..=64).contains(&length) || [KNOWN, 52, 56].contains(&length) {
            return None;
        }
        let mut header = file.get(START..START + length)?.to_vec();
        header.resize(KNOWN, 0);
        header[..4].copy_from_slice(&(KNOWN as u32).to_le_bytes());
        let pixels = i64::from(number(10)?) + KNOWN as i64 - length as i64;
        let start = [&file[..10], &u32::try_from(pixels).ok()?.to_le_bytes()].concat();
        Some([&start[..], &header, &file[START + length..]].concat())
    };
    known().map_or(file.into(), Into::into)
}
