//! The integer tile on SIMD128, which every browser of the last years has.
//!
//! ```text
//! for each pair along k:
//!   w₀, w₁ = 2 × 8 weights, widened to i16         4 columns × 2 each
//!   for each row: a = its pair, in every lane;  acc += dot(w, a)
//! ```
//! Four rows by two vectors of columns keep 8 sums, 2 weights and 1 activation in registers; larger tiles spill.

use std::arch::wasm32::*;

use super::tile::{Kernel, Sums};
use super::vector::{Integers, SIXTEEN};

pub struct Simd128;

impl Kernel for Simd128 {
    type Activation = i16;
    const GROUP: usize = 2;

    #[inline(always)]
    fn narrow(sixteen: [Integers; SIXTEEN], to: &mut [i16]) {
        let [a, b, c, d] = sixteen;
        Integers::to_i16([a, b], to);
        Integers::to_i16([c, d], &mut to[8..]);
    }

    #[inline(always)]
    unsafe fn tile<const ROWS: usize>(
        rows: [*const i16; ROWS],
        panel: *const i8,
        groups: usize,
        sums: &mut Sums,
    ) {
        let mut acc = [[i32x4_splat(0); 2]; ROWS];
        let mut panel = panel;
        for group in 0..groups {
            // SAFETY: the caller's promise: every group has 16 weights and each row 2 activations in it.
            unsafe {
                let w = [i16x8_load_extend_i8x8(panel), i16x8_load_extend_i8x8(panel.add(8))];
                for (acc, row) in acc.iter_mut().zip(rows) {
                    let a = v128_load32_splat(row.add(2 * group).cast());
                    acc[0] = i32x4_add(acc[0], i32x4_dot_i16x8(w[0], a));
                    acc[1] = i32x4_add(acc[1], i32x4_dot_i16x8(w[1], a));
                }
                panel = panel.add(16);
            }
        }
        store(&acc, sums);
    }
}

/// A tile's registers into memory.
#[inline(always)]
pub fn store<const ROWS: usize>(acc: &[[v128; 2]; ROWS], sums: &mut Sums) {
    for (acc, sums) in acc.iter().zip(sums) {
        // SAFETY: a row of sums is 32 writable bytes.
        unsafe {
            v128_store(sums.as_mut_ptr().cast(), acc[0]);
            v128_store(sums[4..].as_mut_ptr().cast(), acc[1]);
        }
    }
}
