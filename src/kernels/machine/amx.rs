//! The integer tile on AMX: up to thirty-two rows by thirty-two columns, in four of its eight registers of 16 × 16 sums.
//!
//! ```text
//! for each sixty-four along k:
//!   a₀, a₁ = up to 16 rows × 64 activations each
//!   w₀, w₁ = 16 groups × 16 columns × 4 weights      the two cache lines of each of the panel's groups
//!   acc[i][j] += aᵢ · wⱼ
//! ```
//! A product takes a cycle a row, so rows are dealt out evenly: fifty are four times thirteen, and not three times sixteen and
//! two. The registers' sizes are set once for many tiles: that takes a fifth of a tile's time.
//! Rust's own functions for this are not stable; the instructions are written out.

use std::arch::asm;

use crate::kernels::gemm::TILE_COLUMNS;
use crate::kernels::tile::Sums;

/// Groups along k are taken by so many.
pub const GROUPS: usize = 16;
/// Rows of a register.
const ROWS: usize = 16;
/// A register's rows that come after the last one are read, and their sums are nobody's.
pub const BEYOND: usize = ROWS - 1;

/// Rows of the tiles that `rows` rows are gone through in: once or twice as many as each register holds.
pub fn height(rows: usize) -> usize {
    let registers = rows.div_ceil(ROWS).max(1);
    let each = rows.div_ceil(registers).max(1);
    if registers == 1 { each } else { 2 * each }
}

/// Rows of each register in tiles of this height.
fn each(height: usize) -> usize {
    if height <= ROWS { height } else { height / 2 }
}

/// Of which sizes the registers are: what `ldtilecfg` reads.
#[repr(C, align(64))]
struct Sizes {
    palette: u8,
    start_row: u8,
    reserved: [u8; 14],
    row_bytes: [u16; 16],
    rows: [u8; 16],
}

/// The registers, ready for tiles of one height until this is dropped. They are this thread's.
pub struct Tiles(std::marker::PhantomData<*const ()>);

impl Tiles {
    /// # Safety
    /// This machine has them.
    pub unsafe fn set_up(height: usize) -> Self {
        let mut sizes =
            Sizes { palette: 1, start_row: 0, reserved: [0; 14], row_bytes: [0; 16], rows: [0; 16] };
        sizes.row_bytes[..8].fill(64);
        // Four of sums and two of activations; two of weights.
        sizes.rows[..6].fill(each(height) as u8);
        sizes.rows[6..8].fill(GROUPS as u8);
        // SAFETY: 64 bytes that are a configuration; the caller's promise.
        unsafe { asm!("ldtilecfg [{}]", in(reg) &sizes, options(nostack, readonly)) };
        Self(std::marker::PhantomData)
    }
}

impl Drop for Tiles {
    fn drop(&mut self) {
        // SAFETY: as long as this lived the machine had them.
        unsafe { asm!("tilerelease", options(nostack, nomem)) };
    }
}

