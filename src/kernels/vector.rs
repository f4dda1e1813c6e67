//! Several f32 at a time: WebAssembly's `v128` in the browser; elsewhere an array of sixteen, which the compiler makes one,
//! two or four registers of, as the function that it stands in is compiled for (`isa::wide`).
//!
//! Every operation is IEEE's own, one rounding each and never fused, so kernels written on it give the same bits on
//! every machine. The transcendental functions are polynomials over those operations, for the same reason.

#![allow(clippy::should_implement_trait, reason = "chains of methods stand in the order of the operations")]

#[cfg(target_arch = "wasm32")]
use std::arch::wasm32::*;
use std::mem::MaybeUninit;

/// Numbers in a vector.
pub const LANES: usize = if cfg!(target_arch = "wasm32") { 4 } else { 16 };

/// Vectors that hold sixteen numbers.
pub const SIXTEEN: usize = 16 / LANES;

/// `1.5 · 2²³`: added to a number below 2²² it leaves the nearest integer (ties to even) in the low mantissa bits.
const MAGIC: f32 = 12_582_912.0;

/// Of [`Floats::exp2`], highest degree first.
const POLYNOMIAL: [f32; 6] = [0.0013276472, 0.009675542, 0.05550713, 0.2402212, 0.69314694, 1.0000001];

#[cfg(target_arch = "wasm32")]
#[derive(Clone, Copy)]
pub struct Floats(v128);

#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone, Copy)]
#[repr(align(64))]
pub struct Floats([f32; LANES]);

/// As many i32.
#[cfg(target_arch = "wasm32")]
#[derive(Clone, Copy)]
pub struct Integers(v128);

#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone, Copy)]
#[repr(align(64))]
pub struct Integers([i32; LANES]);

#[cfg(target_arch = "wasm32")]
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
    fn bits(self) -> Integers {
        Integers(self.0)
    }

    #[inline(always)]
    pub fn to_array(self) -> [f32; 4] {
        let mut out = [0.0; 4];
        self.store(&mut out);
        out
    }
}

#[cfg(target_arch = "wasm32")]
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
    fn and(self, y: Self) -> Self {
        Self(v128_and(self.0, y.0))
    }

    #[inline(always)]
    fn shift_left(self, bits: u32) -> Self {
        Self(i32x4_shl(self.0, bits))
    }

    /// The bits, as floats.
    #[inline(always)]
    fn as_float(self) -> Floats {
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

/// `f` of each, where the compiler sees it. `array::map` and `array::from_fn` have functions of their own, which are compiled
/// without the caller's instructions and not always taken into it.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
fn each<A: Copy, B: Copy + Default>(from: [A; LANES], f: impl Fn(A) -> B) -> [B; LANES] {
    let mut to = [B::default(); LANES];
    for i in 0..LANES {
        to[i] = f(from[i]);
    }
    to
}

/// The same numbers, for places where nothing was before.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
fn each_uninit(from: [f32; LANES]) -> [MaybeUninit<f32>; LANES] {
    let mut to = [MaybeUninit::uninit(); LANES];
    for i in 0..LANES {
        to[i].write(from[i]);
    }
    to
}

#[cfg(not(target_arch = "wasm32"))]
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
    fn bits(self) -> Integers {
        Integers(each(self.0, |x| x.to_bits() as i32))
    }

    #[inline(always)]
    pub fn to_array(self) -> [f32; LANES] {
        self.0
    }
}

