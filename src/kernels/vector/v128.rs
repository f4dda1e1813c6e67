//! Four numbers in WebAssembly's `v128`.

#![allow(clippy::should_implement_trait, reason = "chains of methods stand in the order of the operations")]

use std::arch::wasm32::*;
use std::mem::MaybeUninit;

/// Numbers in a vector.
pub const LANES: usize = 4;

/// Vectors that hold sixteen numbers.
pub const SIXTEEN: usize = 16 / LANES;

#[derive(Clone, Copy)]
pub struct Floats(v128);

/// As many i32.
#[derive(Clone, Copy)]
pub struct Integers(v128);

impl Floats {
    pub const ZERO: Self = Self(f32x4(0.0, 0.0, 0.0, 0.0));

    #[inline(always)]
    pub fn splat(x: f32) -> Self {
        Self(f32x4_splat(x))
    }

    /// The first numbers of a slice, which has as many.
    #[inline(always)]
    pub fn load(from: &[f32]) -> Self {
        let four: &[f32; 4] = from.first_chunk().expect("four numbers");
        // SAFETY: `four` borrows 16 readable bytes; `v128.load` has no alignment of its own.
        Self(unsafe { v128_load(four.as_ptr().cast()) })
    }

    /// Into the first places of a slice, which has as many.
    #[inline(always)]
    pub fn store(self, to: &mut [f32]) {
        let four: &mut [f32; 4] = to.first_chunk_mut().expect("four places");
        // SAFETY: `four` borrows 16 writable bytes; `v128.store` has no alignment of its own.
        unsafe { v128_store(four.as_mut_ptr().cast(), self.0) }
    }

    /// As [`Floats::store`], where nothing was before.
    #[inline(always)]
    pub fn write(self, to: &mut [MaybeUninit<f32>]) {
        let four: &mut [MaybeUninit<f32>; 4] = to.first_chunk_mut().expect("four places");
        // SAFETY: as above.
        unsafe { v128_store(four.as_mut_ptr().cast(), self.0) }
    }

    #[inline(always)]
    pub fn from_i32(x: Integers) -> Self {
        Self(f32x4_convert_i32x4(x.0))
    }

    #[inline(always)]
    pub fn add(self, y: Self) -> Self {
        Self(f32x4_add(self.0, y.0))
    }

    #[inline(always)]
    pub fn sub(self, y: Self) -> Self {
        Self(f32x4_sub(self.0, y.0))
    }

    #[inline(always)]
    pub fn mul(self, y: Self) -> Self {
        Self(f32x4_mul(self.0, y.0))
    }

    #[inline(always)]
    pub fn div(self, y: Self) -> Self {
        Self(f32x4_div(self.0, y.0))
    }

    /// `y < x ? y : x`; where `x` is NaN it stays.
    #[inline(always)]
    pub fn min(self, y: Self) -> Self {
        Self(f32x4_pmin(self.0, y.0))
    }

    /// `x < y ? y : x`; where `x` is NaN it stays.
    #[inline(always)]
    pub fn max(self, y: Self) -> Self {
        Self(f32x4_pmax(self.0, y.0))
    }

    /// The bits, as integers.
    #[inline(always)]
    pub(super) fn bits(self) -> Integers {
        Integers(self.0)
    }

    #[inline(always)]
    pub fn to_array(self) -> [f32; 4] {
        let mut out = [0.0; 4];
        self.store(&mut out);
        out
    }
}

impl Integers {
    #[inline(always)]
    pub fn splat(x: i32) -> Self {
        Self(i32x4_splat(x))
    }

    /// The first numbers of a slice, which has as many.
    #[inline(always)]
    pub fn load(from: &[i32]) -> Self {
        let four: &[i32; 4] = from.first_chunk().expect("four numbers");
        // SAFETY: `four` borrows 16 readable bytes; `v128.load` has no alignment of its own.
        Self(unsafe { v128_load(four.as_ptr().cast()) })
    }

    #[inline(always)]
    pub fn sub(self, y: Self) -> Self {
        Self(i32x4_sub(self.0, y.0))
    }

    #[inline(always)]
    pub fn add(self, y: Self) -> Self {
        Self(i32x4_add(self.0, y.0))
    }

    /// Sixteen signed bytes.
    #[inline(always)]
    pub fn from_signed_bytes(sixteen: &[u8; 16]) -> [Self; SIXTEEN] {
        // SAFETY: `sixteen` borrows 16 readable bytes; `v128.load` has no alignment of its own.
        let bytes = unsafe { v128_load(sixteen.as_ptr().cast()) };
        let (low, high) = (i16x8_extend_low_i8x16(bytes), i16x8_extend_high_i8x16(bytes));
        [
            Self(i32x4_extend_low_i16x8(low)),
            Self(i32x4_extend_high_i16x8(low)),
            Self(i32x4_extend_low_i16x8(high)),
            Self(i32x4_extend_high_i16x8(high)),
        ]
    }

    #[inline(always)]
    pub fn max(self, y: Self) -> Self {
        Self(i32x4_max(self.0, y.0))
    }

    #[inline(always)]
    pub fn to_array(self) -> [i32; 4] {
        let mut out = [0; 4];
        // SAFETY: `out` is 16 writable bytes; `v128.store` has no alignment of its own.
        unsafe { v128_store(out.as_mut_ptr().cast(), self.0) }
        out
    }

    #[inline(always)]
    pub(super) fn and(self, y: Self) -> Self {
        Self(v128_and(self.0, y.0))
    }

    #[inline(always)]
    pub(super) fn shift_left(self, bits: u32) -> Self {
        Self(i32x4_shl(self.0, bits))
    }

    /// The bits, as floats.
    #[inline(always)]
    pub(super) fn as_float(self) -> Floats {
        Floats(self.0)
    }

    /// Sixteen numbers, each within 0..=255, as bytes.
    #[inline(always)]
    pub fn to_bytes(four: [Self; SIXTEEN], to: &mut [u8]) {
        let low = i16x8_narrow_i32x4(four[0].0, four[1].0);
        let high = i16x8_narrow_i32x4(four[2].0, four[3].0);
        let sixteen: &mut [u8; 16] = to.first_chunk_mut().expect("sixteen places");
        // SAFETY: `sixteen` borrows 16 writable bytes; `v128.store` has no alignment of its own.
        unsafe { v128_store(sixteen.as_mut_ptr().cast(), u8x16_narrow_i16x8(low, high)) }
    }

    /// Sixteen numbers, each within −128..=127, as bytes.
    #[inline(always)]
    pub fn to_signed_bytes(four: [Self; SIXTEEN], to: &mut [i8]) {
        let low = i16x8_narrow_i32x4(four[0].0, four[1].0);
        let high = i16x8_narrow_i32x4(four[2].0, four[3].0);
        let sixteen: &mut [i8; 16] = to.first_chunk_mut().expect("sixteen places");
        // SAFETY: `sixteen` borrows 16 writable bytes; `v128.store` has no alignment of its own.
        unsafe { v128_store(sixteen.as_mut_ptr().cast(), i8x16_narrow_i16x8(low, high)) }
    }

    /// Eight numbers of two vectors, each within i16.
    #[inline(always)]
    pub fn to_i16(two: [Self; 2], to: &mut [i16]) {
        let eight: &mut [i16; 8] = to.first_chunk_mut().expect("eight places");
        // SAFETY: `eight` borrows 16 writable bytes; `v128.store` has no alignment of its own.
        unsafe { v128_store(eight.as_mut_ptr().cast(), i16x8_narrow_i32x4(two[0].0, two[1].0)) }
    }
}
