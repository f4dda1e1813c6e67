//! What every matrix product here shares: `out = f(a · wᵀ + bias) (+ residual)`.
//!
//! ```text
//! for each block of rows that stays in the second-level cache        (shared among threads)
//!   for each panel of 8 output columns                               (shared among threads)
//!     for each tile of 4 rows
//!       acc[4][8] = Σ_k a[4][k] · w[k][8]          the kernel's part, in registers
//!       out[4][8] = end(acc)                        scale, bias, activation, residual
//! ```
//! So it is in the browser. Elsewhere registers are wider and more, and tiles are up to 32 rows by 32 columns; instruction sets
//! that have registers for less take fewer rows, or go through a tile in parts.
//!
//! Goto & van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication", without the blocking of k: a panel
//! of all of k (6 kB for int8 and k = 768) stays in the first-level cache while the rows pass by.

use std::mem::MaybeUninit;

use serde::Deserialize;

use super::isa::wide;
use super::team::{Shared, for_each};
use super::vector::{Floats, LANES};

/// Most rows of a tile.
pub const TILE_ROWS: usize = if cfg!(target_arch = "wasm32") { 4 } else { 32 };
/// Columns of a tile, and outputs in a panel of packed weights: two vectors.
pub const TILE_COLUMNS: usize = 2 * LANES;

/// Bytes of a block of rows: a part of the second-level cache, which is 256 kB or more everywhere. Outside the browser a tile
/// does more with what it reads, and reading all weights again for the next block costs more than rows from further away.
const BLOCK_BYTES: usize = if cfg!(target_arch = "wasm32") { 192 << 10 } else { 1 << 20 };
/// Panels in a thread's turn: few, so that the last turn is short.
const TURN_PANELS: usize = if cfg!(target_arch = "wasm32") { 4 } else { 1 };

/// The activation between the two layers of each MLP, by its name in `config.json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Activation {
    /// `x · σ(1.702 x)`, OpenAI's models.
    #[serde(rename = "quick_gelu")]
    QuickGelu,
    /// `x · Φ(x)` with the error function, LAION's models.
    #[serde(rename = "gelu")]
    Gelu,
    /// `x / 2 · (1 + tanh(√(2/π) (x + 0.044715 x³)))`.
    #[serde(rename = "gelu_new", alias = "gelu_pytorch_tanh")]
    GeluNew,
}

impl Activation {
    #[inline(always)]
    fn apply(self, x: Floats) -> Floats {
        let scaled = |c: f32| x.mul(Floats::splat(c));
        match self {
            Self::QuickGelu => x.times_sigmoid(1.702),
            Self::Gelu => {
                let half = scaled(0.5);
                half.add(half.mul(scaled(std::f32::consts::FRAC_1_SQRT_2).erf()))
            }
            // (1 + tanh u) / 2 = σ(2 u).
            Self::GeluNew => {
                let u = x.add(x.mul(x).mul(scaled(0.044_715)));
                let e = u.mul(Floats::splat(-2.0 * 0.797_884_6)).exp();
                x.div(Floats::splat(1.0).add(e))
            }
        }
    }
}

/// What is done to a product before it is stored.
#[derive(Clone, Copy, Default)]
pub struct End<'a> {
    pub activation: Option<Activation>,
    /// Added last; as many numbers as the output.
    pub residual: Option<&'a [f32]>,
}

/// A bias of `outputs` numbers, or none, as whole panels.
pub fn padded_bias(bias: Option<&[f32]>, outputs: usize) -> Vec<f32> {
    let mut padded = bias.map_or_else(Vec::new, <[f32]>::to_vec);
    padded.resize(outputs.next_multiple_of(TILE_COLUMNS), 0.0);
    padded
}

/// The tiles that a product is made of.
pub trait Tiles: Sync {
    /// A tile as it leaves the kernel.
    type Sums;
    const ZEROS: Self::Sums;

    /// Bytes of one row of the left matrix.
    fn row_bytes(&self) -> usize;

    /// Rows of each tile of a panel, at most [`TILE_ROWS`], where `rows` of them are gone through.
    fn height(&self, rows: usize, panel: usize) -> usize;

    /// What a thread holds for as long as it computes tiles of this height.
    fn hold(&self, height: usize) -> impl Sized;

    /// The tile of `rows` rows from this one on, as many as `height` or fewer.
    fn tile(&self, height: usize, row: usize, rows: usize, panel: usize, sums: &mut Self::Sums);

    /// The columns of row `row`, which is the tile's row `r`.
    fn columns(&self, sums: &Self::Sums, r: usize, row: usize, panel: usize) -> [Floats; 2];
}

