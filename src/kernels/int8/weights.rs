//! Weights in 8 bits, packed for a kernel, and their product with rows.

use super::rows::Rows;
use crate::kernels::gemm::{self, End, TILE_COLUMNS, TILE_ROWS};
use crate::kernels::native::Native;
use crate::kernels::team::{Shared, for_each};
use crate::kernels::tile::{Kernel, Rest, STEP, Sums, with_rows};
use crate::kernels::vector::{Floats, Integers, LANES, SIXTEEN};

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
            let (mut numbers, mut quantised) = (vec![0.0; width], vec![0i8; TILE_COLUMNS * width]);
            let columns = TILE_COLUMNS.min(outputs - panel * TILE_COLUMNS);
            for (column, quantised) in quantised.chunks_exact_mut(width).enumerate().take(columns) {
                row(panel * TILE_COLUMNS + column, &mut numbers[..inputs]);
                let (scale, sum) = quantise_weights(&numbers, quantised);
                scales[column] = scale;
                sums[column] = scale * sum as f32;
            }
            interleave::<K>(&quantised, to);
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

    /// `end(Σₖ x[m][k] · w[n][k] + bias[n])`, row-major.
    pub fn product(&self, x: &Rows<K>, end: End) -> Vec<f32> {
        assert_eq!(x.inputs, self.inputs);
        gemm::product(&Product { x, weights: self }, x.rows(), self.outputs, &self.bias, end)
    }
}

/// Of rows and weights.
struct Product<'a, K: Kernel> {
    x: &'a Rows<K>,
    weights: &'a Weights<K>,
}

impl<K: Kernel> Product<'_, K> {
    /// Numbers in a row and in a panel's column.
    #[inline(always)]
    fn width(&self) -> usize {
        self.weights.groups * K::GROUP
    }
}

impl<K: Kernel> gemm::Tiles for Product<'_, K> {
    type Sums = Sums;
    const ZEROS: Sums = [[0; TILE_COLUMNS]; TILE_ROWS];

    fn row_bytes(&self) -> usize {
        size_of::<K::Activation>() * self.width()
    }

    fn height(&self, rows: usize, panel: usize) -> usize {
        match self.weights.rests[panel] {
            Some(_) => gemm::even(rows, K::FITTED_ROWS),
            None => K::height(rows, self.weights.groups),
        }
    }

    #[inline(always)]
    fn hold(&self, height: usize) -> impl Sized {
        K::hold(height, self.weights.groups)
    }

    #[inline(always)]
    fn tile(&self, height: usize, row: usize, rows: usize, panel: usize, sums: &mut Sums) {
        let (width, groups) = (self.width(), self.weights.groups);
        let weights = &self.weights.panels[panel * TILE_COLUMNS * width..][..TILE_COLUMNS * width];
        let activations = &self.x.numbers[row * width..(row + rows + K::BEYOND) * width];
        let rest = self.weights.rests[panel].as_deref();
        macro_rules! tile {
            ($rows:literal) => {{
                let rows: [_; $rows] = std::array::from_fn(|r| activations[r * width..][..width].as_ptr());
                // SAFETY: the slices above have all of `groups` groups; panels with a rest were made to fit.
                unsafe {
                    match rest {
                        None => K::tile(rows, weights.as_ptr(), groups, sums),
                        Some(_) => K::tile_fitted(rows, weights.as_ptr(), groups, sums),
                    }
                }
            }};
        }
        // SAFETY: as above; `gemm` holds what there is to hold, and panels that were made to fit have no strips.
        if !unsafe { K::strip(activations.as_ptr(), height, rows, weights.as_ptr(), groups, sums) } {
            with_rows!(rows, tile);
        }
        for &Rest { k, column, weight } in rest.unwrap_or_default() {
            for (row, sums) in activations.chunks_exact(width).zip(sums.iter_mut()) {
                sums[column] += row[k].into() * weight;
            }
        }
    }

    /// `sₙ (tₘ Σₖ p q + lₘ Σₖ q)`.
    #[inline(always)]
    fn columns(&self, sums: &Sums, r: usize, row: usize, panel: usize) -> [Floats; 2] {
        let (step, low) = self.x.ranges[row];
        let mut values = [Floats::splat(0.0); 2];
        for half in 0..2 {
            let at = panel * TILE_COLUMNS + LANES * half;
            let scaled = Floats::from_i32(Integers::load(&sums[r][LANES * half..])).mul(Floats::splat(step));
            let offset = Floats::splat(low).mul(Floats::load(&self.weights.sums[at..]));
            values[half] = scaled.mul(Floats::load(&self.weights.scales[at..])).add(offset);
        }
        values
    }
}

