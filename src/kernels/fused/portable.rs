//! Two rows by four vectors of four, in what the compiler makes of it: 8 sums in SSE2's 16 registers. Nothing is fused; by
//! itself that would be a call into a library for each number.

use super::parts::in_parts;

type Four = [f32; 4];

/// # Safety
/// Four numbers are there.
#[inline(always)]
unsafe fn load(from: *const f32) -> Four {
    // SAFETY: the caller's promise.
    unsafe { from.cast::<Four>().read() }
}

#[inline(always)]
fn splat(a: f32) -> Four {
    [a; 4]
}

#[inline(always)]
fn add_product(sum: Four, w: Four, a: Four) -> Four {
    [sum[0] + w[0] * a[0], sum[1] + w[1] * a[1], sum[2] + w[2] * a[2], sum[3] + w[3] * a[3]]
}

/// # Safety
/// Four places are there.
#[inline(always)]
unsafe fn store(to: *mut f32, four: Four) {
    // SAFETY: the caller's promise.
    unsafe { to.cast::<Four>().write(four) }
}

in_parts!(4 of 4, rows [2 1], load, splat, add_product, store);
