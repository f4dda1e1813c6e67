//! Layer norm: `(x − mean) / √(variance + ε) · gain + bias` over each row (Ba et al. 2016).

use super::isa::wide;
use super::team::{Shared, for_each};
use super::vector::{Floats, LANES};

/// Rows that a thread takes in one turn.
const TURN_ROWS: usize = 8;

/// Gain, bias and ε of a layer norm.
pub struct LayerNorm {
    pub gain: Vec<f32>,
    pub bias: Vec<f32>,
    pub eps: f32,
}

impl LayerNorm {
    /// Each row of `x`, normalised, into `out`.
    pub fn apply(&self, x: &[f32], out: &mut [f32]) {
        let width = self.gain.len();
        let rows = x.len() / width;
        let out = Shared::new(out);
        for_each(rows.div_ceil(TURN_ROWS), |turn| {
            for row in turn * TURN_ROWS..rows.min((turn + 1) * TURN_ROWS) {
                // SAFETY: a row is the part of one call only.
                let to = unsafe { out.part(row * width, width) };
                wide(
                    #[inline(always)]
                    || self.row(&x[row * width..][..width], to),
                );
            }
        });
    }

    /// Divide the outputs by `factors`, one a column.
    pub fn divide(&mut self, factors: &[f32]) {
        for ((gain, bias), factor) in self.gain.iter_mut().zip(&mut self.bias).zip(factors) {
            *gain /= factor;
            *bias /= factor;
        }
    }

    /// One row, normalised.
    #[inline(always)]
    pub fn row(&self, x: &[f32], to: &mut [f32]) {
        let width = x.len() as f32;
        let mean = sum(x, |x| x) / width;
        let centre = Floats::splat(mean);
        let variance = sum(x, |x| x.sub(centre).mul(x.sub(centre))) / width;
        let scale = 1.0 / (variance + self.eps).sqrt();
        let factor = Floats::splat(scale);
        let whole = x.len() / LANES * LANES;
        for i in 0..whole / LANES {
            let i = i * LANES;
            let value = Floats::load(&x[i..]).sub(centre).mul(factor);
            value.mul(Floats::load(&self.gain[i..])).add(Floats::load(&self.bias[i..])).store(&mut to[i..]);
        }
        for i in whole..x.len() {
            to[i] = (x[i] - mean) * scale * self.gain[i] + self.bias[i];
        }
    }
}

/// `Σ f(x)`, in two vectors of partial sums.
#[inline(always)]
fn sum(x: &[f32], f: impl Fn(Floats) -> Floats) -> f32 {
    let mut sums = [Floats::splat(0.0); 2];
    let pairs = x.len() / (2 * LANES);
    for i in 0..pairs {
        let pair = &x[2 * LANES * i..];
        sums[0] = sums[0].add(f(Floats::load(pair)));
        sums[1] = sums[1].add(f(Floats::load(&pair[LANES..])));
    }
    let rest = &x[2 * LANES * pairs..];
    let rest: f32 = rest.iter().map(|&x| f(Floats::splat(x)).to_array()[0]).sum();
    sums[0].add(sums[1]).sum() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn it_is_candles_layer_norm() {
        use candle_core::{Device, Tensor};
        for width in [1, 3, 4, 7, 8, 9, 16, 50, 768] {
            let number = |i: usize| ((i * 7919 + 13) % 101) as f32 / 10.0 - 3.0;
            let rows = 11;
            let x: Vec<f32> = (0..rows * width).map(number).collect();
            let norm = LayerNorm {
                gain: (0..width).map(|i| number(i + 3)).collect(),
                bias: (0..width).map(|i| number(i + 5)).collect(),
                eps: 1e-5,
            };
            let mut out = vec![0.0; x.len()];
            norm.apply(&x, &mut out);
            let tensor =
                |numbers: &[f32], shape: &[usize]| Tensor::from_slice(numbers, shape, &Device::Cpu).unwrap();
            let theirs = candle_nn::ops::layer_norm_slow(
                &tensor(&x, &[rows, width]),
                &tensor(&norm.gain, &[width]),
                &tensor(&norm.bias, &[width]),
                norm.eps,
            );
            let theirs: Vec<f32> = theirs.unwrap().flatten_all().unwrap().to_vec1().unwrap();
            let worst = out.iter().zip(&theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst < 3e-5, "{width}: {worst}");
        }
    }
}
