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

use super::isa::{Isa, chosen};

/// `to[m · stride + n] = Σ_k rows[m][k] · panel[k][n]`.
///
/// # Safety
/// Each row points to as many numbers as the panel has lines; `to` has room for a tile's columns of as many rows.
#[inline(always)]
pub unsafe fn run(rows: &[*const f32], panel: &[f32], to: *mut f32, stride: usize) {
    // SAFETY: the caller's promise; only what the machine has is chosen.
    unsafe { run_of(chosen(), rows, panel, to, stride) }
}

/// As [`run`], of one instruction set.
///
/// # Safety
/// As [`run`], and the machine has it.
#[inline(always)]
unsafe fn run_of(isa: Isa, rows: &[*const f32], panel: &[f32], to: *mut f32, stride: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        match isa {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 | Isa::Avx512Vnni | Isa::Amx => avx512::run(rows, panel, to, stride),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 | Isa::AvxVnni => avx2::run(rows, panel, to, stride),
            // Every aarch64 has NEON and its fused multiply-add.
            #[cfg(target_arch = "aarch64")]
            _ => neon::run(rows, panel, to, stride),
            #[cfg(not(target_arch = "aarch64"))]
            _ => portable::run(rows, panel, to, stride),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::gemm::{TILE_COLUMNS, TILE_ROWS};
    use crate::kernels::random::random;

    /// Every tile that this machine can run, to the last bit: a chain of fused multiply-adds, or of both rounded.
    #[test]
    fn sums_are_chains_along_k() {
        let mut wrong = Vec::new();
        for isa in Isa::ALL.into_iter().filter(|isa| isa.is_here()) {
            let fused = isa != Isa::Portable || cfg!(target_arch = "aarch64");
            for (lines, rows) in
                [0, 1, 2, 7, 64].into_iter().flat_map(|k| (1..=TILE_ROWS).map(move |m| (k, m)))
            {
                let mut next = random((lines * 100 + rows) as u64);
                let x: Vec<f32> = (0..rows * lines).map(|_| next()).collect();
                let panel: Vec<f32> = (0..lines * TILE_COLUMNS).map(|_| next()).collect();
                let starts: Vec<*const f32> = (0..rows).map(|m| x[m * lines..].as_ptr()).collect();
                // Rows with something between them, which stays.
                const STRIDE: usize = TILE_COLUMNS + 3;
                let mut to = [0.25; TILE_ROWS * STRIDE];
                // SAFETY: each row has as many numbers as the panel has lines, and the machine has the instructions.
                unsafe { run_of(isa, &starts, &panel, to.as_mut_ptr(), STRIDE) };
                for (m, row) in to.chunks_exact(STRIDE).enumerate() {
                    for (n, &found) in row.iter().enumerate() {
                        let written = m < rows && n < TILE_COLUMNS;
                        let mut expected = if written { 0f32 } else { 0.25 };
                        for k in (0..lines).take_while(|_| written) {
                            let (a, w) = (x[m * lines + k], panel[k * TILE_COLUMNS + n]);
                            expected = if fused { w.mul_add(a, expected) } else { expected + w * a };
                        }
                        if found != expected {
                            wrong.push(format!(
                                "{} {rows}×{lines} at {m},{n}: {found}, not {expected}",
                                isa.name()
                            ));
                        }
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
