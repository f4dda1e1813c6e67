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
//! 3. Where the second route is the faster one, two pairs are added in 16 bits before they are widened, which takes
//!    three multiplications where there were four. Four products stay below 2¹⁵ when their weights' sizes sum to 258 or
//!    less, and nearly all do. From the others [`Relaxed::fit`] takes away what is too much; it is added to the sums
//!    afterwards, so they are exact too.

use std::arch::wasm32::*;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed as Unordered};

use super::gemm::{TILE_COLUMNS, TILE_ROWS};
use super::rate::{GROUPS, Panel, Routes, Rows, rate};
use super::simd128::store;
use super::tile::{Kernel, Rest, Sums};
use super::vector::{Integers, SIXTEEN};

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

    /// Choose what is faster here by the clock `now`, in milliseconds. Each way has several turns, of which the best
    /// counts: the first let the browser optimise the code, and in some another program has the processor. Paired tiles
    /// are the second route's, and don't decide: where one instruction is as good as three, they are about as fast as
    /// the first route, and rests come on top.
    pub fn measure(now: fn() -> f64) -> Routes {
        let tile = |rows: &Rows, panel: &Panel, sums: &mut Sums| {
            // SAFETY: the arrays have `GROUPS` groups.
            unsafe { Relaxed::tile(rows.each_ref().map(|row| row.as_ptr()), panel.as_ptr(), GROUPS, sums) }
        };
        let paired = |rows: &Rows, panel: &Panel, sums: &mut Sums| {
            let rows: [_; Relaxed::FITTED_ROWS] = std::array::from_fn(|r| rows[r].as_ptr());
            // SAFETY: the arrays have `GROUPS` groups, which are even, and weights of 1 fit.
            unsafe { Relaxed::tile_fitted(rows, panel.as_ptr(), GROUPS, sums) }
        };
        let mut rates = [("dot", 0f64), ("multiply-add", 0.0), ("paired", 0.0)];
        for _ in 0..TURNS {
            let [(_, dot), (_, multiply_add), (_, of_pairs)] = &mut rates;
            Self::choose(Self::Dot);
            *dot = dot.max(rate(TILE_ROWS, now, tile));
            Self::choose(Self::MultiplyAdd);
            *multiply_add = multiply_add.max(rate(TILE_ROWS, now, tile));
            *of_pairs = of_pairs.max(rate(Relaxed::FITTED_ROWS, now, paired));
        }
        let [(dot, of_dot), (_, of_multiply_add), (paired, _)] = rates;
        let second = of_multiply_add > CLEARLY * of_dot;
        let (route, chosen) = if second { (Self::MultiplyAdd, paired) } else { (Self::Dot, dot) };
        Self::choose(route);
        Routes { chosen, rates: rates.to_vec() }
    }
}

/// Of [`Route::measure`].
const TURNS: usize = 8;
/// Where it is better, the second route is a third faster.
const CLEARLY: f64 = 1.1;

pub struct Relaxed;

impl Kernel for Relaxed {
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
        // SAFETY: the caller's promise; the instructions are there, by this module's `cfg` or, in tests, the browser's.
        unsafe {
            match Route::chosen() {
                Route::Dot => tile_dot(rows, panel, groups, sums),
                Route::MultiplyAdd => tile_multiply_add(rows, panel, groups, sums),
            }
        }
    }

    const FITTED_ROWS: usize = 3;

    fn fit(panel: &mut [i8]) -> Option<Vec<Rest>> {
        if Route::chosen() == Route::Dot {
            return None;
        }
        let most = panel.len() / SPARSE;
        let mut rests = Vec::new();
        // Two groups of four along k: lanes hold k = 0, 1 and k = 2, 3 of both.
        let groups = panel.as_chunks_mut::<{ 4 * TILE_COLUMNS }>().0;
        for (pair, groups) in groups.chunks_exact_mut(2).enumerate() {
            let [first, second] = groups else { unreachable!("chunks of two") };
            if !is_large(first, second) {
                continue;
            }
            for lane in 0..2 * TILE_COLUMNS {
                let four = [(0, 2 * lane), (0, 2 * lane + 1), (1, 2 * lane), (1, 2 * lane + 1)];
                let size = |w: i8| u32::from(w.unsigned_abs());
                let mut sum: u32 = [first[four[0].1], first[four[1].1], second[four[2].1], second[four[3].1]]
                    .map(size)
                    .iter()
                    .sum();
                while sum > FOUR_WEIGHTS {
                    let half = |group: usize, at: usize| if group == 0 { first[at] } else { second[at] };
                    let Some(&(group, at)) = four.iter().max_by_key(|(group, at)| size(half(*group, *at)))
                    else {
                        break;
                    };
                    let weight = half(group, at);
                    let less = (sum - FOUR_WEIGHTS).min(size(weight));
                    let rest = i32::from(weight.signum()) * less as i32;
                    let kept = (i32::from(weight) - rest) as i8;
                    if group == 0 {
                        first[at] = kept
                    } else {
                        second[at] = kept
                    }
                    rests.push(Rest { k: 8 * pair + 4 * group + at % 4, column: at / 4, weight: rest });
                    sum -= less;
                }
            }
        }
        if rests.len() <= most {
            return Some(rests);
        }
        for &Rest { k, column, weight } in &rests {
            let at = (k / 4 * TILE_COLUMNS + column) * 4 + k % 4;
            panel[at] = (i32::from(panel[at]) + weight) as i8;
        }
        None
    }

    #[inline(always)]
    unsafe fn tile_fitted<const ROWS: usize>(
        rows: [*const u8; ROWS],
        panel: *const i8,
        groups: usize,
        sums: &mut Sums,
    ) {
        // SAFETY: the caller's promise; the instructions are there, by this module's `cfg` or, in tests, the browser's.
        unsafe { tile_paired(rows, panel, groups, sums) }
    }
}

