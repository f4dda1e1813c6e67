//! The integer tiles on NEON, by what an aarch64 has beyond it. Activations are within 0..=127, and so signed bytes as well.
//!
//! | tile | `acc += dot(w, a)` | rows × columns at a time |
//! |---|---|---|
//! | `tile` | two groups' products in 16 bits (2 · 127 · 127 < 2¹⁵), then pairs of them to the sum | 2 × 8 |
//! | `tile_dot` | `sdot`: four products a lane | 4 × 16 |
//! | `tile_i8mm` | `smmla`: 2 rows × 8 by 8 × 2 columns | 4 × 16 |
//!
//! `sdot` and `smmla` are inline assembly: their intrinsics are not stable yet.

use std::arch::aarch64::*;
use std::arch::asm;

use crate::kernels::tile::Sums;

/// Bytes of a group in a panel: 32 columns of 4.
const GROUP: usize = 128;

/// # Safety
/// As `Kernel::tile`.
#[target_feature(enable = "neon")]
pub unsafe fn tile(rows: &[*const u8], panel: *const i8, groups: usize, sums: &mut Sums) {
    for column in (0..32).step_by(8) {
        for (rows, sums) in rows.chunks(2).zip(sums.chunks_mut(2)) {
            // The second row of an odd last pair is the first again, and not stored.
            let pair = [rows[0], rows[rows.len() - 1]];
            // Of each row four times two columns' halves.
            let mut acc = [[vdupq_n_s32(0); 4]; 2];
            // SAFETY: the caller's promise: every group has 128 weights and each row 4 activations in it.
            unsafe {
                let line = |group: usize, v: usize| vld1_s8(panel.add(GROUP * group + 4 * column + 8 * v));
                let four = |r: usize, group: usize| {
                    vreinterpret_s8_s32(vdup_n_s32(pair[r].add(4 * group).cast::<i32>().read_unaligned()))
                };
                for group in (0..groups / 2 * 2).step_by(2) {
                    for v in 0..4 {
                        let w = [line(group, v), line(group + 1, v)];
                        for r in 0..2 {
                            let products = vmlal_s8(vmull_s8(w[0], four(r, group)), w[1], four(r, group + 1));
                            acc[r][v] = vpadalq_s16(acc[r][v], products);
                        }
                    }
                }
                if groups % 2 == 1 {
                    for v in 0..4 {
                        for r in 0..2 {
                            let products = vmull_s8(line(groups - 1, v), four(r, groups - 1));
                            acc[r][v] = vpadalq_s16(acc[r][v], products);
                        }
                    }
                }
            }
            for (acc, sums) in acc.iter().zip(sums) {
                let eight = &mut sums[column..column + 8];
                // SAFETY: eight sums are 32 writable bytes.
                unsafe {
                    vst1q_s32(eight.as_mut_ptr(), vpaddq_s32(acc[0], acc[1]));
                    vst1q_s32(eight[4..].as_mut_ptr(), vpaddq_s32(acc[2], acc[3]));
                }
            }
        }
    }
}

/// `acc += dot(w, a)` in each lane, with the four bytes of lane 0 of `a`.
#[inline]
#[target_feature(enable = "dotprod")]
fn sdot(mut acc: int32x4_t, w: int8x16_t, a: int8x16_t) -> int32x4_t {
    // SAFETY: the instruction is there, by this function's feature, and touches these registers alone.
    unsafe {
        asm!("sdot {acc:v}.4s, {w:v}.16b, {a:v}.16b", acc = inout(vreg) acc, w = in(vreg) w, a = in(vreg) a,
            options(pure, nomem, nostack, preserves_flags));
    }
    acc
}

