//! Vectors of 8 bits: blocks of 16 numbers, each block with a scale of its own.
//!
//! A number is `code × scale`, codes within -127..=127. CLIP's embeddings have a few channels many times as large as the
//! rest; with one scale a vector they would coarsen all the others, with one a block they coarsen 15. The scale is a
//! bfloat16, rounded up before the codes are made, so that it adds no error of its own.

/// Numbers with one scale.
pub const BLOCK: usize = 16;

/// Blocks of a vector of so many numbers; the last one is filled up with zeros.
pub const fn blocks(dim: usize) -> usize {
    dim.div_ceil(BLOCK)
}

/// A vector's scales, as the upper halves of f32s, and its codes, `BLOCK` a scale.
pub fn pack(vector: &[f32], scales: &mut [u16], codes: &mut [i8]) {
    let blocks = vector.chunks(BLOCK).zip(scales).zip(codes.chunks_exact_mut(BLOCK));
    for ((numbers, scale), codes) in blocks {
        let largest = numbers.iter().fold(0_f32, |largest, number| largest.max(number.abs()));
        *scale = upper_half(largest / 127.0);
        let step = widen(*scale);
        codes.fill(0);
        if step > 0.0 {
            for (code, number) in codes.iter_mut().zip(numbers) {
                *code = (number / step).round_ties_even() as i8;
            }
        }
    }
}

/// The numbers that stand for a vector: within half a scale of it.
pub fn unpack(scales: &[u16], codes: &[i8], dim: usize) -> Vec<f32> {
    let blocks = scales.iter().zip(codes.chunks_exact(BLOCK));
    let mut vector: Vec<f32> = blocks
        .flat_map(|(&scale, codes)| codes.iter().map(move |&code| f32::from(code) * widen(scale)))
        .collect();
    vector.truncate(dim);
    vector
}

/// A scale as f32, without loss.
pub const fn widen(scale: u16) -> f32 {
    f32::from_bits((scale as u32) << 16)
}

/// The smallest bfloat16 that is not below a number ≥ 0.
fn upper_half(number: f32) -> u16 {
    (number.to_bits().saturating_add(0xffff) >> 16) as u16
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn packed(vector: &[f32]) -> (Vec<u16>, Vec<i8>) {
        let mut scales = vec![0; blocks(vector.len())];
        let mut codes = vec![0; scales.len() * BLOCK];
        pack(vector, &mut scales, &mut codes);
        (scales, codes)
    }

    #[test]
    fn every_number_is_within_half_a_step() {
        for dim in [1, 15, 16, 17, 31, 32, 33, 100] {
            let vector: Vec<f32> = (0..dim).map(|i| ((i * 37 % 101) as f32 - 50.0) / 50.0).collect();
            let (scales, codes) = packed(&vector);
            let back = unpack(&scales, &codes, dim);
            assert_eq!(back.len(), dim);
            for (i, (before, after)) in vector.iter().zip(&back).enumerate() {
                let step = widen(scales[i / BLOCK]);
                assert!(
                    (before - after).abs() <= 0.501 * step,
                    "{dim}, {i}: {before} became {after}, step {step}"
                );
            }
        }
    }

    #[test]
    fn a_scale_is_at_most_a_128th_too_large() {
        for number in [1e-30_f32, 1e-3, 0.1, 1.0, 1.0001, 3.9] {
            let scale = widen(upper_half(number));
            assert!(scale >= number && scale <= number * (1.0 + 1.0 / 128.0), "{number} became {scale}");
        }
    }

    #[test]
    fn a_large_channel_coarsens_its_own_block_only() {
        let mut vector = vec![0.01; 64];
        vector[3] = 10.0;
        let (scales, codes) = packed(&vector);
        let back = unpack(&scales, &codes, 64);
        assert!((back[20] - 0.01).abs() < 1e-4 && (back[3] - 10.0).abs() < 0.05);
    }

    #[test]
    fn zeros_stay_zeros() {
        assert_eq!(packed(&[0.0; 20]), (vec![0, 0], vec![0; 32]));
    }
}
