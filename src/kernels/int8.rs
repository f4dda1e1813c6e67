//! The integer product: weights of 8 bits per output channel, activations of 7 bits per row, exact i32 sums.
//!
//! ```text
//! weights      w[n][k] ≈ sₙ · q[n][k]          q in −127..=127, sₙ = max|w[n]| / 127
//! activations  x[m][k] ≈ lₘ + tₘ · p[m][k]     p in 0..=127, lₘ = min x[m], tₘ = (max x[m] − lₘ) / 127
//! product      Σₖ x w  ≈ sₙ (tₘ Σₖ p q + lₘ Σₖ q)
//! ```
//! Seven bits, because the relaxed dot product of WebAssembly is only the same on every machine when its second operand
//! is within 0..=127. The row's minimum stays in f32, so there is no rounding of a zero point. Dynamic ranges per row
//! and weights per channel: Dettmers et al. 2022, "LLM.int8()", section 2.

mod rows;

pub use rows::Rows;

use super::gemm::{self, End, TILE_COLUMNS, TILE_ROWS};
use super::team::{Shared, for_each};
use super::vector::{F32x4, I32x4, LANES};

/// Largest quantised weight.
const WEIGHT_MAX: f32 = 127.0;
/// Rows are padded to so many numbers: what one step of quantising writes.
const STEP: usize = 16;

/// The integer sums of one tile.
pub type Sums = [[i32; TILE_COLUMNS]; TILE_ROWS];

/// The innermost loop on one instruction set.
pub trait Kernel: Sync {
    /// An activation as the kernel reads it; a group of them is four bytes.
    type Activation: Copy + Default + Send + Sync + Into<i32>;
    /// Numbers along k that one lane multiplies and adds at once.
    const GROUP: usize;

    /// Sixteen numbers within 0..=127 as activations.
    fn narrow(sixteen: [I32x4; 4], to: &mut [Self::Activation]);

    /// `sums[m][n] = Σ a[m][k] · w[k][n]` over `groups` groups along k, for the first `ROWS` rows.
    ///
    /// # Safety
    /// Each of `rows` points to `groups · GROUP` activations and `panel` to `groups · GROUP · 8` weights.
    unsafe fn tile<const ROWS: usize>(
        rows: [*const Self::Activation; ROWS],
        panel: *const i8,
        groups: usize,
        sums: &mut Sums,
    );

    /// Rows of [`Kernel::tile_fitted`].
    const FITTED_ROWS: usize = TILE_ROWS;

    /// Change a panel so that a faster tile can take it, and say what the change leaves out of the sums. `None`: there
    /// is no such tile here, or the panel is not for it; then it is as it was.
    fn fit(_panel: &mut [i8]) -> Option<Vec<Rest>> {
        None
    }

    /// As [`Kernel::tile`], of a panel that was made to fit.
    ///
    /// # Safety
    /// As [`Kernel::tile`], the panel was changed by [`Kernel::fit`], and `groups` is even.
    unsafe fn tile_fitted<const ROWS: usize>(
        rows: [*const Self::Activation; ROWS],
        panel: *const i8,
        groups: usize,
        sums: &mut Sums,
    ) {
        // SAFETY: the caller's promise.
        unsafe { Self::tile(rows, panel, groups, sums) }
    }
}

/// A part of a weight that is not in its panel: `sums[m][column] += a[m][k] · weight`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest {
    pub k: usize,
    pub column: usize,
    pub weight: i32,
}

/// The kernel of this build.
#[cfg(all(target_arch = "wasm32", feature = "relaxed"))]
pub type Native = super::relaxed::Relaxed;
#[cfg(all(target_arch = "wasm32", not(feature = "relaxed")))]
pub type Native = super::simd128::Simd128;
#[cfg(not(target_arch = "wasm32"))]
pub type Native = super::scalar::Scalar;

/// Get ready, once: where an instruction set has two ways to the same sums, choose the faster one by `now`, in
/// milliseconds.
pub fn choose_route(now: fn() -> f64) {
    static CHOSEN: std::sync::Once = std::sync::Once::new();
    CHOSEN.call_once(|| {
        #[cfg(all(target_arch = "wasm32", feature = "relaxed"))]
        super::relaxed::Route::measure(now);
        #[cfg(not(all(target_arch = "wasm32", feature = "relaxed")))]
        let _ = now;
    });
}

