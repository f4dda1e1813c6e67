//! The integer tile outside the browser: the one of the chosen instruction set. All read the same panels.
//!
//! ```text
//! panel  [groups][32 columns][4 along k]          128 bytes a group: two cache lines, sixteen columns each
//! ```

#[cfg(target_arch = "x86_64")]
mod amx;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod avx_vnni;
#[cfg(target_arch = "aarch64")]
mod neon;

use super::gemm::even;
use super::isa::{Isa, chosen};
use super::scalar::Scalar;
use super::tile::{Kernel, Sums};
use super::vector::{Integers, SIXTEEN};

pub struct Machine;

impl Kernel for Machine {
    type Activation = u8;
    const GROUP: usize = 4;

    #[inline(always)]
    fn narrow(sixteen: [Integers; SIXTEEN], to: &mut [u8]) {
        Integers::to_bytes(sixteen, to);
    }

    #[inline(always)]
    unsafe fn tile<const ROWS: usize>(
        rows: [*const u8; ROWS],
        panel: *const i8,
        groups: usize,
        sums: &mut Sums,
    ) {
        // SAFETY: the caller's promise; only what the machine has is chosen.
        unsafe { tile_of(chosen(), rows, panel, groups, sums) }
    }

    #[cfg(target_arch = "x86_64")]
    const BEYOND: usize = amx::BEYOND;

    #[inline(always)]
    fn height(rows: usize, groups: usize) -> usize {
        #[cfg(target_arch = "x86_64")]
        if by_amx(groups) {
            return amx::height(rows);
        }
        let _ = groups;
        even(rows, Self::ROWS)
    }

    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    fn hold(height: usize, groups: usize) -> impl Sized {
        // SAFETY: only what the machine has is chosen.
        by_amx(groups).then(|| unsafe { amx::Tiles::set_up(height) })
    }

    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    unsafe fn strip(
        first: *const u8,
        height: usize,
        rows: usize,
        panel: *const i8,
        groups: usize,
        sums: &mut Sums,
    ) -> bool {
        let here = by_amx(groups);
        if here {
            // SAFETY: the caller's promise; only what the machine has is chosen.
            unsafe { amx::strip(first, height, rows, panel, groups, sums) };
        }
        here
    }
}

/// Are products of rows of so many groups those of AMX?
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn by_amx(groups: usize) -> bool {
    groups > 0 && chosen() == Isa::Amx && groups.is_multiple_of(amx::GROUPS)
}

/// The tile of one instruction set.
///
/// # Safety
/// As [`Kernel::tile`], and the machine has it.
#[inline(always)]
pub unsafe fn tile_of<const ROWS: usize>(
    isa: Isa,
    rows: [*const u8; ROWS],
    panel: *const i8,
    groups: usize,
    sums: &mut Sums,
) {
    // SAFETY: the caller's promise.
    unsafe {
        match isa {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512Vnni | Isa::Amx => avx512::tile_vnni(rows, panel, groups, sums),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => avx512::tile_multiply_add(rows, panel, groups, sums),
            #[cfg(target_arch = "x86_64")]
            Isa::AvxVnni => avx_vnni::tile(&rows, panel, groups, sums),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => avx2::tile(&rows, panel, groups, sums),
            #[cfg(target_arch = "aarch64")]
            Isa::NeonI8mm => neon::tile_i8mm(&rows, panel, groups, sums),
            #[cfg(target_arch = "aarch64")]
            Isa::NeonDot => neon::tile_dot(&rows, panel, groups, sums),
            #[cfg(target_arch = "aarch64")]
            Isa::Neon => neon::tile(&rows, panel, groups, sums),
            _ => Scalar::tile(rows, panel, groups, sums),
        }
    }
}
