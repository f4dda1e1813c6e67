//! The integer tile on relaxed SIMD: four products a lane.
//!
//! ```text
//! for each four along k:
//!   w₀, w₁ = 2 × 16 weights                        4 columns × 4 each
//!   for each row: a = its four, in every lane;  acc += dot(w, a)
//! ```
//! 1. There are two routes to `acc += dot(w, a)`. `i32x4.relaxed_dot_i8x16_i7x16_add` is one instruction on ARM and on
//!    x86 with AVX-VNNI. On other x86 it becomes five, two of which only make ones; the same two products and the
//!    sum, with the ones made once, are a third faster there. [`Route::measure`] times both.
//! 2. Both are exact and the same on every machine, since activations are within 0..=127: a pair of products is at
//!    most 2 · 127 · 127 < 2¹⁵.

use std::arch::wasm32::*;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed as Unordered};

use super::int8::{Kernel, Sums};
use super::simd128::store;
use super::vector::I32x4;

/// How four products are added to a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    Dot,
    MultiplyAdd,
}

static MULTIPLY_ADD: AtomicBool = AtomicBool::new(false);

impl Route {
    pub fn choose(route: Self) {
        MULTIPLY_ADD.store(route == Self::MultiplyAdd, Unordered);
    }

    #[inline(always)]
    fn chosen() -> Self {
        if MULTIPLY_ADD.load(Unordered) { Self::MultiplyAdd } else { Self::Dot }
    }

    /// Choose what is faster here by `now`, in milliseconds: some 10 ms of both in turn, so that the browser has
    /// optimised them on the way, and the best time of each counts.
    pub fn measure(now: fn() -> f64) {
        let (rows, panel) = ([1u8; 4 * GROUPS], [1i8; 32 * GROUPS]);
        let mut best = [f64::INFINITY; 2];
        for _ in 0..ROUNDS {
            for (route, best) in [Self::Dot, Self::MultiplyAdd].into_iter().zip(&mut best) {
                Self::choose(route);
                let start = now();
                for _ in 0..CALLS {
                    let mut sums = Sums::default();
                    // SAFETY: the arrays have `GROUPS` groups.
                    unsafe { Relaxed::tile([rows.as_ptr(); 4], panel.as_ptr(), GROUPS, &mut sums) };
                    std::hint::black_box(sums);
                }
                *best = best.min(now() - start);
            }
        }
        Self::choose(if best[1] < best[0] { Self::MultiplyAdd } else { Self::Dot });
    }
}

/// Of [`Route::measure`]: a tile as deep as ViT-B's, and enough of them for a clock of 0.1 ms.
const GROUPS: usize = 192;
const CALLS: usize = 600;
const ROUNDS: usize = 20;

pub struct Relaxed;

impl Kernel for Relaxed {
    type Activation = u8;
    const GROUP: usize = 4;

    #[inline(always)]
    fn narrow(sixteen: [I32x4; 4], to: &mut [u8]) {
        I32x4::to_bytes(sixteen, to);
    }

    #[inline(always)]
    unsafe fn tile<const ROWS: usize>(
        rows: [*const u8; ROWS],
        panel: *const i8,
        groups: usize,
        sums: &mut Sums,
    ) {
        // SAFETY: the caller's promise; the instructions are there, by this module's `cfg` or, in tests, the browser's.
        unsafe {
            match Route::chosen() {
                Route::Dot => tile_dot(rows, panel, groups, sums),
                Route::MultiplyAdd => tile_multiply_add(rows, panel, groups, sums),
            }
        }
    }
}

macro_rules! tile {
    ($name:ident, $dot:ident) => {
        #[target_feature(enable = "relaxed-simd")]
        unsafe fn $name<const ROWS: usize>(
            rows: [*const u8; ROWS],
            panel: *const i8,
            groups: usize,
            sums: &mut Sums,
        ) {
            let ones = std::hint::black_box(i16x8_splat(1));
            let mut acc = [[i32x4_splat(0); 2]; ROWS];
            let mut panel = panel;
            for group in 0..groups {
                // SAFETY: the caller's promise: every group has 32 weights and each row 4 activations in it.
                unsafe {
                    let w = [v128_load(panel.cast()), v128_load(panel.add(16).cast())];
                    for (acc, row) in acc.iter_mut().zip(rows) {
                        let a = v128_load32_splat(row.add(4 * group).cast());
                        acc[0] = $dot(w[0], a, acc[0], ones);
                        acc[1] = $dot(w[1], a, acc[1], ones);
                    }
                    panel = panel.add(32);
                }
            }
            store(&acc, sums);
        }
    };
}

tile!(tile_dot, dot);
tile!(tile_multiply_add, multiply_add);

#[inline]
#[target_feature(enable = "relaxed-simd")]
fn dot(w: v128, a: v128, acc: v128, _ones: v128) -> v128 {
    i32x4_relaxed_dot_i8x16_i7x16_add(w, a, acc)
}

#[inline]
#[target_feature(enable = "relaxed-simd")]
fn multiply_add(w: v128, a: v128, acc: v128, ones: v128) -> v128 {
    i32x4_add(acc, i32x4_dot_i16x8(i16x8_relaxed_dot_i8x16_i7x16(w, a), ones))
}
