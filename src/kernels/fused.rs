//! The f32 tile outside the browser: as many rows and columns at a time as the chosen instruction set has registers for.
//!
//! Each sum is one chain along k, a fused multiply-add a step, so all machines that have that instruction give the same
//! bits, whatever the rows around it. In the browser, and on x86-64 without AVX2, both are rounded: the last bits differ.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
mod parts;
#[cfg(not(target_arch = "aarch64"))]
mod portable;

use super::gemm::Tile;
#[cfg(not(target_arch = "aarch64"))]
use super::isa::{Isa, chosen};

/// `acc[m][n] += Σ_k rows[m][k] · panel[k][n]`.
///
/// # Safety
/// Each row points to as many numbers as the panel has lines.
#[inline(always)]
pub unsafe fn run(rows: &[*const f32], panel: &[f32], acc: &mut Tile) {
    // SAFETY: the caller's promise; every aarch64 has NEON and its fused multiply-add.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        neon::run(rows, panel, acc)
    }
    // SAFETY: the caller's promise; only what the machine has is chosen.
    #[cfg(not(target_arch = "aarch64"))]
    unsafe {
        match chosen() {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 | Isa::Avx512Vnni => avx512::run(rows, panel, acc),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 | Isa::AvxVnni => avx2::run(rows, panel, acc),
            _ => portable::run(rows, panel, acc),
        }
    }
}