/// # Safety
/// As `Kernel::tile`.
#[target_feature(enable = "neon,dotprod")]
pub unsafe fn tile_dot(rows: &[*const u8], panel: *const i8, groups: usize, sums: &mut Sums) {
    for column in [0, 16] {
        for (rows, sums) in rows.chunks(4).zip(sums.chunks_mut(4)) {
            // Rows that are not there are the first again, and not stored.
            let mut four = [rows[0]; 4];
            four[..rows.len()].copy_from_slice(rows);
            let mut acc = [[vdupq_n_s32(0); 4]; 4];
            for group in 0..groups {
                // SAFETY: the caller's promise: every group has 128 weights and each row 4 activations in it.
                unsafe {
                    let line = panel.add(GROUP * group + 4 * column);
                    let mut w = [vdupq_n_s8(0); 4];
                    for v in 0..4 {
                        w[v] = vld1q_s8(line.add(16 * v));
                    }
                    for r in 0..4 {
                        let a = vdupq_n_s32(four[r].add(4 * group).cast::<i32>().read_unaligned());
                        let a = vreinterpretq_s8_s32(a);
                        for v in 0..4 {
                            acc[r][v] = sdot(acc[r][v], w[v], a);
                        }
                    }
                }
            }
            for r in 0..rows.len() {
                let sixteen = &mut sums[r][column..column + 16];
                for v in 0..4 {
                    // SAFETY: four sums are 16 writable bytes.
                    unsafe { vst1q_s32(sixteen[4 * v..].as_mut_ptr(), acc[r][v]) };
                }
            }
        }
    }
}

/// `acc += x · yᵀ` of x 2 × 8, y 2 × 8 and acc 2 × 2, row by row.
#[inline]
#[target_feature(enable = "i8mm")]
fn smmla(mut acc: int32x4_t, x: int8x16_t, y: int8x16_t) -> int32x4_t {
    // SAFETY: the instruction is there, by this function's feature, and touches these registers alone.
    unsafe {
        asm!("smmla {acc:v}.4s, {x:v}.16b, {y:v}.16b", acc = inout(vreg) acc, x = in(vreg) x, y = in(vreg) y,
            options(pure, nomem, nostack, preserves_flags));
    }
    acc
}

/// # Safety
/// As `Kernel::tile`.
#[target_feature(enable = "neon,i8mm")]
pub unsafe fn tile_i8mm(rows: &[*const u8], panel: *const i8, groups: usize, sums: &mut Sums) {
    for column in [0, 16] {
        for (rows, sums) in rows.chunks(4).zip(sums.chunks_mut(4)) {
            // Rows that are not there are the first again, and not stored.
            let mut four = [rows[0]; 4];
            four[..rows.len()].copy_from_slice(rows);
            // Two pairs of rows by eight pairs of columns.
            let mut acc = [[vdupq_n_s32(0); 8]; 2];
            for group in (0..groups).step_by(2) {
                // Of an odd number of groups the last one's partner is zeros.
                let second = group + 1 < groups;
                // SAFETY: the caller's promise: every group has 128 weights and each row 4 activations in it.
                unsafe {
                    let mut pairs = [vdupq_n_s8(0); 2];
                    for p in 0..2 {
                        let mut both = [0i32; 4];
                        for r in 0..2 {
                            let row = four[2 * p + r].add(4 * group);
                            both[2 * r] = row.cast::<i32>().read_unaligned();
                            if second {
                                both[2 * r + 1] = row.add(4).cast::<i32>().read_unaligned();
                            }
                        }
                        pairs[p] = vreinterpretq_s8_s32(vld1q_s32(both.as_ptr()));
                    }
                    let line = panel.add(GROUP * group + 4 * column);
                    for v in 0..4 {
                        // Four columns of this group and of the next, which become two pairs of columns of eight each.
                        let w = vreinterpretq_s32_s8(vld1q_s8(line.add(16 * v)));
                        let next = match second {
                            true => vreinterpretq_s32_s8(vld1q_s8(line.add(GROUP + 16 * v))),
                            false => vdupq_n_s32(0),
                        };
                        let low = vreinterpretq_s8_s32(vzip1q_s32(w, next));
                        let high = vreinterpretq_s8_s32(vzip2q_s32(w, next));
                        for p in 0..2 {
                            acc[p][2 * v] = smmla(acc[p][2 * v], pairs[p], low);
                            acc[p][2 * v + 1] = smmla(acc[p][2 * v + 1], pairs[p], high);
                        }
                    }
                }
            }
            for r in 0..rows.len() {
                let sixteen = &mut sums[r][column..column + 16];
                for (two, acc) in sixteen.chunks_exact_mut(2).zip(&acc[r / 2]) {
                    let acc = vreinterpretq_s64_s32(*acc);
                    let half = if r % 2 == 0 { vgetq_lane_s64::<0>(acc) } else { vgetq_lane_s64::<1>(acc) };
                    two[0] = half as i32;
                    two[1] = (half >> 32) as i32;
                }
            }
        }
    }
}
