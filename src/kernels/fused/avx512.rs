//! Twelve rows by two vectors of sixteen: 24 sums in 32 registers.

use std::arch::x86_64::*;

use super::parts::in_parts;

#[inline]
#[target_feature(enable = "avx512f")]
fn fused(sum: __m512, w: __m512, a: __m512) -> __m512 {
    _mm512_fmadd_ps(w, a, sum)
}

in_parts!(2 of 16, rows [12 11 10 9 8 7 6 5 4 3 2 1],
    _mm512_loadu_ps, _mm512_set1_ps, fused, _mm512_storeu_ps,
    target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl"));
