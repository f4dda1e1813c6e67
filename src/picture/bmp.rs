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
            (width, (height != i32::MIN).then_some(height.unsigned_abs())?, short(28)?, if header >= 20 { signed(30)? } else { 0 })
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
