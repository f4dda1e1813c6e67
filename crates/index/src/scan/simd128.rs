//! The scan's inner loop in WebAssembly; `plain` says what it computes.
#![allow(unsafe_code, reason = "loads of 128 bits")]

use std::arch::wasm32::{
    f32x4_add, f32x4_convert_i32x4, f32x4_extract_lane, f32x4_mul, f32x4_splat, i16x8_extend_high_i8x16,
    i16x8_extend_low_i8x16, i32x4_add, i32x4_dot_i16x8, v128_load,
};

use crate::q8::{BLOCK, widen};

pub(super) fn lanes(query: &[[i16; BLOCK]], codes: &[[i8; BLOCK]], scales: &[u16]) -> [f32; 4] {
    let mut lanes = f32x4_splat(0.0);
    for ((query, codes), &scale) in query.iter().zip(codes).zip(scales) {
        // SAFETY: the arrays have 16 bytes, and twice 16; a load needs no alignment.
        let (codes, low, high) = unsafe {
            let query = query.as_ptr();
            (v128_load(codes.as_ptr().cast()), v128_load(query.cast()), v128_load(query.add(8).cast()))
        };
        let low = i32x4_dot_i16x8(low, i16x8_extend_low_i8x16(codes));
        let high = i32x4_dot_i16x8(high, i16x8_extend_high_i8x16(codes));
        let sums = f32x4_convert_i32x4(i32x4_add(low, high));
        lanes = f32x4_add(lanes, f32x4_mul(sums, f32x4_splat(widen(scale))));
    }
    [
        f32x4_extract_lane::<0>(lanes),
        f32x4_extract_lane::<1>(lanes),
        f32x4_extract_lane::<2>(lanes),
        f32x4_extract_lane::<3>(lanes),
    ]
}
