//! The scan's inner loop on x86-64, all of which have SSE2; `plain` says what it computes.
#![allow(unsafe_code, reason = "loads and stores of 128 bits")]

use std::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_add_ps, _mm_cvtepi32_ps, _mm_loadu_si128, _mm_madd_epi16, _mm_mul_ps,
    _mm_set1_ps, _mm_setzero_ps, _mm_setzero_si128, _mm_srai_epi16, _mm_storeu_ps, _mm_unpackhi_epi8,
    _mm_unpacklo_epi8,
};

use crate::q8::{BLOCK, widen};

pub(super) fn lanes(query: &[[i16; BLOCK]], codes: &[[i8; BLOCK]], scales: &[u16]) -> [f32; 4] {
    let mut found = [0.0; 4];
    // SAFETY: every x86-64 has SSE2. The arrays have 16 bytes, twice 16, and room for four numbers; these loads and this
    // store need no alignment.
    unsafe {
        let zero = _mm_setzero_si128();
        let mut lanes = _mm_setzero_ps();
        for ((query, codes), &scale) in query.iter().zip(codes).zip(scales) {
            let query = query.as_ptr().cast::<__m128i>();
            let codes = _mm_loadu_si128(codes.as_ptr().cast());
            // Each code in the upper half of 16 bits, shifted down with its sign.
            let low = _mm_srai_epi16::<8>(_mm_unpacklo_epi8(zero, codes));
            let high = _mm_srai_epi16::<8>(_mm_unpackhi_epi8(zero, codes));
            let low = _mm_madd_epi16(_mm_loadu_si128(query), low);
            let high = _mm_madd_epi16(_mm_loadu_si128(query.add(1)), high);
            let sums = _mm_cvtepi32_ps(_mm_add_epi32(low, high));
            lanes = _mm_add_ps(lanes, _mm_mul_ps(sums, _mm_set1_ps(widen(scale))));
        }
        _mm_storeu_ps(found.as_mut_ptr(), lanes);
    }
    found
}
