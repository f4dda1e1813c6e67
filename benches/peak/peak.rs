//! The most arithmetic that one core does in WebAssembly's SIMD, by each route that the inner loop of a matrix product
//! can take: what the engine's kernels are compared with. `cargo xtask bench` compiles it.
//!
//! ```text
//! for each round:
//!   for each of the round's weights w (from the first-level cache):
//!     acc ← step(acc, w, a₀);  acc′ ← step(acc′, w, a₁)
//! ```
//! 1. There are as many accumulators as hide an instruction's latency and stay in 16 registers.
//! 2. Weights are loaded, since what depends on constants alone a compiler moves out of the loop; half a load a step
//!    is what every processor does on the side.

#![no_std]

use core::arch::wasm32::*;
use core::hint::black_box;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    unreachable()
}

/// Rounds whose weights differ in address: 64 × 6 × 16 bytes stay in any first-level cache.
const ROUNDS: usize = 64;
/// Each byte is positive, and the whole is no odd f32 (0.98).
const WEIGHT: v128 = u32x4(0x3f7b_5d31, 0x3f7b_5d31, 0x3f7b_5d31, 0x3f7b_5d31);
static WEIGHTS: [[v128; 6]; ROUNDS] = [[WEIGHT; 6]; ROUNDS];

/// `$name(rounds)` does so many rounds of `$weights` weights and says how many multiplications and additions they
/// were: `$operations` a step.
macro_rules! route {
    ($name:ident, $weights:literal, $operations:literal, $step:expr) => {
        #[unsafe(no_mangle)]
        pub extern "C" fn $name(rounds: usize) -> f64 {
            let step: fn(v128, v128, [v128; 2], v128) -> v128 = $step;
            let (weights, activations) = (black_box(&WEIGHTS), black_box([[WEIGHT; 2]; 2]));
            let ones = black_box(i16x8_splat(1));
            let mut accumulators = [[WEIGHT; 2]; $weights];
            for round in 0..rounds {
                for (pair, weight) in accumulators.iter_mut().zip(&weights[round % ROUNDS]) {
                    for (accumulator, activation) in pair.iter_mut().zip(activations) {
                        *accumulator = step(*accumulator, *weight, activation, ones);
                    }
                }
            }
            black_box(accumulators);
            rounds as f64 * (2 * $weights * $operations) as f64
        }
    };
}

// One instruction on ARM and on x86 with AVX-VNNI, five on other x86.
route!(relaxed_dot, 6, 32, |acc, w, [a, _], _| i32x4_relaxed_dot_i8x16_i7x16_add(w, a, acc));
// The same sums in three, which is better there.
route!(relaxed_multiply_add, 4, 32, |acc, w, [a, _], ones| {
    i32x4_add(acc, i32x4_dot_i16x8(i16x8_relaxed_dot_i8x16_i7x16(w, a), ones))
});
// Two of them, added in 16 bits first.
route!(relaxed_paired, 3, 64, |acc, w, [a, b], ones| {
    let four = i16x8_add(i16x8_relaxed_dot_i8x16_i7x16(w, a), i16x8_relaxed_dot_i8x16_i7x16(w, b));
    i32x4_add(acc, i32x4_dot_i16x8(four, ones))
});
// Without relaxed SIMD: integers of 16 bits.
route!(dot_i16, 4, 16, |acc, w, [a, _], _| i32x4_add(acc, i32x4_dot_i16x8(w, a)));
// f32, each product rounded by itself, so that every machine gives the same.
route!(multiply_add_f32, 4, 8, |acc, w, [a, _], _| f32x4_add(acc, f32x4_mul(w, a)));

/// Reads `count` × 64 bytes from `at` on, one after another, and does next to nothing with them: what a search over memory
/// is bound by.
///
/// # Safety
/// So many bytes are there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn read_memory(at: *const [v128; 4], count: usize) -> i64 {
    let mut sums = [i64x2_splat(0); 4];
    for place in 0..count {
        // SAFETY: the caller has so many bytes.
        let four = unsafe { *at.add(place) };
        for (sum, part) in sums.iter_mut().zip(four) {
            *sum = i64x2_add(*sum, part);
        }
    }
    let [a, b, c, d] = sums;
    i64x2_extract_lane::<0>(i64x2_add(i64x2_add(a, b), i64x2_add(c, d)))
}
