//! The scan: a query's dot product with every vector of 8 bits, one after another as they lie in memory.
//!
//! The query has 16 bits. A block's products are summed as integers, in four lanes, so that every machine gets the
//! same to the last bit; its scale is multiplied afterwards, and blocks are added in order. Nothing is fused. The loop is
//! one pass over memory and bound by that; `q8::BLOCK` numbers are one load of 128 bits.

#[cfg(not(any(target_arch = "wasm32", target_arch = "x86_64")))]
use plain as lanes_of;
#[cfg(target_arch = "wasm32")]
use simd128 as lanes_of;
#[cfg(target_arch = "x86_64")]
use sse2 as lanes_of;

use crate::q8::{BLOCK, blocks};

#[cfg(any(test, not(any(target_arch = "wasm32", target_arch = "x86_64"))))]
mod plain;
#[cfg(target_arch = "wasm32")]
mod simd128;
#[cfg(target_arch = "x86_64")]
mod sse2;

/// What a scan compares vectors with.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Within -32767..=32767, filled up with zeros to whole blocks.
    codes: Vec<i16>,
    scale: f32,
}

impl Query {
    pub fn new(vector: &[f32]) -> Self {
        let largest = vector.iter().fold(0_f32, |largest, number| largest.max(number.abs()));
        let scale = largest / 32767.0;
        let code = |number: &f32| if scale > 0.0 { (number / scale).round_ties_even() as i16 } else { 0 };
        let mut codes: Vec<i16> = vector.iter().map(code).collect();
        codes.resize(blocks(vector.len()) * BLOCK, 0);
        Self { codes, scale }
    }

    /// The dot product with one vector.
    pub fn dot(&self, scales: &[u16], codes: &[i8]) -> f32 {
        let (query, _) = self.codes.as_chunks::<BLOCK>();
        let (codes, _) = codes.as_chunks::<BLOCK>();
        let lanes = lanes_of::lanes(query, codes, scales);
        ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) * self.scale
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::q8::{pack, unpack};

    #[test]
    fn the_dot_product_is_that_of_the_numbers_the_codes_stand_for() {
        for dim in [1, 15, 16, 17, 192, 512, 768, 1024] {
            let vector: Vec<f32> = (0..dim).map(|i| ((i * 31 % 97) as f32 / 97.0 - 0.5) * 0.1).collect();
            let query: Vec<f32> = (0..dim).map(|i| ((i * 57 % 89) as f32 / 89.0 - 0.5) * 0.1).collect();
            let mut scales = vec![0; blocks(dim)];
            let mut codes = vec![0; scales.len() * BLOCK];
            pack(&vector, &mut scales, &mut codes);
            let back = unpack(&scales, &codes, dim);
            let exact: f64 = query.iter().zip(&back).map(|(q, v)| f64::from(*q) * f64::from(*v)).sum();
            let norms: f64 = [&query, &back]
                .iter()
                .map(|v| v.iter().map(|n| f64::from(*n).powi(2)).sum::<f64>().sqrt())
                .product();
            let found = f64::from(Query::new(&query).dot(&scales, &codes));
            assert!((found - exact).abs() <= 3e-5 * norms, "{dim}: {found}, expected {exact}");
        }
    }

    #[test]
    fn every_instruction_set_gives_the_same_bits() {
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 33
        };
        for blocks in [0, 1, 2, 3, 12, 32] {
            let query: Vec<[i16; BLOCK]> =
                (0..blocks).map(|_| std::array::from_fn(|_| next() as i16)).collect();
            let codes: Vec<[i8; BLOCK]> =
                (0..blocks).map(|_| std::array::from_fn(|_| next() as i8)).collect();
            let scales: Vec<u16> = (0..blocks).map(|_| 0x3a00 + (next() % 512) as u16).collect();
            assert_eq!(
                lanes_of::lanes(&query, &codes, &scales),
                plain::lanes(&query, &codes, &scales),
                "{blocks}"
            );
        }
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        let scales = [0x3f80; 2];
        let query = Query::new(&[1.0; 32]);
        assert!((query.dot(&scales, &[127; 32]) - 32.0 * 127.0).abs() < 0.5);
        assert!((query.dot(&scales, &[-127; 32]) + 32.0 * 127.0).abs() < 0.5);
    }

    #[test]
    fn nothing_to_look_for_is_like_nothing() {
        assert_eq!(Query::new(&[0.0; 16]).dot(&[0x3f80], &[5; 16]), 0.0);
    }
}
