//! The transformer block that both towers are made of (HF `CLIPEncoderLayer`).
//!
//! ```text
//! x ← x + out_proj(attention(layer_norm1(x)))
//! x ← x + fc2(act(fc1(layer_norm2(x))))
//! ```
//! 1. The three projections of the attention are one product, and 1/√width is in the queries' weights.
//! 2. Sequences lie one after the other in the rows of x; spans say which rows attend to which.
//! 3. In the last block only the rows that become embeddings are finished ([`Block::forward_rows`]).

use candle_core::{D, Result as CandleResult, Tensor};

use super::Compute;
use super::linear::{Linear, Part};
use super::op::Attend;
use crate::Result;
use crate::bundle::Weights;
use crate::kernels::attention::Span;
use crate::kernels::gemm::Activation;
use crate::kernels::norm::LayerNorm;

/// The sizes of a tower's blocks.
#[derive(Clone, Copy)]
pub struct BlockConfig {
    pub layers: usize,
    pub hidden_size: usize,
    pub intermediate_size: usize,
    pub heads: usize,
    pub activation: Activation,
    pub eps: f64,
}

/// One layer of a tower.
pub struct Block {
    layer_norm1: LayerNorm,
    qkv_proj: Linear,
    out_proj: Linear,
    layer_norm2: LayerNorm,
    fc1: Linear,
    fc2: Linear,
    config: BlockConfig,
}

impl Block {
    /// Take a tower's layers; `tower` is as `vision_model`.
    pub fn load_all(weights: &mut Weights, tower: &str, config: BlockConfig, compute: Compute) -> Result<Vec<Self>> {
        (0..config.layers)
            .map(|i| Self::load(weights, &format!("{tower}.encoder.layers.{i}"), config, compute))
            .collect()
    }

    fn load(weights: &mut Weights, name: &str, config: BlockConfig, compute: Compute) -> Result<Self> {
        let (hidden, inner) = (config.hidden_size, config.intermediate_size);
        let part = |part: &str| format!("{name}.{part}");
        let mut layer_norm1 = layer_norm(weights, &part("layer_norm1"), hidden, config.eps)?;
        let mut layer_norm2 = layer_norm(weights, &part("layer_norm2"), hidden, config.eps)?;
        let scale = ((hidden / config.heads) as f32).powf(-0.5);
        let [q, k, v, out, fc1, fc2] =
            ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj", "mlp.fc1", "mlp.fc2"]
                .map(part);
        let qkv = [Part { scale, ..Part::new(&q, hidden) }, Part::new(&k, hidden), Part::new(&v, hidden)];
        Ok(Self {
            qkv_proj: Linear::load_after_norm(&mut layer_norm1, weights, &qkv, compute)?,
            out_proj: Linear::load(weights, &[Part::new(&out, hidden)], hidden, compute)?,
            fc1: Linear::load_after_norm(&mut layer_norm2, weights, &[Part::new(&fc1, inner)], compute)?,
            fc2: Linear::load(weights, &[Part::new(&fc2, hidden)], inner, compute)?,
            layer_norm1,
            layer_norm2,
            config,
        })
    }

    /// `[rows, hidden]` → the same.
    pub fn forward(&self, x: &Tensor, spans: &[Span]) -> CandleResult<Tensor> {
        self.finish(x, &self.attention(x, spans)?)
    }

    /// As [`Block::forward`], of these rows only; they are what the spans ask for.
    pub fn forward_rows(&self, x: &Tensor, spans: &[Span], rows: &Tensor) -> CandleResult<Tensor> {
        let mixed = self.attention(x, spans)?.index_select(rows, 0)?;
        self.finish(&x.index_select(rows, 0)?, &mixed)
    }

    /// `softmax(q · kᵀ / √d) · v` in every head.
    fn attention(&self, x: &Tensor, spans: &[Span]) -> CandleResult<Tensor> {
        let qkv = self.qkv_proj.forward_norm(x, &self.layer_norm1, None)?;
        qkv.apply_op1_no_bwd(&Attend { heads: self.config.heads, spans })
    }

    /// What comes after the heads.
    fn finish(&self, x: &Tensor, mixed: &Tensor) -> CandleResult<Tensor> {
        let x = self.out_proj.forward_residual(mixed, x)?;
        let y = self.fc1.forward_norm(&x, &self.layer_norm2, Some(self.config.activation))?;
        self.fc2.forward_residual(&y, &x)
    }
}

/// Take `{name}.weight` and `{name}.bias` of a layer norm over `width` numbers.
pub fn layer_norm(weights: &mut Weights, name: &str, width: usize, eps: f64) -> Result<LayerNorm> {
    Ok(LayerNorm {
        gain: weights.take_vector(&format!("{name}.weight"), width)?,
        bias: weights.take_vector(&format!("{name}.bias"), width)?,
        eps: eps as f32,
    })
}

/// `x / ‖x‖₂` along the last dimension.
pub fn unit(x: &Tensor) -> CandleResult<Tensor> {
    x.broadcast_div(&x.sqr()?.sum_keepdim(D::Minus1)?.sqrt()?)
}
