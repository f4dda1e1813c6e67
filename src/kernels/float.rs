//! The product in f32: for the exact mode, and for the layers that stay in it.
//!
//! ```text
//! out[m][n] = Σ over runs Σ_k x[start(m) + offset(run) + k] · w[n][run · length + k]
//! ```
//! A row of the left matrix need not lie in one piece: it is `offsets.len()` runs of `length` numbers. A dense layer has
//! one run; a patch of a picture has one for each of its lines in each channel, so patches are never copied out.

#[cfg(not(target_arch = "wasm32"))]
use super::fused;
use super::gemm::{self, End, TILE_COLUMNS, TILE_ROWS};
use super::team::{Shared, for_each};
use super::vector::{Floats, LANES};

/// Rows of a tile: as many as registers hold the sums of where they are most.
const ROWS: usize = if cfg!(target_arch = "wasm32") { 4 } else { 12 };

/// Weights `[outputs, inputs]`, packed: panels of so many outputs as a tile has columns, and in each, input by
/// input, the outputs' numbers.
pub struct Weights {
    outputs: usize,
    inputs: usize,
    panels: Vec<f32>,
    bias: Vec<f32>,
}

/// The rows of a left matrix.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    pub numbers: &'a [f32],
    /// Where each row begins.
    pub starts: &'a [usize],
    /// Where each run begins, counted from there.
    pub offsets: &'a [usize],
    /// Numbers in a run.
    pub length: usize,
}

#[cfg(not(target_arch = "wasm32"))]
impl Rows<'_> {
    /// The rows' numbers, one row after the other.
    fn in_one_run(&self) -> Vec<f32> {
        let width = self.offsets.len() * self.length;
        let mut numbers = vec![0.0; self.starts.len() * width];
        let out = Shared::new(&mut numbers);
        for_each(self.starts.len(), |m| {
            // SAFETY: a row is the part of one call only.
            let row = unsafe { out.part(m * width, width) };
            for (to, offset) in row.chunks_exact_mut(self.length.max(1)).zip(self.offsets) {
                to.copy_from_slice(&self.numbers[self.starts[m] + offset..][..self.length]);
            }
        });
        numbers
    }
}

impl Weights {
    /// Pack weights whose row n `row(n, to)` writes: `inputs` numbers. `None`: a number is infinite or NaN.
    pub fn pack(
        outputs: usize,
        inputs: usize,
        bias: Option<&[f32]>,
        row: impl Fn(usize, &mut [f32]) + Sync,
    ) -> Option<Self> {
        let padded = outputs.next_multiple_of(TILE_COLUMNS);
        let mut panels = vec![0.0; padded * inputs];
        let out = Shared::new(&mut panels);
        for_each(padded / TILE_COLUMNS, |panel| {
            // SAFETY: a panel is the part of one call only.
            let to = unsafe { out.part(panel * TILE_COLUMNS * inputs, TILE_COLUMNS * inputs) };
            let mut numbers = vec![0.0; inputs];
            for column in 0..TILE_COLUMNS.min(outputs - panel * TILE_COLUMNS) {
                row(panel * TILE_COLUMNS + column, &mut numbers);
                for (to, number) in to[column..].iter_mut().step_by(TILE_COLUMNS).zip(&numbers) {
                    *to = *number;
                }
            }
        });
        let bias = gemm::padded_bias(bias, outputs);
        let finite = panels.iter().chain(&bias).all(|x| x.is_finite());
        finite.then_some(Self { outputs, inputs, panels, bias })
    }

    pub fn outputs(&self) -> usize {
        self.outputs
    }

    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// `end(Σ x[m] · w[n] + bias[n])`, row-major.
    pub fn product(&self, x: Rows, end: End) -> Vec<f32> {
        assert_eq!(x.offsets.len() * x.length, self.inputs);
        // Wide registers wait at the ends of short runs; copying the rows takes less.
        #[cfg(not(target_arch = "wasm32"))]
        if x.offsets.len() > 1 {
            let (numbers, starts) = (x.in_one_run(), (0..x.starts.len()).map(|m| m * self.inputs));
            let starts: Vec<usize> = starts.collect();
            let x = Rows { numbers: &numbers, starts: &starts, offsets: &[0], length: self.inputs };
            return self.product(x, end);
        }
        gemm::product(&Product { x, weights: self }, x.starts.len(), self.outputs, &self.bias, end)
    }
}

/// Of rows and weights.
struct Product<'a> {
    x: Rows<'a>,
    weights: &'a Weights,
}

impl gemm::Tiles for Product<'_> {
    type Sums = [[f32; TILE_COLUMNS]; TILE_ROWS];
    const ZEROS: Self::Sums = [[0.0; TILE_COLUMNS]; TILE_ROWS];

    fn row_bytes(&self) -> usize {
        size_of::<f32>() * self.weights.inputs
    }

    fn height(&self, rows: usize, _panel: usize) -> usize {
        gemm::even(rows, ROWS)
    }

    fn hold(&self, _height: usize) -> impl Sized {}

    #[inline(always)]
    fn tile(&self, _height: usize, row: usize, rows: usize, panel: usize, sums: &mut Self::Sums) {
        let size = TILE_COLUMNS * self.weights.inputs;
        let panel = &self.weights.panels[panel * size..][..size];
        tile_f32(self.x, row, rows, panel, sums.as_flattened_mut(), TILE_COLUMNS);
    }

    #[inline(always)]
    fn columns(&self, sums: &Self::Sums, r: usize, _row: usize, _panel: usize) -> [Floats; 2] {
        [Floats::load(&sums[r]), Floats::load(&sums[r][LANES..])]
    }
}

