//! Samples of any depth → 8 bits.

use tiff::decoder::{BufferLayoutPreference, DecodingResult};

use crate::decode::not_read;

/// One byte a sample, plane by plane, of which a row has `per_row`. `places`: they are places in a palette and stay
/// what they are.
///
/// Errors: signed numbers, or numbers of a length that is not read.
pub(crate) fn to_bytes(
    buffer: DecodingResult,
    layout: &BufferLayoutPreference,
    bits: u8,
    per_row: usize,
    places: bool,
) -> Result<Vec<u8>, String> {
    if places && bits > 8 {
        return Err(not_read(&format!("a palette of {bits} bits")));
    }
    Ok(match buffer {
        DecodingResult::U8(bytes) if bits == 8 => bytes,
        DecodingResult::U8(bytes) if matches!(bits, 1 | 2 | 4) => {
            let stride = layout.row_stride.map_or(bytes.len().max(1), std::num::NonZeroUsize::get);
            // 255 is a multiple of 1, 3 and 15.
            let scale = if places { 1 } else { 255 / ((1 << bits) - 1) };
            let rows = bytes.chunks_exact(stride);
            rows.flat_map(|row| unpack(row, bits, per_row)).map(|sample| sample * scale).collect()
        }
        DecodingResult::U16(samples) => samples.into_iter().map(|sample| (sample >> 8) as u8).collect(),
        DecodingResult::U32(samples) => samples.into_iter().map(|sample| (sample >> 24) as u8).collect(),
        DecodingResult::F16(samples) => floats(samples.into_iter().map(f32::from).collect()),
        DecodingResult::F32(samples) => floats(samples),
        DecodingResult::F64(samples) => floats(samples.into_iter().map(|sample| sample as f32).collect()),
        DecodingResult::U8(_) | DecodingResult::U64(_) => {
            return Err(not_read(&format!("{bits} bits a sample")));
        }
        _ => return Err(not_read("signed numbers")),
    })
}

/// `count` samples of fewer than 8 bits, the first in the highest bits.
fn unpack(row: &[u8], bits: u8, count: usize) -> impl Iterator<Item = u8> {
    let per_byte = usize::from(8 / bits);
    (0..count).map(move |i| {
        let shift = 8 - usize::from(bits) * (i % per_byte + 1);
        row.get(i / per_byte).map_or(0, |byte| byte >> shift & ((1 << bits) - 1))
    })
}

/// Black to white is 0 to 1, or, where a number is beyond, 0 to 255. What is no number is black.
fn floats(samples: Vec<f32>) -> Vec<u8> {
    let unit = samples.iter().all(|sample| !sample.is_finite() || (0.0..=1.0).contains(sample));
    // `as` cuts off what is beyond 0 and 255.
    let byte = |sample: f32| if unit { (sample * 255.0).round() as u8 } else { sample as u8 };
    samples.into_iter().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_unpacked_from_the_highest() {
        assert_eq!(
            unpack(&[0b1010_0000, 0b1000_0000], 1, 9).collect::<Vec<_>>(),
            [1, 0, 1, 0, 0, 0, 0, 0, 1]
        );
        assert_eq!(unpack(&[0b1110_0100], 2, 4).collect::<Vec<_>>(), [3, 2, 1, 0]);
        assert_eq!(unpack(&[0xa5, 0xf0], 4, 3).collect::<Vec<_>>(), [10, 5, 15]);
    }

    #[test]
    fn floats_are_of_one_range_or_the_other() {
        assert_eq!(floats(vec![0.0, 0.5, 1.0, f32::NAN]), [0, 128, 255, 0]);
        assert_eq!(floats(vec![-3.0, 0.5, 1.5, 200.9, 300.0, f32::NAN]), [0, 0, 1, 200, 255, 0]);
    }
}