/// Weights `[outputs, inputs]` of a dense layer, packed for a kernel: panels of 8 outputs, and in each, group by
/// group along the inputs, the 8 outputs' numbers of the group.
pub struct Weights<K: Kernel = Native> {
    outputs: usize,
    inputs: usize,
    groups: usize,
    panels: Vec<i8>,
    /// For each panel that was made to fit, what that leaves out.
    rests: Vec<Option<Vec<Rest>>>,
    /// sₙ, and sₙ Σ q: one an output, padded to whole panels.
    scales: Vec<f32>,
    sums: Vec<f32>,
    bias: Vec<f32>,
    kernel: std::marker::PhantomData<K>,
}

impl<K: Kernel> Weights<K> {
    /// Pack weights whose row n `row(n, to)` writes: `inputs` numbers. `None`: a number is infinite or NaN.
    pub fn pack(
        outputs: usize,
        inputs: usize,
        bias: Option<&[f32]>,
        row: impl Fn(usize, &mut [f32]) + Sync,
    ) -> Option<Self> {
        let groups = inputs.next_multiple_of(STEP) / K::GROUP;
        let width = groups * K::GROUP;
        let padded = outputs.next_multiple_of(TILE_COLUMNS);
        let mut panels = vec![0i8; padded * width];
        let mut scales = vec![0.0; padded];
        let mut sums = vec![0.0; padded];
        let mut rests = vec![None; padded / TILE_COLUMNS];
        let (out, out_scales, out_sums) =
            (Shared::new(&mut panels), Shared::new(&mut scales), Shared::new(&mut sums));
        let out_rests = Shared::new(&mut rests);
        for_each(padded / TILE_COLUMNS, |panel| {
            // SAFETY: a panel is the part of one call only.
            let (to, scales, sums) = unsafe {
                (
                    out.part(panel * TILE_COLUMNS * width, TILE_COLUMNS * width),
                    out_scales.part(panel * TILE_COLUMNS, TILE_COLUMNS),
                    out_sums.part(panel * TILE_COLUMNS, TILE_COLUMNS),
                )
            };
            let (mut numbers, mut quantised) = (vec![0.0; width], vec![0i8; width]);
            for column in 0..TILE_COLUMNS.min(outputs - panel * TILE_COLUMNS) {
                row(panel * TILE_COLUMNS + column, &mut numbers[..inputs]);
                scales[column] = quantise_weights(&numbers, &mut quantised);
                let sum: i32 = quantised.iter().map(|&q| i32::from(q)).sum();
                sums[column] = scales[column] * sum as f32;
                for (group, numbers) in quantised.chunks_exact(K::GROUP).enumerate() {
                    let at = (group * TILE_COLUMNS + column) * K::GROUP;
                    to[at..at + K::GROUP].copy_from_slice(numbers);
                }
            }
            // SAFETY: a panel is the part of one call only.
            unsafe { out_rests.part(panel, 1)[0] = K::fit(to) };
        });
        let bias = gemm::padded_bias(bias, outputs);
        let finite = scales.iter().chain(&bias).all(|x| x.is_finite());
        finite.then_some(Self {
            outputs,
            inputs,
            groups,
            panels,
            rests,
            scales,
            sums,
            bias,
            kernel: std::marker::PhantomData,
        })
    }

