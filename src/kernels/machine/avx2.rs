//! The integer tile on AVX2: four rows by sixteen columns at a time.
//!
//! ```text
//! for each sixteen columns, for each four rows:
//!   for each four along k:
//!     w₀, w₁ = 2 × 32 weights                      8 columns × 4 each
//!     for each row: a = its four, in every lane;  acc += dot(a, w)
//! ```
//! `acc += dot(a, w)` is three instructions: pairs of products are added in 16 bits, which is exact, since activations are
//! within 0..=127 and a pair is at most 2 · 127 · 127 < 2¹⁵; then pairs in 32 bits, then to the sum.

use std::arch::x86_64::*;

/// Rows of a part.
const ROWS: usize = 4;

/// `tile(rows, panel, groups, sums)` in parts of at most so many rows by sixteen columns, with `$dot(acc, a, w)`.
macro_rules! parts {
    ($most:expr, $features:literal, $dot:ident, [$($count:literal)*]) => {
        /// # Safety
        /// As `Kernel::tile`.
        #[target_feature(enable = $features)]
        pub unsafe fn tile(
            rows: &[*const u8],
            panel: *const i8,
            groups: usize,
            sums: &mut $crate::kernels::tile::Sums,
        ) {
            // Parts of about the same height.
            let height = rows.len().div_ceil(rows.len().div_ceil($most).max(1)).max(1);
            for column in [0, 16] {
                for (rows, sums) in rows.chunks(height).zip(sums.chunks_mut(height)) {
                    // SAFETY: the caller's promise; a group's second half begins 64 bytes after its first.
                    unsafe {
                        let panel = panel.add(4 * column);
                        match rows {
                            $(rows if rows.len() == $count => {
                                let Some(rows) = rows.first_chunk::<$count>() else { return };
                                part(*rows, panel, groups, sums, column);
                            })*
                            _ => {}
                        }
                    }
                }
            }
        }

        /// # Safety
        /// As `Kernel::tile`, of sixteen columns of the panel.
        #[target_feature(enable = $features)]
        unsafe fn part<const ROWS: usize>(
            rows: [*const u8; ROWS],
            panel: *const i8,
            groups: usize,
            sums: &mut [[i32; $crate::kernels::gemm::TILE_COLUMNS]],
            column: usize,
        ) {
            let mut acc = [[_mm256_setzero_si256(); 2]; ROWS];
            for group in 0..groups {
                // SAFETY: the caller's promise: every group has 128 weights and each row 4 activations in it.
                unsafe {
                    let panel = panel.add(128 * group);
                    let w = [_mm256_loadu_si256(panel.cast()), _mm256_loadu_si256(panel.add(32).cast())];
                    for r in 0..ROWS {
                        let a = _mm256_set1_epi32(rows[r].add(4 * group).cast::<i32>().read_unaligned());
                        acc[r][0] = $dot(acc[r][0], a, w[0]);
                        acc[r][1] = $dot(acc[r][1], a, w[1]);
                    }
                }
            }
            for r in 0..ROWS {
                let sixteen = &mut sums[r][column..column + 16];
                // SAFETY: sixteen sums are 64 writable bytes.
                unsafe {
                    _mm256_storeu_si256(sixteen.as_mut_ptr().cast(), acc[r][0]);
                    _mm256_storeu_si256(sixteen[8..].as_mut_ptr().cast(), acc[r][1]);
                }
            }
        }
    };
}
pub(super) use parts;

parts!(ROWS, "avx2", multiply_add, [4 3 2 1]);

#[inline]
#[target_feature(enable = "avx2")]
fn multiply_add(acc: __m256i, a: __m256i, w: __m256i) -> __m256i {
    _mm256_add_epi32(acc, _mm256_madd_epi16(_mm256_maddubs_epi16(a, w), _mm256_set1_epi16(1)))
}
