//! Weights in 8 bits, packed for a kernel, and their product with rows.

use super::rows::Rows;
use crate::kernels::gemm::{self, End, TILE_COLUMNS, TILE_ROWS};
use crate::kernels::native::Native;
use crate::kernels::team::{Shared, for_each};
use crate::kernels::tile::{Kernel, Rest, STEP, Sums};
use crate::kernels::vector::{F32x4, I32x4, LANES};

/// Largest quantised weight.
const WEIGHT_MAX: f32 = 127.0;

/// Weights `[outputs, inputs]` of a dense layer, packed for a kernel: panels of 8 outputs, and in each, group by
/// group along the inputs, the 8 outputs' numbers of the group.
pub struct Weights<K: Kernel = Native> {
    outputs: usize,
    inputs: usize,
    groups: usize,
    panels: Vec<i8>,
    /// For each panel that was made to fit, what that leaves out.
    pub(super) rests: Vec<Option<Vec<Rest>>>,
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