    pub fn outputs(&self) -> usize {
        self.outputs
    }

    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// `out[m][n] = end(Σₖ x[m][k] · w[n][k] + bias[n])`, row-major.
    pub fn product(&self, x: &Rows<K>, end: End, out: &mut [f32]) {
        assert_eq!(x.inputs, self.inputs);
        let width = self.groups * K::GROUP;
        gemm::product(
            x.rows(),
            self.outputs,
            size_of::<K::Activation>() * width,
            |panel| if self.rests[panel].is_some() { K::FITTED_ROWS } else { TILE_ROWS },
            &self.bias,
            end,
            out,
            |row, rows, panel| {
                let weights = &self.panels[panel * TILE_COLUMNS * width..][..TILE_COLUMNS * width];
                let mut sums: Sums = [[0; TILE_COLUMNS]; TILE_ROWS];
                let activations = &x.numbers[row * width..(row + rows) * width];
                let rest = self.rests[panel].as_deref();
                macro_rules! tile {
                    ($rows:literal) => {{
                        let rows: [_; $rows] =
                            std::array::from_fn(|r| activations[r * width..][..width].as_ptr());
                        // SAFETY: the slices above have all of `groups` groups; panels with a rest were made to fit.
                        unsafe {
                            match rest {
                                None => K::tile(rows, weights.as_ptr(), self.groups, &mut sums),
                                Some(_) => K::tile_fitted(rows, weights.as_ptr(), self.groups, &mut sums),
                            }
                        }
                    }};
                }
                match rows {
                    4 => tile!(4),
                    3 => tile!(3),
                    2 => tile!(2),
                    _ => tile!(1),
                }
                for &Rest { k, column, weight } in rest.unwrap_or_default() {
                    for (row, sums) in activations.chunks_exact(width).zip(&mut sums) {
                        sums[column] += row[k].into() * weight;
                    }
                }
                let column = panel * TILE_COLUMNS;
                let scales = [0, 4].map(|at| F32x4::load(&self.scales[column + at..]));
                let offsets = [0, 4].map(|at| F32x4::load(&self.sums[column + at..]));
                std::array::from_fn(|r| {
                    // Rows that the tile has not are not stored.
                    let (step, low) = x.ranges[row + r.min(rows - 1)];
                    let (step, low) = (F32x4::splat(step), F32x4::splat(low));
                    std::array::from_fn(|half| {
                        let sum = F32x4::from_i32(I32x4::load(&sums[r][4 * half..]));
                        sum.mul(step).mul(scales[half]).add(low.mul(offsets[half]))
                    })
                })
            },
        );
    }
}

