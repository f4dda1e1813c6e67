//! The integer tile in plain Rust: the reference of the others, and what runs on machines that none of them is for.

use super::gemm::TILE_COLUMNS;
use super::tile::{Kernel, Sums};
use super::vector::{Integers, SIXTEEN};

pub struct Scalar;

impl Kernel for Scalar {
    type Activation = u8;
    const GROUP: usize = 4;

    fn narrow(sixteen: [Integers; SIXTEEN], to: &mut [u8]) {
        Integers::to_bytes(sixteen, to);
    }

    unsafe fn tile<const ROWS: usize>(
        rows: [*const u8; ROWS],
        panel: *const i8,
        groups: usize,
        sums: &mut Sums,
    ) {
        // SAFETY: the caller's promise.
        let panel = unsafe { std::slice::from_raw_parts(panel, groups * Self::GROUP * TILE_COLUMNS) };
        for (row, sums) in rows.into_iter().zip(sums) {
            // SAFETY: the caller's promise.
            let row = unsafe { std::slice::from_raw_parts(row, groups * Self::GROUP) };
            *sums = [0; TILE_COLUMNS];
            for (a, w) in row.chunks_exact(Self::GROUP).zip(panel.chunks_exact(Self::GROUP * TILE_COLUMNS)) {
                for (sum, w) in sums.iter_mut().zip(w.chunks_exact(Self::GROUP)) {
                    for k in 0..Self::GROUP {
                        *sum += i32::from(a[k]) * i32::from(w[k]);
                    }
                }
            }
        }
    }
}
