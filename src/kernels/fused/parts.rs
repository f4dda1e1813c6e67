//! The walk over a tile in parts, for each instruction set.

/// `run` in parts of some rows by some vectors of columns, whose sums are in registers.
macro_rules! in_parts {
    ($vectors:literal of $width:literal, rows [$most:literal $($fewer:literal)*],
     $load:path, $splat:path, $fused:path, $store:path $(, $feature:meta)?) => {
        /// # Safety
        /// As `fused::run`.
        $(#[$feature])?
        pub unsafe fn run(rows: &[*const f32], panel: &[f32], to: *mut f32, stride: usize) {
            // Parts of about the same height.
            let height = rows.len().div_ceil(rows.len().div_ceil($most).max(1)).max(1);
            for column in (0..$crate::kernels::gemm::TILE_COLUMNS).step_by($vectors * $width) {
                for (part, rows) in rows.chunks(height).enumerate() {
                    // SAFETY: the caller's promise.
                    unsafe {
                        let to = to.add(part * height * stride + column);
                        match rows.len() {
                            $most => sums::<$most>(rows, panel, column, to, stride),
                            $($fewer => sums::<$fewer>(rows, panel, column, to, stride),)*
                            _ => {}
                        }
                    }
                }
            }
        }

        /// # Safety
        /// As `fused::run`; `to` is the first of these columns in the first of these rows.
        $(#[$feature])?
        unsafe fn sums<const ROWS: usize>(
            rows: &[*const f32],
            panel: &[f32],
            column: usize,
            to: *mut f32,
            stride: usize,
        ) {
            let Some(&rows) = rows.first_chunk::<ROWS>() else { return };
            // SAFETY: the caller's promise; k is below the panel's lines, and so within the rows.
            unsafe {
                let mut sums = [[$splat(0.0); $vectors]; ROWS];
                for k in 0..panel.len() / $crate::kernels::gemm::TILE_COLUMNS {
                    let line = panel.as_ptr().add(k * $crate::kernels::gemm::TILE_COLUMNS + column);
                    let mut w = [$splat(0.0); $vectors];
                    for v in 0..$vectors {
                        w[v] = $load(line.add(v * $width));
                    }
                    for r in 0..ROWS {
                        let a = $splat(*rows[r].add(k));
                        for v in 0..$vectors {
                            sums[r][v] = $fused(sums[r][v], w[v], a);
                        }
                    }
                }
                for r in 0..ROWS {
                    for v in 0..$vectors {
                        $store(to.add(r * stride + v * $width), sums[r][v]);
                    }
                }
            }
        }
    };
}
pub(super) use in_parts;