/// Rows in a thread's turn.
const TURN_ROWS: usize = 64;

/// The largest size of a number in each column of a matrix whose row n `row(n, to)` writes: `columns` numbers.
pub fn largest_of_columns(rows: usize, columns: usize, row: impl Fn(usize, &mut [f32]) + Sync) -> Vec<f32> {
    let turns = rows.div_ceil(TURN_ROWS);
    // Each turn's own, and then those of all: a maximum has no order.
    let mut largest = vec![0f32; turns.max(1) * columns];
    let out = Shared::new(&mut largest);
    for_each(turns, |turn| {
        // SAFETY: a turn's part is that of one call only.
        let largest = unsafe { out.part(turn * columns, columns) };
        let mut numbers = vec![0f32; columns];
        for n in turn * TURN_ROWS..rows.min((turn + 1) * TURN_ROWS) {
            row(n, &mut numbers);
            raise(largest, &numbers);
        }
    });
    let (all, others) = largest.split_at_mut(columns);
    others.chunks_exact(columns).for_each(|others| raise(all, others));
    largest.truncate(columns);
    largest
}

/// `most = max(most, |x|)`. Not by `f32::max`: NaN is found when a layer is packed, and this compiles to vectors.
fn raise(most: &mut [f32], x: &[f32]) {
    most.iter_mut().zip(x).for_each(|(most, x)| *most = if x.abs() > *most { x.abs() } else { *most });
}

/// sₙ of a row, whose quantised numbers go into `to`, and their sum; sₙ is NaN or infinite when a number is.
fn quantise_weights(row: &[f32], to: &mut [i8]) -> (f32, i32) {
    let mut largest = Integers::splat(0);
    for x in row.chunks_exact(LANES) {
        largest = largest.max(Floats::load(x).size_bits());
    }
    let largest = largest.to_array().into_iter().fold(0, i32::max);
    let scale = f32::from_bits(largest.cast_unsigned()) / WEIGHT_MAX;
    let inverse = Floats::splat(if scale > 0.0 { 1.0 / scale } else { 0.0 });
    let mut sum = Integers::splat(0);
    for (x, to) in row.chunks_exact(STEP).zip(to.chunks_exact_mut(STEP)) {
        let sixteen: [Integers; SIXTEEN] =
            std::array::from_fn(|i| Floats::load(&x[LANES * i..]).mul(inverse).round());
        sum = sixteen.iter().fold(sum, |sum, numbers| sum.add(*numbers));
        Integers::to_signed_bytes(sixteen, to);
    }
    // Of numbers that are not finite the sum is of no use, and may be anything.
    (scale, sum.to_array().into_iter().fold(0, i32::wrapping_add))
}

/// Columns that lie one after the other, group beside group, as the kernel reads them.
fn interleave<K: Kernel>(columns: &[i8], to: &mut [i8]) {
    let width = columns.len() / TILE_COLUMNS;
    let columns: [&[i8]; TILE_COLUMNS] = std::array::from_fn(|column| &columns[column * width..][..width]);
    for (group, to) in to.chunks_exact_mut(TILE_COLUMNS * K::GROUP).enumerate() {
        for (column, to) in columns.iter().zip(to.chunks_exact_mut(K::GROUP)) {
            to.copy_from_slice(&column[group * K::GROUP..][..K::GROUP]);
        }
    }
}
