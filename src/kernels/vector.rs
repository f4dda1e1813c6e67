//! Several f32 at a time: WebAssembly's `v128` in the browser; elsewhere an array of sixteen, which the compiler makes one,
//! two or four registers of, as the function that it stands in is compiled for (`isa::wide`).
//!
//! Every operation is IEEE's own, one rounding each and never fused, so kernels written on it give the same bits on
//! every machine. The transcendental functions are polynomials over those operations, for the same reason.

#[cfg(not(target_arch = "wasm32"))]
mod array;
#[cfg(target_arch = "wasm32")]
mod v128;

#[cfg(not(target_arch = "wasm32"))]
pub use array::{Floats, Integers, LANES, SIXTEEN};
#[cfg(target_arch = "wasm32")]
pub use v128::{Floats, Integers, LANES, SIXTEEN};

/// `1.5 · 2²³`: added to a number below 2²² it leaves the nearest integer (ties to even) in the low mantissa bits.
const MAGIC: f32 = 12_582_912.0;

/// Of [`Floats::exp2`], highest degree first.
const POLYNOMIAL: [f32; 6] = [0.0013276472, 0.009675542, 0.05550713, 0.2402212, 0.69314694, 1.0000001];

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
