//! `y = x · Wᵀ + b`, the layer that nearly all the work is in: a candle op over the packed products of `kernels`.

use candle_core::{CpuStorage, CustomOp1, CustomOp2, Layout, Result as CandleResult, Shape, Tensor};

use super::op::slice;
use super::options::Compute;
use crate::bundle::Weights;
use crate::bundle::stored::Matrix;
use crate::kernels::gemm::{Activation, End};
use crate::kernels::norm::LayerNorm;
use crate::kernels::profile::time;
use crate::kernels::{float, int8};
use crate::{Error, Result};

/// What the integer products are counted as.
pub const PRODUCT: &str = "gemm int8";

/// A dense layer with the checkpoint's `[out, in]` weight, packed.
pub struct Linear(Packed);

enum Packed {
    F32(float::Weights),
    Int8(int8::Weights),
}

/// One tensor of the checkpoint: `outputs` rows of a layer.
pub struct Part<'a> {
    /// `{name}.weight` and `{name}.bias`.
    pub name: &'a str,
    pub outputs: usize,
    pub bias: bool,
    /// Multiplies the outputs.
    pub scale: f32,
}

impl<'a> Part<'a> {
    pub fn new(name: &'a str, outputs: usize) -> Self {
        Self { name, outputs, bias: true, scale: 1.0 }
    }

    pub fn without_bias(name: &'a str, outputs: usize) -> Self {
        Self { bias: false, ..Self::new(name, outputs) }
    }
}

impl Linear {
    /// Take the tensors of one layer, or of several that have the same input and become one.
    ///
    /// Errors: a tensor is missing or misshapen, or has infinite numbers or NaN.
    pub fn load(weights: &mut Weights, parts: &[Part], inputs: usize, compute: Compute) -> Result<Self> {
        Self::load_after(None, weights, parts, inputs, compute)
    }

    /// As [`Linear::load`], of a layer whose input is `norm`'s output and nobody else's: before 8 bits, channels that
    /// are far larger than others are made smaller in the norm and larger in the weights ([`smoothing`]).
    pub fn load_after_norm(
        norm: &mut LayerNorm,
        weights: &mut Weights,
        parts: &[Part],
        compute: Compute,
    ) -> Result<Self> {
        let inputs = norm.gain.len();
        Self::load_after(Some(norm), weights, parts, inputs, compute)
    }

    fn load_after(
        norm: Option<&mut LayerNorm>,
        weights: &mut Weights,
        parts: &[Part],
        inputs: usize,
        compute: Compute,
    ) -> Result<Self> {
        let mut matrices = Vec::new();
        let mut bias = Vec::new();
        for part in parts {
            let weight = weights.take_matrix(&format!("{}.weight", part.name), &[part.outputs, inputs])?;
            matrices.push((weight, part.scale));
            if part.bias {
                let vector = weights.take_vector(&format!("{}.bias", part.name), part.outputs)?;
                bias.extend(vector.iter().map(|b| b * part.scale));
            }
        }
        let mut factors = None;
        if let (Some(norm), Compute::Int8) = (norm, compute) {
            let found = time("smooth", 0, || smoothing(norm, &matrices));
            norm.divide(&found);
            factors = Some(found);
        }
        let packed = time("pack", 0, || Self::pack(&matrices, factors.as_deref(), &bias, compute));
        packed.ok_or_else(|| {
            Error::not_finite(&parts.iter().map(|part| part.name).collect::<Vec<_>>().join(", "))
        })
    }

    /// The rows of all matrices, times their scales, and each column times its factor. `None`: a number is infinite
    /// or NaN.
    fn pack(
        parts: &[(Matrix, f32)],
        factors: Option<&[f32]>,
        bias: &[f32],
        compute: Compute,
    ) -> Option<Self> {
        let inputs = parts.first()?.0.columns();
        let outputs = parts.iter().map(|(part, _)| part.rows()).sum();
        let row = |n: usize, to: &mut [f32]| {
            read_row(parts, n, to);
            if let Some(factors) = factors {
                to.iter_mut().zip(factors).for_each(|(w, factor)| *w *= factor);
            }
        };
        let bias = (!bias.is_empty()).then_some(bias);
        Some(Self(match compute {
            Compute::F32 => Packed::F32(float::Weights::pack(outputs, inputs, bias, row)?),
            Compute::Int8 => Packed::Int8(int8::Weights::pack(outputs, inputs, bias, row)?),
        }))
    }

    /// `[rows, in]` → `[rows, out]`.
    pub fn forward(&self, x: &Tensor) -> CandleResult<Tensor> {
        x.apply_op1_no_bwd(&Call { linear: self, norm: None, activation: None })
    }

