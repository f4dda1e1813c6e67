//! `y = x · Wᵀ + b`, the layer that nearly all the work is in.

use candle_core::{Result as CandleResult, Tensor};

use crate::bundle::Weights;
use crate::{Error, Result};

/// A dense layer with the checkpoint's `[out, in]` weight.
pub struct Linear {
    /// `[in, out]`, a view of the checkpoint's tensor.
    weight: Tensor,
    bias: Option<Tensor>,
}

impl Linear {
    /// Take `{name}.weight` and `{name}.bias`.
    pub fn load(weights: &mut Weights, name: &str, inputs: usize, outputs: usize) -> Result<Self> {
        let weight = weights.take(&format!("{name}.weight"), &[outputs, inputs])?;
        let bias = weights.take(&format!("{name}.bias"), &[outputs])?;
        Ok(Self { weight: weight.t()?, bias: Some(bias) })
    }

    /// Take `{name}.weight` of a layer without bias.
    pub fn load_without_bias(
        weights: &mut Weights,
        name: &str,
        inputs: usize,
        outputs: usize,
    ) -> Result<Self> {
        let weight = weights.take(&format!("{name}.weight"), &[outputs, inputs])?;
        Self::from_weight(&weight)
    }

    /// A layer without bias from an `[out, in]` weight.
    pub fn from_weight(weight: &Tensor) -> Result<Self> {
        Ok(Self { weight: weight.t().map_err(Error::from)?, bias: None })
    }

    /// `[…, in]` → `[…, out]`.
    pub fn forward(&self, x: &Tensor) -> CandleResult<Tensor> {
        let mut dims = x.dims().to_vec();
        let inputs = dims.pop().unwrap_or(0);
        let rows: usize = dims.iter().product();
        let y = x.reshape((rows, inputs))?.matmul(&self.weight)?;
        let y = match &self.bias {
            Some(bias) => y.broadcast_add(bias)?,
            None => y,
        };
        dims.push(y.dim(1)?);
        y.reshape(dims)
    }
}