/// # Safety
/// As `Kernel::strip`, of groups of whole [`GROUPS`], with [`Tiles`] of this height.
#[inline]
pub unsafe fn strip(
    first: *const u8,
    height: usize,
    rows: usize,
    panel: *const i8,
    groups: usize,
    sums: &mut Sums,
) {
    let each = each(height);
    let (width, steps, sums) = (4 * groups, groups / GROUPS, sums.as_mut_ptr().cast::<i32>());
    // The order hides how long it takes to load a register.
    // SAFETY: the caller's promise: rows of `width` bytes, at least as many as the registers that are loaded have, and a panel of
    // `groups` groups of 128. The sums have room for `height` rows of 128 bytes.
    unsafe {
        if rows <= each {
            asm!(
                "tilezero tmm0",
                "tilezero tmm1",
                "2:",
                "tileloadd tmm4, [{a} + {width}]",
                "tileloadd tmm6, [{w} + {line}]",
                "tdpbusd tmm0, tmm4, tmm6",
                "tileloadd tmm7, [{w} + {line} + 64]",
                "tdpbusd tmm1, tmm4, tmm7",
                "add {a}, 64",
                "add {w}, 2048",
                "dec {steps}",
                "jnz 2b",
                "tilestored [{sums} + {line}], tmm0",
                "tilestored [{sums} + {line} + 64], tmm1",
                a = inout(reg) first => _, width = in(reg) width,
                w = inout(reg) panel => _, line = in(reg) 4 * TILE_COLUMNS,
                steps = inout(reg) steps => _, sums = in(reg) sums,
                out("tmm0") _, out("tmm1") _, out("tmm4") _, out("tmm6") _, out("tmm7") _,
                options(nostack),
            );
        } else {
            asm!(
                "tilezero tmm0",
                "tilezero tmm1",
                "tilezero tmm2",
                "tilezero tmm3",
                "2:",
                "tileloadd tmm4, [{a} + {width}]",
                "tileloadd tmm6, [{w} + {line}]",
                "tdpbusd tmm0, tmm4, tmm6",
                "tileloadd tmm7, [{w} + {line} + 64]",
                "tdpbusd tmm1, tmm4, tmm7",
                "tileloadd tmm5, [{b} + {width}]",
                "tdpbusd tmm2, tmm5, tmm6",
                "tdpbusd tmm3, tmm5, tmm7",
                "add {a}, 64",
                "add {b}, 64",
                "add {w}, 2048",
                "dec {steps}",
                "jnz 2b",
                "tilestored [{sums} + {line}], tmm0",
                "tilestored [{sums} + {line} + 64], tmm1",
                "tilestored [{below} + {line}], tmm2",
                "tilestored [{below} + {line} + 64], tmm3",
                a = inout(reg) first => _, b = inout(reg) first.add(each * width) => _, width = in(reg) width,
                w = inout(reg) panel => _, line = in(reg) 4 * TILE_COLUMNS,
                steps = inout(reg) steps => _, sums = in(reg) sums, below = in(reg) sums.add(each * TILE_COLUMNS),
                out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
                options(nostack),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::isa::Isa;
    use crate::kernels::random::random;
    use crate::kernels::scalar::Scalar;
    use crate::kernels::tile::Kernel;

    #[test]
    fn rows_are_dealt_out_evenly() {
        for (rows, expected) in [(0, 1), (1, 1), (16, 16), (17, 18), (32, 32), (50, 26), (77, 32), (1365, 32)]
        {
            assert_eq!(height(rows), expected, "{rows}");
        }
        for rows in 1..=200 {
            let each = each(height(rows));
            assert_eq!(
                rows.div_ceil(each),
                rows.div_ceil(ROWS),
                "{rows} in as few registers as there can be"
            );
        }
    }

    #[test]
    fn strips_are_exact() {
        if !Isa::Amx.is_here() {
            println!("NOT tested: this machine has no AMX, or the system doesn't let it be used");
            return;
        }
        for (rows, groups) in (1..=32).flat_map(|rows| [(rows, 16), (rows, 64), (rows, 192)]) {
            let mut next = random((rows * groups) as u64);
            let width = 4 * groups;
            let a: Vec<u8> = (0..(rows + BEYOND) * width).map(|_| ((next() + 1.0) * 63.9) as u8).collect();
            let w: Vec<i8> = (0..TILE_COLUMNS * width).map(|_| (next() * 127.9) as i8).collect();
            let mut sums: Sums = [[-1; TILE_COLUMNS]; 32];
            let height = height(rows);
            // SAFETY: the machine has it; rows and panel are as long as they must be.
            unsafe {
                let _held = Tiles::set_up(height);
                strip(a.as_ptr(), height, rows, w.as_ptr(), groups, &mut sums);
            }
            let mut expected = [[0; TILE_COLUMNS]; 32];
            for (row, expected) in a.chunks_exact(width).zip(&mut expected[..rows]) {
                let mut one: Sums = [[0; TILE_COLUMNS]; 32];
                // SAFETY: as above.
                unsafe { Scalar::tile([row.as_ptr()], w.as_ptr(), groups, &mut one) };
                *expected = one[0];
            }
            assert!(sums[..rows] == expected[..rows], "{rows} rows, {groups} groups");
        }
    }
}