/// sₙ of a row, whose quantised numbers go into `to`; NaN when one is infinite or NaN.
fn quantise_weights(row: &[f32], to: &mut [i8]) -> f32 {
    let zero = F32x4::splat(0.0);
    // Infinities and NaN times zero are NaN, and stay.
    let (mut largest, mut wrong) = (zero, zero);
    for x in row.chunks_exact(LANES).map(F32x4::load) {
        largest = largest.max(x).max(zero.sub(x));
        wrong = wrong.add(x.mul(zero));
    }
    let scale = largest.greatest() / WEIGHT_MAX + wrong.sum();
    let inverse = F32x4::splat(if scale > 0.0 { 1.0 / scale } else { 0.0 });
    for (x, to) in row.chunks_exact(STEP).zip(to.chunks_exact_mut(STEP)) {
        let four = std::array::from_fn(|i| F32x4::load(&x[LANES * i..]).mul(inverse).round());
        I32x4::to_signed_bytes(four, to);
    }
    scale
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// Numbers between −1 and 1 from a seed (xorshift).
    fn random(seed: u64) -> impl FnMut() -> f32 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / (1 << 23) as f32 - 1.0
        }
    }

    /// The triple loop over random integers at and around every edge of the tiles.
    fn sums_are_the_triple_loops<K: Kernel>(number: fn(i32) -> K::Activation, fitted: bool) {
        let mut wrong = Vec::new();
        for groups in [1, 2, 3, 4, 7, 8, 191, 192, 193] {
            if fitted && groups % 2 == 1 {
                continue; // Rows are padded to whole pairs.
            }
            let mut next = random(groups as u64);
            let width = groups * K::GROUP;
            let plain: Vec<i32> =
                (0..TILE_ROWS * width).map(|_| ((next() + 1.0) * 64.0) as i32).map(|p| p.min(127)).collect();
            // The extremes, where sums in 16 bits would overflow.
            let plain: Vec<i32> =
                plain.iter().enumerate().map(|(i, &p)| if i % 5 < 3 { 127 } else { p }).collect();
            let weights: Vec<i8> = (0..TILE_COLUMNS * width)
                .map(|i| match i % 7 {
                    0..=2 => -127,
                    3 | 4 => 127,
                    _ => (next() * 127.0) as i8,
                })
                .collect();
            let mut weights = weights;
            let mut rests = Vec::new();
            if fitted {
                // Half as large, so that nearly everything fits; now and then at the edge of 258 and beyond.
                weights.iter_mut().for_each(|w| *w /= 2);
                for block in (0..groups / 2).step_by(16) {
                    let [first, second] = if block % 32 == 0 { [65, 64] } else { [66, 127] };
                    let at = 2 * block * K::GROUP * TILE_COLUMNS;
                    weights[at..at + 2].fill(first);
                    weights[at + K::GROUP * TILE_COLUMNS..][..2].fill(second);
                }
                let original = weights.clone();
                rests = K::fit(&mut weights).expect("few weights are too large");
                assert_eq!(rests.is_empty(), groups < 64, "{groups} groups");
                let mut put_back = weights.clone();
                for rest in &rests {
                    let at = (rest.k / K::GROUP * TILE_COLUMNS + rest.column) * K::GROUP + rest.k % K::GROUP;
                    put_back[at] = (i32::from(put_back[at]) + rest.weight) as i8;
                }
                assert!(put_back == original, "the rests are what was taken");
            }
            let activations: Vec<K::Activation> = plain.iter().map(|&p| number(p)).collect();
            let mut expected: Sums = [[0; TILE_COLUMNS]; TILE_ROWS];
            for (m, row) in expected.iter_mut().enumerate() {
                for (n, sum) in row.iter_mut().enumerate() {
                    for k in 0..width {
                        let at = (k / K::GROUP * TILE_COLUMNS + n) * K::GROUP + k % K::GROUP;
                        *sum += plain[m * width + k] * i32::from(weights[at]);
                    }
                    for rest in rests.iter().filter(|rest| rest.column == n) {
                        *sum += plain[m * width + rest.k] * rest.weight;
                    }
                }
            }
            let row = |m: usize| activations[m * width..].as_ptr();
            macro_rules! check {
                ($rows:literal) => {{
                    let mut sums: Sums = [[0; TILE_COLUMNS]; TILE_ROWS];
                    let rows: [_; $rows] = std::array::from_fn(row);
                    // SAFETY: the vectors above have `groups` groups.
                    unsafe {
                        match fitted {
                            false => K::tile(rows, weights.as_ptr(), groups, &mut sums),
                            true => K::tile_fitted(rows, weights.as_ptr(), groups, &mut sums),
                        }
                    }
                    for rest in &rests {
                        for (m, sums) in sums.iter_mut().enumerate() {
                            sums[rest.column] += plain[m * width + rest.k] * rest.weight;
                        }
                    }
                    if sums[..$rows] != expected[..$rows] {
                        wrong.push(format!(
                            "{} rows, {groups} groups: {sums:?} instead of {expected:?}",
                            $rows
                        ));
                    }
                }};
            }
            check!(1);
            check!(2);
            check!(3);
            check!(4);
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn tiles_are_exact_scalar() {
        sums_are_the_triple_loops::<crate::kernels::scalar::Scalar>(|p| p as u8, false);
    }

    #[test]
    #[cfg(target_arch = "wasm32")]
    fn tiles_are_exact_simd128() {
        sums_are_the_triple_loops::<crate::kernels::simd128::Simd128>(|p| p as i16, false);
    }

    #[test]
    #[cfg(target_arch = "wasm32")]
    fn tiles_are_exact_relaxed() {
        use crate::kernels::relaxed::{Relaxed, Route};
        for route in [Route::Dot, Route::MultiplyAdd] {
            Route::choose(route);
            sums_are_the_triple_loops::<Relaxed>(|p| p as u8, false);
        }
        sums_are_the_triple_loops::<Relaxed>(|p| p as u8, true);
    }

    /// Products of random matrices against the formula at the top of the file, in f64 on the same integers.
    fn products_are_the_formula<K: Kernel>() {
        let mut wrong = Vec::new();
        for (rows, inputs, outputs) in [
            (0, 16, 8),
            (1, 1, 1),
            (1, 3, 2),
            (3, 15, 7),
            (4, 16, 8),
            (5, 17, 9),
            (7, 31, 15),
            (8, 32, 16),
            (9, 33, 33),
            (50, 64, 40),
            (13, 768, 24),
            (300, 700, 12),
        ] {
            let mut next = random((rows * 1000 + inputs * 10 + outputs) as u64);
            // Evenly spread, or mostly small with some large, as a trained layer's are.
            let power = if inputs % 2 == 0 { 3 } else { 1 };
            let weights: Vec<f32> = (0..inputs * outputs).map(|_| next().powi(power)).collect();
            let bias: Vec<f32> = (0..outputs).map(|_| next()).collect();
            let x: Vec<f32> = (0..rows * inputs).map(|_| next() * 3.0 + 1.0).collect();
            let residual: Vec<f32> = (0..rows * outputs).map(|_| next()).collect();
            let packed = Weights::<K>::pack(outputs, inputs, Some(&bias), |n, to| {
                to.copy_from_slice(&weights[n * inputs..][..inputs]);
            })
            .unwrap();
            let quantised = Rows::<K>::quantise(&x, inputs, |row, to| to.copy_from_slice(row));
            let mut out = vec![0.0; rows * outputs];
            let end = End { residual: Some(&residual), ..End::default() };
            super::super::team::with_team(|| packed.product(&quantised, end, &mut out));

            for m in 0..rows {
                let row = &x[m * inputs..][..inputs];
                let low = row.iter().copied().fold(f32::INFINITY, f32::min);
                let high = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let step = (high - low) / 127.0;
                for n in 0..outputs {
                    let column = &weights[n * inputs..][..inputs];
                    let scale = column.iter().fold(0f32, |most, w| most.max(w.abs())) / 127.0;
                    let mut sum = 0.0;
                    for (x, w) in row.iter().zip(column) {
                        let p = if high > low {
                            f64::from((x - low) * (127.0 / (high - low))).round_ties_even()
                        } else {
                            0.0
                        };
                        let q = f64::from(w * (1.0 / scale)).round_ties_even();
                        sum += (f64::from(low) + f64::from(step) * p) * f64::from(scale) * q;
                    }
                    let expected = sum + f64::from(bias[n]) + f64::from(residual[m * outputs + n]);
                    let found = f64::from(out[m * outputs + n]);
                    if (found - expected).abs() > 1e-5 * (inputs as f64) {
                        wrong.push(format!(
                            "{rows}×{inputs}×{outputs} at {m},{n}: {found} instead of {expected}"
                        ));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn products_are_the_formula_scalar() {
        products_are_the_formula::<crate::kernels::scalar::Scalar>();
    }

    #[test]
    #[cfg(target_arch = "wasm32")]
    fn products_are_the_formula_simd128() {
        products_are_the_formula::<crate::kernels::simd128::Simd128>();
    }

    #[test]
    #[cfg(target_arch = "wasm32")]
    fn products_are_the_formula_relaxed() {
        use crate::kernels::relaxed::{Relaxed, Route};
        for route in [Route::Dot, Route::MultiplyAdd] {
            Route::choose(route);
            products_are_the_formula::<Relaxed>();
        }
    }

    #[test]
    #[cfg(target_arch = "wasm32")]
    fn some_panels_have_a_rest_and_some_none() {
        use crate::kernels::relaxed::{Relaxed, Route};
        Route::choose(Route::MultiplyAdd);
        let pack = |power| {
            let mut next = random(7);
            let numbers: Vec<f32> = (0..16 * 768).map(|_| next().powi(power)).collect();
            let row = |n: usize, to: &mut [f32]| to.copy_from_slice(&numbers[n * 768..][..768]);
            Weights::<Relaxed>::pack(16, 768, None, row).unwrap().rests
        };
        assert!(pack(3).iter().all(|rest| rest.as_ref().is_some_and(|rest| !rest.is_empty())));
        assert_eq!(pack(1), [None, None]);
    }

    #[test]
    fn weights_that_are_no_numbers_are_refused() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let pack = Weights::<Native>::pack(3, 20, None, |n, to| {
                to.fill(1.0);
                to[17] = if n == 2 { bad } else { 0.0 };
            });
            assert!(pack.is_none(), "{bad}");
        }
    }

    #[test]
    fn nan_anywhere_in_a_row_stays_nan() {
        let packed = Weights::<Native>::pack(8, 16, None, |_, to| to.fill(1.0)).unwrap();
        for (at, bad) in [(0, f32::NAN), (5, f32::NAN), (15, f32::INFINITY)] {
            let mut row = [1.0; 16];
            row[at] = bad;
            let rows = Rows::<Native>::quantise(&row, 16, |row, to| to.copy_from_slice(row));
            let mut out = [0.0; 8];
            packed.product(&rows, End::default(), &mut out);
            assert!(out.iter().all(|x| x.is_nan()), "{at}: {out:?}");
        }
    }

    #[test]
    fn rows_of_one_value_are_exact() {
        let packed = Weights::<Native>::pack(8, 16, None, |_, to| to.fill(1.0)).unwrap();
        for value in [0.0, -2.5, 1e-40] {
            let rows = Rows::<Native>::quantise(&[value; 16], 16, |row, to| to.copy_from_slice(row));
            let mut out = [1.0; 8];
            packed.product(&rows, End::default(), &mut out);
            assert!(
                out.iter().all(|x| (x - 16.0 * value).abs() <= 16.0 * value.abs() * 1e-6),
                "{value}: {out:?}"
            );
        }
    }
}