    /// As [`Linear::forward`], of the layer norm of `x`, and with an activation at the end.
    pub fn forward_norm(
        &self,
        x: &Tensor,
        norm: &LayerNorm,
        activation: Option<Activation>,
    ) -> CandleResult<Tensor> {
        x.apply_op1_no_bwd(&Call { linear: self, norm: Some(norm), activation })
    }

    /// As [`Linear::forward`], with an activation at the end.
    pub fn forward_activated(&self, x: &Tensor, activation: Activation) -> CandleResult<Tensor> {
        x.apply_op1_no_bwd(&Call { linear: self, norm: None, activation: Some(activation) })
    }

    /// As [`Linear::forward`], added to `residual`.
    pub fn forward_residual(&self, x: &Tensor, residual: &Tensor) -> CandleResult<Tensor> {
        x.apply_op2_no_bwd(residual, &Call { linear: self, norm: None, activation: None })
    }

    fn inputs(&self) -> usize {
        match &self.0 {
            Packed::F32(weights) => weights.inputs(),
            Packed::Int8(weights) => weights.inputs(),
        }
    }

    fn outputs(&self) -> usize {
        match &self.0 {
            Packed::F32(weights) => weights.outputs(),
            Packed::Int8(weights) => weights.outputs(),
        }
    }
}

/// What each channel between a layer norm and a layer is divided by: `√(a / w)`, as SmoothQuant (Xiao et al. 2022)
/// with α = ½, where w is the channel's largest weight and a, the size of its activations, is what the norm itself
/// says, `3 |gain| + |bias|`: three standard deviations. In models with outlier channels that is as good as measuring
/// activations, and in others it changes nothing.
fn smoothing(norm: &LayerNorm, parts: &[(Matrix, f32)]) -> Vec<f32> {
    let rows = parts.iter().map(|(part, _)| part.rows()).sum();
    let largest = int8::largest_of_columns(rows, norm.gain.len(), |n, to| read_row(parts, n, to));
    let activations = norm.gain.iter().zip(&norm.bias).map(|(gain, bias)| 3.0 * gain.abs() + bias.abs());
    let factors = activations.zip(largest).map(|(a, w)| (a / w).sqrt());
    factors.map(|factor| if factor.is_normal() { factor } else { 1.0 }).collect()
}

/// Row n of all matrices, one after the other, times their scales.
fn read_row(parts: &[(Matrix, f32)], mut n: usize, to: &mut [f32]) {
    for (part, scale) in parts {
        if n < part.rows() {
            return part.read_row(n, *scale, to);
        }
        n -= part.rows();
    }
}

/// One use of a layer, with what is fused into it.
struct Call<'a> {
    linear: &'a Linear,
    norm: Option<&'a LayerNorm>,
    activation: Option<Activation>,
}

impl Call<'_> {
    fn run(&self, x: &[f32], residual: Option<&[f32]>) -> CandleResult<(CpuStorage, Shape)> {
        let (inputs, outputs) = (self.linear.inputs(), self.linear.outputs());
        let rows = x.len() / inputs;
        let end = End { activation: self.activation, residual };
        let operations = 2 * rows * inputs * outputs;
        let out = match &self.linear.0 {
            Packed::Int8(weights) => {
                let quantised = time("quantise", 0, || {
                    int8::Rows::quantise(
                        x,
                        inputs,
                        // Compiled for the instructions of the loop that it is called in.
                        #[inline(always)]
                        |row, to| match self.norm {
                            Some(norm) => norm.row(row, to),
                            None => to.copy_from_slice(row),
                        },
                    )
                });
                time(PRODUCT, operations, || weights.product(&quantised, end))
            }
            Packed::F32(weights) => {
                let mut normal = Vec::new();
                if let Some(norm) = self.norm {
                    normal.resize(x.len(), 0.0);
                    time("layer norm", 0, || norm.apply(x, &mut normal));
                }
                let numbers = if self.norm.is_some() { &normal } else { x };
                let starts: Vec<usize> = (0..rows).map(|row| row * inputs).collect();
                let x = float::Rows { numbers, starts: &starts, offsets: &[0], length: inputs };
                time("gemm f32", operations, || weights.product(x, end))
            }
        };
        Ok((CpuStorage::F32(out), (rows, outputs).into()))
    }
}

impl CustomOp1 for Call<'_> {
    fn name(&self) -> &'static str {
        "linear"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> CandleResult<(CpuStorage, Shape)> {
        self.run(slice(storage, layout)?, None)
    }
}

impl CustomOp2 for Call<'_> {
    fn name(&self) -> &'static str {
        "linear"
    }

    fn cpu_fwd(
        &self,
        storage: &CpuStorage,
        layout: &Layout,
        residual: &CpuStorage,
        residual_layout: &Layout,
    ) -> CandleResult<(CpuStorage, Shape)> {
        self.run(slice(storage, layout)?, Some(slice(residual, residual_layout)?))
    }
}