/// `to[r · stride + n] = Σ_k x[row + r][k] · panel[k][n]` for `rows` rows, at most a tile's, and a tile's columns.
#[inline(always)]
pub fn tile_f32(x: Rows, row: usize, rows: usize, panel: &[f32], to: &mut [f32], stride: usize) {
    assert!(stride >= TILE_COLUMNS && to.len() >= (rows - 1) * stride + TILE_COLUMNS);
    assert_eq!(panel.len(), TILE_COLUMNS * x.offsets.len() * x.length);
    #[cfg(target_arch = "wasm32")]
    {
        // Rows that the tile has not repeat the last one; they are not stored.
        let starts: [usize; TILE_ROWS] = std::array::from_fn(|r| x.starts[row + r.min(rows - 1)]);
        let mut acc = [[Floats::ZERO; 2]; TILE_ROWS];
        for (&offset, panel) in x.offsets.iter().zip(panel.chunks_exact(TILE_COLUMNS * x.length)) {
            let runs = starts.map(|start| x.numbers[start + offset..][..x.length].as_ptr());
            // SAFETY: the panel has as many lines as the runs have numbers.
            unsafe { run_f32(runs, panel, &mut acc) };
        }
        for (sums, to) in acc.into_iter().take(rows).zip(to.chunks_mut(stride)) {
            sums[0].store(to);
            sums[1].store(&mut to[LANES..]);
        }
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        assert_eq!(x.offsets.len(), 1, "rows are in one run");
        let mut runs = [std::ptr::null(); TILE_ROWS];
        for r in 0..rows {
            runs[r] = x.numbers[x.starts[row + r] + x.offsets[0]..][..x.length].as_ptr();
        }
        // SAFETY: the panel has as many lines as the runs have numbers, and there is room for as many rows of sums.
        unsafe { fused::run(&runs[..rows], panel, to.as_mut_ptr(), stride) };
    }
}

/// `acc[m][n] += Σ_k rows[m][k] · panel[k][n]`.
///
/// # Safety
/// Each row points to as many numbers as the panel has lines.
#[cfg(target_arch = "wasm32")]
#[inline(never)]
unsafe fn run_f32(rows: [*const f32; TILE_ROWS], panel: &[f32], acc: &mut [[Floats; 2]; TILE_ROWS]) {
    let mut sums = *acc;
    for (k, w) in panel.chunks_exact(TILE_COLUMNS).enumerate() {
        let w = [Floats::load(w), Floats::load(&w[LANES..])];
        for (sums, row) in sums.iter_mut().zip(rows) {
            // SAFETY: k is below the panel's lines, and so, by the caller's promise, within the row.
            let a = Floats::splat(unsafe { *row.add(k) });
            sums[0] = sums[0].add(w[0].mul(a));
            sums[1] = sums[1].add(w[1].mul(a));
        }
    }
    *acc = sums;
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn products_are_the_triple_loop() {
        let mut wrong = Vec::new();
        for (rows, runs, length, outputs) in [
            (0, 1, 4, 8),
            (1, 1, 1, 1),
            (3, 2, 5, 7),
            (4, 3, 4, 8),
            (5, 1, 17, 9),
            (9, 4, 3, 23),
            (50, 1, 64, 40),
        ] {
            let inputs = runs * length;
            let number = |i: usize| ((i * 7919 + 13) % 101) as f32 / 50.0 - 1.0;
            // Rows overlap and runs have gaps between them.
            let (stride, gap) = (length + 1, length + 3);
            let x: Vec<f32> = (0..rows * stride + runs * gap).map(number).collect();
            let starts: Vec<usize> = (0..rows).map(|m| m * stride).collect();
            let offsets: Vec<usize> = (0..runs).map(|run| run * gap).collect();
            let weights: Vec<f32> = (0..inputs * outputs).map(|i| number(i + 5)).collect();
            let bias: Vec<f32> = (0..outputs).map(number).collect();
            let residual: Vec<f32> = (0..rows * outputs).map(|i| number(i + 9)).collect();
            let row = |n: usize, to: &mut [f32]| to.copy_from_slice(&weights[n * inputs..][..inputs]);
            let packed = Weights::pack(outputs, inputs, Some(&bias), row).unwrap();
            let end = End { residual: Some(&residual), ..End::default() };
            let out = packed.product(Rows { numbers: &x, starts: &starts, offsets: &offsets, length }, end);
            for m in 0..rows {
                for n in 0..outputs {
                    let mut expected = f64::from(bias[n] + residual[m * outputs + n]);
                    for k in 0..inputs {
                        let a = x[starts[m] + offsets[k / length] + k % length];
                        expected += f64::from(a) * f64::from(weights[n * inputs + k]);
                    }
                    let found = f64::from(out[m * outputs + n]);
                    if (found - expected).abs() > 1e-4 {
                        wrong.push(format!(
                            "{rows}×{runs}·{length}×{outputs} at {m},{n}: {found}, not {expected}"
                        ));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn weights_that_are_no_numbers_are_refused() {
        for bad in [f32::NAN, f32::INFINITY] {
            assert!(Weights::pack(3, 5, None, |n, to| to.fill(if n == 2 { bad } else { 1.0 })).is_none());
            assert!(Weights::pack(1, 5, Some(&[bad]), |_, to| to.fill(1.0)).is_none());
        }
    }
}