/// The product, `rows × columns` numbers, row-major.
pub fn product<T: Tiles>(tiles: &T, rows: usize, columns: usize, bias: &[f32], end: End) -> Vec<f32> {
    let panels = columns.div_ceil(TILE_COLUMNS);
    assert_eq!(bias.len(), panels * TILE_COLUMNS);
    assert!(end.residual.is_none_or(|residual| residual.len() == rows * columns));
    let block = (BLOCK_BYTES / tiles.row_bytes().max(1)).max(TILE_ROWS).next_multiple_of(TILE_ROWS);
    let blocks = rows.div_ceil(block);
    let turns = panels.div_ceil(TURN_PANELS);
    // Not zeros first: for a batch that is as long as a tenth of the product.
    let mut numbers = Vec::with_capacity(rows * columns);
    let out = Shared::new(&mut numbers.spare_capacity_mut()[..rows * columns]);
    for_each(blocks * turns, |i| {
        let (first, turn) = (i / turns * block, i % turns * TURN_PANELS);
        let mut sums = T::ZEROS;
        for panel in turn..panels.min(turn + TURN_PANELS) {
            let column = panel * TILE_COLUMNS;
            let width = TILE_COLUMNS.min(columns - column);
            let bias = [0, LANES].map(|at| Floats::load(&bias[column + at..]));
            let end_row = rows.min(first + block);
            let height = tiles.height(end_row - first, panel);
            let _held = tiles.hold(height);
            for row in (first..end_row).step_by(height) {
                let rows = height.min(end_row - row);
                // SAFETY: no other (row, panel) has these columns of this row.
                let out = |r| unsafe { out.part((row + r) * columns + column, width) };
                let residual = |r| end.residual.map(|all| &all[(row + r) * columns + column..][..width]);
                for r in 0..rows {
                    soon(out(r));
                    residual(r).into_iter().for_each(soon);
                }
                tiles.tile(height, row, rows, panel, &mut sums);
                wide(
                    #[inline(always)]
                    || {
                        for r in 0..rows {
                            let values = tiles.columns(&sums, r, row + r, panel);
                            store(values, bias, end.activation, residual(r), out(r));
                        }
                    },
                );
            }
        }
    });
    // SAFETY: the tiles' rows and columns are all that there are, and were stored.
    unsafe { numbers.set_len(rows * columns) };
    numbers
}

/// These numbers will be wanted once a tile is done: lines that lie apart, which nothing else foresees.
#[inline(always)]
fn soon<T>(numbers: &[T]) {
    #[cfg(target_arch = "x86_64")]
    for line in numbers.chunks(16) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: every x86-64 has it; nothing is read that the program sees.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = numbers;
}

/// The height of tiles of at most `most` rows, so that all are about as high.
pub fn even(rows: usize, most: usize) -> usize {
    rows.div_ceil(rows.div_ceil(most).max(1)).max(1)
}

/// Finish a tile's columns of one row.
#[inline(always)]
fn store(
    values: [Floats; 2],
    bias: [Floats; 2],
    activation: Option<Activation>,
    residual: Option<&[f32]>,
    out: &mut [MaybeUninit<f32>],
) {
    for half in 0..2 {
        let mut value = values[half].add(bias[half]);
        if let Some(activation) = activation {
            value = activation.apply(value);
        }
        let at = LANES * half;
        if out.len() >= at + LANES {
            if let Some(residual) = residual {
                value = value.add(Floats::load(&residual[at..]));
            }
            value.write(&mut out[at..]);
        } else {
            for (i, value) in value.to_array().into_iter().enumerate().take(out.len().saturating_sub(at)) {
                out[at + i].write(value + residual.map_or(0.0, |residual| residual[at + i]));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn activations_are_their_formulas() {
        for i in -80..=80 {
            let x = i as f32 / 8.0;
            let exact = f64::from(x);
            let tanh = (0.797_884_560_802_865_4 * (exact + 0.044_715 * exact.powi(3))).tanh();
            for (activation, expected) in [
                (Activation::QuickGelu, exact / (1.0 + (-1.702 * exact).exp())),
                (Activation::GeluNew, 0.5 * exact * (1.0 + tanh)),
            ] {
                let found = f64::from(activation.apply(Floats::splat(x)).to_array()[1]);
                assert!((found - expected).abs() < 2e-6, "{activation:?}({x}) = {found}, {expected}");
            }
        }
        // x · Φ(x), from tables of the normal distribution.
        for (x, expected) in [(0.0, 0.0), (1.0, 0.841_344_7), (-1.0, -0.158_655_25), (2.0, 1.954_499_7)] {
            let found = Activation::Gelu.apply(Floats::splat(x)).to_array()[0];
            assert!((found - expected).abs() < 1e-6, "{x}: {found}");
        }
    }
}
