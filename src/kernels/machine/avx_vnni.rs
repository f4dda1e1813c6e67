//! The integer tile on AVX-VNNI: six rows by sixteen columns at a time, 12 sums in 16 registers.

use std::arch::x86_64::*;

use super::avx2::parts;

/// Rows of a part.
const ROWS: usize = 6;

parts!(ROWS, "avx2,avxvnni", _mm256_dpbusd_avx_epi32, [6 5 4 3 2 1]);
