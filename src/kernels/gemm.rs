//! What every matrix product here shares: `out = f(a · wᵀ + bias) (+ residual)`.
//!
//! ```text
//! for each block of rows that stays in the second-level cache        (shared among threads)
//!   for each panel of 8 output columns                               (shared among threads)
//!     for each tile of 4 rows
//!       acc[4][8] = Σ_k a[4][k] · w[k][8]          the kernel's part, in registers
//!       out[4][8] = end(acc)                        scale, bias, activation, residual
//! ```
//! So it is in the browser. Elsewhere registers are wider and more, and tiles are up to 12 rows by 32 columns; instruction sets
//! that have registers for less go through a tile in parts.
//!
//! Goto & van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication", without the blocking of k: a panel
//! of all of k (6 kB for int8 and k = 768) stays in the first-level cache while the rows pass by.

use serde::Deserialize;

use super::isa::wide;
use super::team::{Shared, for_each};
use super::vector::{Floats, LANES};

/// Most rows of a tile.
pub const TILE_ROWS: usize = if cfg!(target_arch = "wasm32") { 4 } else { 12 };
/// Columns of a tile, and outputs in a panel of packed weights: two vectors.
pub const TILE_COLUMNS: usize = 2 * LANES;

/// Bytes of a block of rows: a part of the second-level cache, which is 256 kB or more everywhere. Outside the browser a tile
/// does more with what it reads, and reading all weights again for the next block costs more than rows from further away.
const BLOCK_BYTES: usize = if cfg!(target_arch = "wasm32") { 192 << 10 } else { 1 << 20 };
/// Panels in a thread's turn: few, so that the last turn is short.
const TURN_PANELS: usize = if cfg!(target_arch = "wasm32") { 4 } else { 1 };

/// One tile of results, as they leave the kernel.
pub type Tile = [[Floats; 2]; TILE_ROWS];

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

/// `out[rows × columns]` of a product whose tiles `tile(first row, rows, panel, to)` computes, at most `height(panel)` rows
/// each: rows that the tile has not are not stored, and columns beyond the last neither.
#[allow(clippy::too_many_arguments, reason = "the sizes of one product")]
pub fn product(
    rows: usize,
    columns: usize,
    row_bytes: usize,
    height: impl Fn(usize) -> usize + Sync,
    bias: &[f32],
    end: End,
    out: &mut [f32],
    tile: impl Fn(usize, usize, usize, &mut Tile) + Sync,
) {
    assert_eq!(out.len(), rows * columns);
    let panels = columns.div_ceil(TILE_COLUMNS);
    assert_eq!(bias.len(), panels * TILE_COLUMNS);
    assert!(end.residual.is_none_or(|residual| residual.len() == out.len()));
    let block = (BLOCK_BYTES / row_bytes.max(1)).max(TILE_ROWS).next_multiple_of(TILE_ROWS);
    let blocks = rows.div_ceil(block);
    let turns = panels.div_ceil(TURN_PANELS);
    let out = Shared::new(out);
    for_each(blocks * turns, |i| {
        let (first, turn) = (i / turns * block, i % turns * TURN_PANELS);
        let mut values: Tile = [[Floats::splat(0.0); 2]; TILE_ROWS];
        for panel in turn..panels.min(turn + TURN_PANELS) {
            let column = panel * TILE_COLUMNS;
            let width = TILE_COLUMNS.min(columns - column);
            let bias = [0, LANES].map(|at| Floats::load(&bias[column + at..]));
            let end_row = rows.min(first + block);
            let step = even(end_row - first, height(panel));
            for row in (first..end_row).step_by(step) {
                let height = step.min(end_row - row);
                tile(row, height, panel, &mut values);
                wide(
                    #[inline(always)]
                    || {
                        for r in 0..height {
                            let at = (row + r) * columns + column;
                            // SAFETY: no other (row, panel) has these columns of this row.
                            let out = unsafe { out.part(at, width) };
                            let residual = end.residual.map(|residual| &residual[at..at + width]);
                            store(values[r], bias, end.activation, residual, out);
                        }
                    },
                );
            }
        }
    });
}

/// The height of tiles of at most `most` rows, so that all are about as high.
fn even(rows: usize, most: usize) -> usize {
    rows.div_ceil(rows.div_ceil(most).max(1)).max(1)
}

/// Finish a tile's columns of one row.
#[inline(always)]
fn store(
    values: [Floats; 2],
    bias: [Floats; 2],
    activation: Option<Activation>,
    residual: Option<&[f32]>,
    out: &mut [f32],
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
            value.store(&mut out[at..]);
        } else {
            for (i, value) in value.to_array().into_iter().enumerate().take(out.len().saturating_sub(at)) {
                out[at + i] = value + residual.map_or(0.0, |residual| residual[at + i]);
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