/// Is there a lane of two groups whose four weights are more than [`FOUR_WEIGHTS`]?
fn is_large(first: &[i8; 4 * TILE_COLUMNS], second: &[i8; 4 * TILE_COLUMNS]) -> bool {
    let sizes = |four: &[i8; 4 * TILE_COLUMNS], at: usize| {
        // SAFETY: 16 bytes from `at` are within the 32.
        let weights = unsafe { v128_load(four[at..at + 16].as_ptr().cast()) };
        u16x8_extadd_pairwise_u8x16(i8x16_abs(weights))
    };
    [0, 16].into_iter().any(|at| {
        let sums = i16x8_add(sizes(first, at), sizes(second, at));
        v128_any_true(u16x8_gt(sums, u16x8_splat(FOUR_WEIGHTS as u16)))
    })
}

/// Most that the weights of four products may sum to: `127 · 258 < 2¹⁵`.
const FOUR_WEIGHTS: u32 = 258;

/// A panel of which more than one weight in so many would have a rest is left as it is.
const SPARSE: usize = 64;

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

/// Deviation 3: two groups at a time, and three rows, which leaves registers for both groups' weights.
#[target_feature(enable = "relaxed-simd")]
unsafe fn tile_paired<const ROWS: usize>(
    rows: [*const u8; ROWS],
    panel: *const i8,
    groups: usize,
    sums: &mut Sums,
) {
    let ones = std::hint::black_box(i16x8_splat(1));
    let mut acc = [[i32x4_splat(0); 2]; ROWS];
    let mut panel = panel;
    for pair in 0..groups / 2 {
        // SAFETY: the caller's promise: every pair of groups has 64 weights and each row 8 activations in it.
        unsafe {
            let w = [0, 16, 32, 48].map(|at| v128_load(panel.add(at).cast()));
            for (acc, row) in acc.iter_mut().zip(rows) {
                let a = v128_load32_splat(row.add(8 * pair).cast());
                let b = v128_load32_splat(row.add(8 * pair + 4).cast());
                for half in 0..2 {
                    let four = i16x8_add(
                        i16x8_relaxed_dot_i8x16_i7x16(w[half], a),
                        i16x8_relaxed_dot_i8x16_i7x16(w[half + 2], b),
                    );
                    acc[half] = i32x4_add(acc[half], i32x4_dot_i16x8(four, ones));
                }
            }
            panel = panel.add(64);
        }
    }
    store(&acc, sums);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU32;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_faster_route_is_chosen() {
        static STEPS: AtomicU32 = AtomicU32::new(0);
        /// Each look costs a step, and with the dot product one and a half; the clock itself moves in whole
        /// milliseconds.
        fn coarse() -> f64 {
            let cost = if Route::chosen() == Route::Dot { 3 } else { 2 };
            f64::from(STEPS.fetch_add(cost, Unordered) / 40)
        }
        let Routes { chosen, rates } = Route::measure(coarse);
        assert_eq!((Route::chosen(), chosen), (Route::MultiplyAdd, "paired"));
        // The same steps for all, but tiles of three rows do less in one.
        let [(_, dot), (_, multiply_add), (_, paired)] = rates[..] else { panic!("{rates:?}") };
        assert!(
            (multiply_add / dot - 1.5).abs() < 0.05 && (paired / multiply_add - 0.75).abs() < 0.05,
            "{rates:?}"
        );
        let Routes { chosen, rates } = Route::measure(|| 0.0);
        assert_eq!(
            (Route::chosen(), chosen),
            (Route::Dot, "dot"),
            "a clock that stands still decides nothing"
        );
        assert!(rates.iter().all(|(_, rate)| *rate == 0.0));
    }
}
