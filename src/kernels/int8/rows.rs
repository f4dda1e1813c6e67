//! Activations in 7 bits, each row over its own range.

use crate::kernels::isa::wide;
use crate::kernels::native::Native;
use crate::kernels::team::{Shared, for_each};
use crate::kernels::tile::{Kernel, STEP};
use crate::kernels::vector::{Floats, Integers, LANES, SIXTEEN, turn};

/// Largest quantised activation.
const ACTIVATION_MAX: f32 = 127.0;
/// Rows that a thread quantises in one turn.
const TURN_ROWS: usize = 4;

/// Activations in 7 bits, row by row.
pub struct Rows<K: Kernel = Native> {
    pub(super) inputs: usize,
    /// Padded to whole steps, and with the rows that tiles may read and don't use.
    pub(super) numbers: Vec<K::Activation>,
    /// (tₘ, lₘ) of each row.
    pub(super) ranges: Vec<(f32, f32)>,
}

impl<K: Kernel> Rows<K> {
    /// Quantise `x[rows, inputs]`, each row first changed by `change(row, to)`, which writes `inputs` numbers.
    pub fn quantise(x: &[f32], inputs: usize, change: impl Fn(&[f32], &mut [f32]) + Sync) -> Self {
        let rows = x.len() / inputs;
        let width = inputs.next_multiple_of(STEP);
        let mut numbers = vec![K::Activation::default(); (rows + K::BEYOND) * width];
        let mut ranges = vec![(0.0, 0.0); rows];
        let (out, out_ranges) = (Shared::new(&mut numbers), Shared::new(&mut ranges));
        for_each(rows.div_ceil(TURN_ROWS), |turn| {
            let mut changed = vec![0.0; width];
            for row in turn * TURN_ROWS..rows.min((turn + 1) * TURN_ROWS) {
                // SAFETY: a row is the part of one call only.
                let (to, range) = unsafe { (out.part(row * width, width), out_ranges.part(row, 1)) };
                wide(
                    #[inline(always)]
                    || {
                        change(&x[row * inputs..][..inputs], &mut changed[..inputs]);
                        range[0] = quantise_row::<K>(&mut changed, inputs, to);
                    },
                );
            }
        });
        Self { inputs, numbers, ranges }
    }

    pub(super) fn rows(&self) -> usize {
        self.ranges.len()
    }
}

/// (tₘ, lₘ) of a row, whose quantised numbers go into `to`. What stands beyond `inputs` is padding; its weights are 0.
#[inline(always)]
fn quantise_row<K: Kernel>(row: &mut [f32], inputs: usize, to: &mut [K::Activation]) -> (f32, f32) {
    let last = row[inputs - 1];
    row[inputs..].fill(last);
    let mut low = Floats::load(row);
    let mut high = low;
    // Infinities and NaN times zero are NaN, and stay.
    let mut wrong = Floats::splat(0.0);
    for i in 0..row.len() / LANES {
        let x = Floats::load(&row[i * LANES..]);
        low = low.min(x);
        high = high.max(x);
        wrong = wrong.add(x.mul(Floats::splat(0.0)));
    }
    let (low, high) = (low.least(), high.greatest());
    let range = high - low + wrong.sum();
    let inverse = ACTIVATION_MAX / range;
    if !inverse.is_normal() {
        // All the same, or too close for f32, or not numbers, and then the range says so.
        to.fill(K::Activation::default());
        return (range / ACTIVATION_MAX, low);
    }
    let inverse = Floats::splat(inverse);
    let from = Floats::splat(low);
    for step in 0..row.len() / STEP {
        let step = turn(step);
        let mut sixteen = [Integers::splat(0); SIXTEEN];
        for i in 0..SIXTEEN {
            let x = Floats::load(&row[STEP * step + LANES * i..]);
            sixteen[i] = x.sub(from).mul(inverse).round();
        }
        K::narrow(sixteen, &mut to[STEP * step..]);
    }
    (range / ACTIVATION_MAX, low)
}
