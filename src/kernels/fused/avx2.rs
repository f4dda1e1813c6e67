//! Six rows by two vectors of eight: 12 sums in 16 registers.

use std::arch::x86_64::*;

use super::parts::in_parts;

#[inline]
#[target_feature(enable = "avx2,fma")]
fn fused(sum: __m256, w: __m256, a: __m256) -> __m256 {
    _mm256_fmadd_ps(w, a, sum)
}

in_parts!(2 of 8, rows [6 5 4 3 2 1],
    _mm256_loadu_ps, _mm256_set1_ps, fused, _mm256_storeu_ps, target_feature(enable = "avx2,fma"));