#[cfg(not(target_arch = "wasm32"))]
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
    fn and(self, y: Self) -> Self {
        self.zip(y, |x, y| x & y)
    }

    #[inline(always)]
    fn shift_left(self, bits: u32) -> Self {
        Self(each(self.0, |x| x << bits))
    }

    #[inline(always)]
    fn as_float(self) -> Floats {
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

/// The same number, of which the compiler knows nothing outside the browser: in a loop over vectors it would take several turns
/// at once, lane by lane.
#[inline(always)]
pub fn turn(i: usize) -> usize {
    if cfg!(target_arch = "wasm32") { i } else { std::hint::black_box(i) }
}

impl Floats {
    /// The nearest integers, ties to even, of numbers below 2²².
    #[inline(always)]
    pub fn round(self) -> Integers {
        self.add(Self::splat(MAGIC)).bits().sub(Integers::splat(MAGIC.to_bits() as i32))
    }

    /// The bits of `|x|`, which as integers have the order of the sizes; infinities and then NaN come last.
    #[inline(always)]
    pub fn size_bits(self) -> Integers {
        self.bits().and(Integers::splat(i32::MAX))
    }

    /// The sum of all lanes.
    #[inline(always)]
    pub fn sum(self) -> f32 {
        self.halve(|a, b| a + b)
    }

    /// The smallest of all lanes.
    #[inline(always)]
    pub fn least(self) -> f32 {
        self.halve(f32::min)
    }

    /// The largest of all lanes.
    #[inline(always)]
    pub fn greatest(self) -> f32 {
        self.halve(f32::max)
    }

    /// `f` of both halves, of both halves of that, and so on until four are left, and then of neighbours.
    #[inline(always)]
    fn halve(self, f: impl Fn(f32, f32) -> f32) -> f32 {
        let mut lanes = self.to_array();
        // Else the compiler has the order of this in mind in the loop before it, and shuffles lanes there.
        #[cfg(not(target_arch = "wasm32"))]
        {
            lanes = std::hint::black_box(lanes);
        }
        let mut count = LANES;
        while count > 4 {
            count /= 2;
            for i in 0..count {
                lanes[i] = f(lanes[i], lanes[i + count]);
            }
        }
        f(f(lanes[0], lanes[1]), f(lanes[2], lanes[3]))
    }

    /// `2ˣ`, within 3e-7 of itself; arguments are held within −126..=127, where f32 ends.
    ///
    /// `x = n + r`, `|r| ≤ ½`, `2ˣ = 2ⁿ · p(r)`, where p is the polynomial of degree 5 that comes closest to 2ʳ there
    /// (largest relative error 7.5e-8, and 2.3e-7 with its sums in f32).
    #[inline(always)]
    pub fn exp2(self) -> Self {
        let x = self.max(Self::splat(-126.0)).min(Self::splat(127.0));
        let shifted = x.add(Self::splat(MAGIC));
        let r = x.sub(shifted.sub(Self::splat(MAGIC)));
        let mut p = Self::splat(POLYNOMIAL[0]);
        for c in &POLYNOMIAL[1..] {
            p = p.mul(r).add(Self::splat(*c));
        }
        // `shifted` has n in its low bits; added to the exponent it multiplies by 2ⁿ.
        p.bits().add(shifted.bits().shift_left(23)).as_float()
    }

    /// `eˣ`.
    #[inline(always)]
    pub fn exp(self) -> Self {
        self.mul(Self::splat(std::f32::consts::LOG2_E)).exp2()
    }

    /// `x / (1 + e^(−s x))`: x times the logistic function of s x.
    #[inline(always)]
    pub fn times_sigmoid(self, s: f32) -> Self {
        let e = self.mul(Self::splat(-s * std::f32::consts::LOG2_E)).exp2();
        self.div(Self::splat(1.0).add(e))
    }

    /// The error function to within 2e-7: Abramowitz & Stegun, formula 7.1.26.
    #[inline(always)]
    pub fn erf(self) -> Self {
        let one = Self::splat(1.0);
        let size = self.max(Self::splat(0.0).sub(self));
        let t = one.div(one.add(size.mul(Self::splat(0.327_591_1))));
        let mut p = Self::splat(1.061_405_4);
        for c in [-1.453_152, 1.421_413_7, -0.284_496_74, 0.254_829_6] {
            p = p.mul(t).add(Self::splat(c));
        }
        let tail = p.mul(t).mul(Self::splat(0.0).sub(size.mul(size)).exp());
        // The sign of x on 1 − tail.
        let positive = one.sub(tail);
        let sign = self.div(size.max(Self::splat(f32::MIN_POSITIVE)));
        positive.mul(sign)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn exp_and_erf_are_close_to_the_exact_ones() {
        // erf at points, from Abramowitz & Stegun, table 7.1.
        for (x, expected) in
            [(0.0, 0.0), (0.5, 0.520_499_9), (1.0, 0.842_700_8), (2.0, 0.995_322_3), (-1.0, -0.842_700_8)]
        {
            let found = Floats::splat(x).erf().to_array()[0];
            assert!((found - expected).abs() < 4e-7, "erf({x}) = {found}");
        }
        let (mut worst, mut near) = (0f64, 0f64);
        for i in -8700..=8700 {
            let x = i as f32 / 100.0;
            let found = f64::from(Floats::splat(x).exp().to_array()[2]);
            let error = (found / f64::from(x).exp() - 1.0).abs();
            worst = worst.max(error);
            if x.abs() < 16.0 {
                near = near.max(error);
            }
        }
        // At the ends the product with log₂ e is rounded in steps of 2⁻¹⁷: 5e-6 of e⁸⁸. Within ±16 it is 1e-6.
        assert!(worst < 6e-6 && near < 1.2e-6, "{worst} {near}");
        assert!(Floats::splat(-1e30).exp().to_array()[0] < 1e-37);
    }

    #[test]
    fn rounding_is_to_the_nearest_even() {
        for (x, expected) in
            [(0.5, 0), (1.5, 2), (2.5, 2), (-0.5, 0), (-1.5, -2), (126.6, 127), (1e6, 1_000_000)]
        {
            let mut out = [0.0; LANES];
            Floats::from_i32(Floats::splat(x).round()).store(&mut out);
            assert_eq!(out[3], expected as f32, "{x}");
        }
    }
}
