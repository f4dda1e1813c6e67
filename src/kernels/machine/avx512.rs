//! The integer tile on AVX-512: up to twelve rows by thirty-two columns.
//!
//! ```text
//! for each four along k:
//!   w₀, w₁ = 2 × 64 weights                        16 columns × 4 each
//!   for each row: a = its four, in every lane;  acc += dot(a, w)
//! ```
//! Twelve rows by two vectors are 24 sums, which leaves registers for two weights and what passes through; as many sums as
//! that hide the five cycles of a dot product. `vpdpbusd` is one instruction for `acc += dot(a, w)`; without VNNI it is
//! three, and exact as well: activations are within 0..=127, so a pair of products is at most 2 · 127 · 127 < 2¹⁵.

use std::arch::x86_64::*;

use crate::kernels::tile::Sums;

macro_rules! tile {
    ($name:ident, $dot:ident, $features:literal) => {
        /// # Safety
        /// As `Kernel::tile`.
        #[target_feature(enable = $features)]
        pub unsafe fn $name<const ROWS: usize>(
            rows: [*const u8; ROWS],
            panel: *const i8,
            groups: usize,
            sums: &mut Sums,
        ) {
            let mut acc = [[_mm512_setzero_si512(); 2]; ROWS];
            for group in 0..groups {
                // SAFETY: the caller's promise: every group has 128 weights and each row 4 activations in it.
                unsafe {
                    let panel = panel.add(128 * group);
                    let w = [_mm512_loadu_si512(panel.cast()), _mm512_loadu_si512(panel.add(64).cast())];
                    for r in 0..ROWS {
                        let a = _mm512_set1_epi32(rows[r].add(4 * group).cast::<i32>().read_unaligned());
                        acc[r][0] = $dot(acc[r][0], a, w[0]);
                        acc[r][1] = $dot(acc[r][1], a, w[1]);
                    }
                }
            }
            for r in 0..ROWS {
                // SAFETY: a row of sums is 128 writable bytes.
                unsafe {
                    _mm512_storeu_si512(sums[r].as_mut_ptr().cast(), acc[r][0]);
                    _mm512_storeu_si512(sums[r][16..].as_mut_ptr().cast(), acc[r][1]);
                }
            }
        }
    };
}

tile!(tile_vnni, _mm512_dpbusd_epi32, "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni");
tile!(tile_multiply_add, multiply_add, "avx512f,avx512bw,avx512vl,avx512dq");

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn multiply_add(acc: __m512i, a: __m512i, w: __m512i) -> __m512i {
    _mm512_add_epi32(acc, _mm512_madd_epi16(_mm512_maddubs_epi16(a, w), _mm512_set1_epi16(1)))
}
