//! The transformer block that both towers are made of (HF `CLIPEncoderLayer`).
//!
//! ```text
//! x ← x + out_proj(attention(layer_norm1(x)))
//! x ← x + fc2(act(fc1(layer_norm2(x))))
//! ```

use candle_core::{D, Result as CandleResult, Tensor};
use candle_nn::{LayerNorm, Module, ops};

use super::linear::Linear;
use crate::Result;
use crate::bundle::Weights;
use crate::bundle::config::Activation;

/// The sizes of a block.
#[derive(Clone, Copy)]
pub struct BlockConfig {
    pub hidden_size: usize,
    pub intermediate_size: usize,
    pub heads: usize,
    pub activation: Activation,
    pub eps: f64,
}

/// One layer of a tower.
pub struct Block {
    layer_norm1: LayerNorm,
    q_proj: Linear,
    k_proj: Linear,
    v_proj: Linear,
    out_proj: Linear,
    layer_norm2: LayerNorm,
    fc1: Linear,
    fc2: Linear,
    config: BlockConfig,
}

impl Block {
    /// Take the layer's tensors; `name` is as `vision_model.encoder.layers.0`.
    pub fn load(weights: &mut Weights, name: &str, config: BlockConfig) -> Result<Self> {
        let (hidden, inner) = (config.hidden_size, config.intermediate_size);
        let mut linear =
            |part: &str, inputs, outputs| Linear::load(weights, &format!("{name}.{part}"), inputs, outputs);
        Ok(Self {
            q_proj: linear("self_attn.q_proj", hidden, hidden)?,
            k_proj: linear("self_attn.k_proj", hidden, hidden)?,
            v_proj: linear("self_attn.v_proj", hidden, hidden)?,
            out_proj: linear("self_attn.out_proj", hidden, hidden)?,
            fc1: linear("mlp.fc1", hidden, inner)?,
            fc2: linear("mlp.fc2", inner, hidden)?,
            layer_norm1: layer_norm(weights, &format!("{name}.layer_norm1"), hidden, config.eps)?,
            layer_norm2: layer_norm(weights, &format!("{name}.layer_norm2"), hidden, config.eps)?,
            config,
        })
    }

    /// `[batch, tokens, hidden]` → the same. `mask` is added to the attention's scores.
    pub fn forward(&self, x: &Tensor, mask: Option<&Tensor>) -> CandleResult<Tensor> {
        let x = (x + self.attention(&self.layer_norm1.forward(x)?, mask)?)?;
        let y = self.fc1.forward(&self.layer_norm2.forward(&x)?)?;
        x + self.fc2.forward(&activate(&y, self.config.activation)?)?
    }

    /// `softmax(q · kᵀ / √d + mask) · v` in every head, then `out_proj`.
    fn attention(&self, x: &Tensor, mask: Option<&Tensor>) -> CandleResult<Tensor> {
        let (batch, tokens, hidden) = x.dims3()?;
        let heads = self.config.heads;
        let width = hidden / heads;
        let split = |y: Tensor| y.reshape((batch, tokens, heads, width))?.transpose(1, 2)?.contiguous();
        let q = split((self.q_proj.forward(x)? * (width as f64).powf(-0.5))?)?;
        let k = split(self.k_proj.forward(x)?)?;
        let v = split(self.v_proj.forward(x)?)?;

        let mut scores = q.matmul(&k.transpose(2, 3)?)?;
        if let Some(mask) = mask {
            scores = scores.broadcast_add(mask)?;
        }
        let mixed = ops::softmax_last_dim(&scores)?.matmul(&v)?;
        self.out_proj.forward(&mixed.transpose(1, 2)?.reshape((batch, tokens, hidden))?)
    }
}

/// Take `{name}.weight` and `{name}.bias` of a layer norm over `width` numbers.
pub fn layer_norm(weights: &mut Weights, name: &str, width: usize, eps: f64) -> Result<LayerNorm> {
    let gain = weights.take(&format!("{name}.weight"), &[width])?;
    let bias = weights.take(&format!("{name}.bias"), &[width])?;
    Ok(LayerNorm::new(gain, bias, eps))
}

fn activate(x: &Tensor, activation: Activation) -> CandleResult<Tensor> {
    match activation {
        // x · σ(1.702 x) (HF `QuickGELUActivation`).
        Activation::QuickGelu => x * ops::sigmoid(&(x * 1.702)?)?,
        Activation::Gelu => x.gelu_erf(),
        Activation::GeluNew => x.gelu(),
    }
}

/// `x / ‖x‖₂` along the last dimension.
pub fn unit(x: &Tensor) -> CandleResult<Tensor> {
    x.broadcast_div(&x.sqr()?.sum_keepdim(D::Minus1)?.sqrt()?)
}
