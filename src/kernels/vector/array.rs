//! Sixteen numbers in an array, which the compiler makes registers of.

#![allow(clippy::should_implement_trait, reason = "chains of methods stand in the order of the operations")]

use std::mem::MaybeUninit;

/// Numbers in a vector.
pub const LANES: usize = 16;

/// Vectors that hold sixteen numbers.
pub const SIXTEEN: usize = 16 / LANES;

#[derive(Clone, Copy)]
#[repr(align(64))]
pub struct Floats([f32; LANES]);

/// As many i32.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub struct Integers([i32; LANES]);

/// `f` of each, where the compiler sees it. `array::map` and `array::from_fn` have functions of their own, which are compiled
/// without the caller's instructions and not always taken into it.
#[inline(always)]
fn each<A: Copy, B: Copy + Default>(from: [A; LANES], f: impl Fn(A) -> B) -> [B; LANES] {
    let mut to = [B::default(); LANES];
    for i in 0..LANES {
        to[i] = f(from[i]);
    }
    to
}

/// The same numbers, for places where nothing was before.
#[inline(always)]
fn each_uninit(from: [f32; LANES]) -> [MaybeUninit<f32>; LANES] {
    let mut to = [MaybeUninit::uninit(); LANES];
    for i in 0..LANES {
        to[i].write(from[i]);
    }
    to
}

impl Floats {
    pub const ZERO: Self = Self([0.0; LANES]);

    #[inline(always)]
    fn zip(mut self, y: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        for i in 0..LANES {
            self.0[i] = f(self.0[i], y.0[i]);
        }
        self
    }

    #[inline(always)]
    pub fn splat(x: f32) -> Self {
        Self([x; LANES])
    }

    #[inline(always)]
    pub fn load(from: &[f32]) -> Self {
        Self(*from.first_chunk().expect("as many numbers"))
    }

    #[inline(always)]
    pub fn store(self, to: &mut [f32]) {
        *to.first_chunk_mut().expect("as many places") = self.0;
    }

    #[inline(always)]
    pub fn write(self, to: &mut [MaybeUninit<f32>]) {
        *to.first_chunk_mut().expect("as many places") = each_uninit(self.0);
    }

    #[inline(always)]
    pub fn from_i32(x: Integers) -> Self {
        Self(each(x.0, |x| x as f32))
    }

    #[inline(always)]
    pub fn add(self, y: Self) -> Self {
        self.zip(y, |x, y| x + y)
    }

    #[inline(always)]
    pub fn sub(self, y: Self) -> Self {
        self.zip(y, |x, y| x - y)
    }

    #[inline(always)]
    pub fn mul(self, y: Self) -> Self {
        self.zip(y, |x, y| x * y)
    }

    #[inline(always)]
    pub fn div(self, y: Self) -> Self {
        self.zip(y, |x, y| x / y)
    }

    #[inline(always)]
    pub fn min(self, y: Self) -> Self {
        self.zip(y, |x, y| if y < x { y } else { x })
    }

    #[inline(always)]
    pub fn max(self, y: Self) -> Self {
        self.zip(y, |x, y| if x < y { y } else { x })
    }

    #[inline(always)]
    pub(super) fn bits(self) -> Integers {
        Integers(each(self.0, |x| x.to_bits() as i32))
    }

    #[inline(always)]
    pub fn to_array(self) -> [f32; LANES] {
        self.0
    }
}

impl Integers {
    #[inline(always)]
    fn zip(mut self, y: Self, f: impl Fn(i32, i32) -> i32) -> Self {
        for i in 0..LANES {
            self.0[i] = f(self.0[i], y.0[i]);
        }
        self
    }

    #[inline(always)]
    pub fn splat(x: i32) -> Self {
        Self([x; LANES])
    }

    #[inline(always)]
    pub fn load(from: &[i32]) -> Self {
        Self(*from.first_chunk().expect("as many numbers"))
    }

    #[inline(always)]
    pub fn sub(self, y: Self) -> Self {
        self.zip(y, i32::wrapping_sub)
    }

    #[inline(always)]
    pub fn add(self, y: Self) -> Self {
        self.zip(y, i32::wrapping_add)
    }

    /// Sixteen signed bytes.
    #[inline(always)]
    pub fn from_signed_bytes(sixteen: &[u8; 16]) -> [Self; SIXTEEN] {
        [Self(each(*sixteen, |x| i32::from(x.cast_signed())))]
    }

    #[inline(always)]
    pub fn max(self, y: Self) -> Self {
        self.zip(y, i32::max)
    }

    #[inline(always)]
    pub fn to_array(self) -> [i32; LANES] {
        self.0
    }

    #[inline(always)]
    pub(super) fn and(self, y: Self) -> Self {
        self.zip(y, |x, y| x & y)
    }

    #[inline(always)]
    pub(super) fn shift_left(self, bits: u32) -> Self {
        Self(each(self.0, |x| x << bits))
    }

    #[inline(always)]
    pub(super) fn as_float(self) -> Floats {
        Floats(each(self.0, |x| f32::from_bits(x as u32)))
    }

    #[inline(always)]
    pub fn to_bytes([sixteen]: [Self; SIXTEEN], to: &mut [u8]) {
        *to.first_chunk_mut().expect("sixteen places") = each(sixteen.0, |x| x as u8);
    }

    #[inline(always)]
    pub fn to_signed_bytes([sixteen]: [Self; SIXTEEN], to: &mut [i8]) {
        *to.first_chunk_mut().expect("sixteen places") = each(sixteen.0, |x| x as i8);
    }
}
