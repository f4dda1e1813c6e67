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

use super::layers::{Layer, Layers};
use super::linear::{Linear, Part};
use super::op::{Attend, AttendValues};
use super::options::{Compute, Towers};
use crate::Result;
use crate::bundle::config::VisionConfig;
use crate::bundle::{ClipConfig, Weights};
use crate::kernels::attention::Span;
use crate::kernels::gemm::Activation;
use crate::kernels::norm::LayerNorm;

/// The sizes of a tower's blocks.
#[derive(Clone, Copy)]
pub struct BlockConfig {
    tower: &'static str,
    layers: usize,
    hidden_size: usize,
    intermediate_size: usize,
    heads: usize,
    activation: Activation,
    eps: f64,
}

impl BlockConfig {
    pub fn vision(vision: &VisionConfig) -> Self {
        Self {
            tower: "vision_model",
            layers: vision.num_hidden_layers,
            hidden_size: vision.hidden_size,
            intermediate_size: vision.intermediate_size,
            heads: vision.num_attention_heads,
            activation: vision.hidden_act,
            eps: vision.layer_norm_eps,
        }
    }

    pub fn text(config: &ClipConfig) -> Self {
        let text = &config.text_config;
        Self {
            tower: "text_model",
            layers: text.num_hidden_layers,
            hidden_size: text.hidden_size,
            intermediate_size: text.intermediate_size,
            heads: text.num_attention_heads,
            activation: text.hidden_act,
            eps: text.layer_norm_eps,
        }
    }

    /// Of the towers that are wanted.
    pub fn wanted(config: &ClipConfig, towers: Towers) -> Vec<Self> {
        let vision = (towers != Towers::Text).then(|| Self::vision(&config.vision_config));
        let text = (towers != Towers::Vision).then(|| Self::text(config));
        vision.into_iter().chain(text).collect()
    }
}

/// The parts of a layer that have a weight and a bias.
const NORMS: [&str; 2] = ["layer_norm1", "layer_norm2"];
const LINEARS: [&str; 6] =
    ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj", "mlp.fc1", "mlp.fc2"];

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

impl Layer for Block {
    type Config = BlockConfig;

    fn names(config: BlockConfig) -> Vec<String> {
        (0..config.layers).map(|i| format!("{}.encoder.layers.{i}", config.tower)).collect()
    }

    fn parts() -> impl Iterator<Item = &'static str> {
        NORMS.into_iter().chain(LINEARS)
    }

    fn load(weights: &mut Weights, name: &str, config: BlockConfig, compute: Compute) -> Result<Self> {
        let (hidden, inner) = (config.hidden_size, config.intermediate_size);
        let part = |part: &str| format!("{name}.{part}");
        let [norm1, norm2] = NORMS.map(part);
        let [q, k, v, out, fc1, fc2] = LINEARS.map(part);
        let mut layer_norm1 = layer_norm(weights, &norm1, hidden, config.eps)?;
        let mut layer_norm2 = layer_norm(weights, &norm2, hidden, config.eps)?;
        let scale = ((hidden / config.heads) as f32).powf(-0.5);
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
}

/// The layers of CLIP's towers, packed or to be packed.
pub type Blocks = Layers<Block>;

impl Block {
    /// `[rows, hidden]` → the same.
    pub fn forward(&self, x: &Tensor, spans: &[Span]) -> CandleResult<Tensor> {
        self.finish(x, &self.attention(x, spans)?)
    }

    /// As [`Block::forward`], of these rows only; they are what the spans ask for.
    pub fn forward_rows(&self, x: &Tensor, spans: &[Span], rows: &Tensor) -> CandleResult<Tensor> {
        let mixed = self.attention(x, spans)?.index_select(rows, 0)?;
        self.finish(&x.index_select(rows, 0)?, &mixed)
    }

    /// As the attention's part of a row, but where alike values look at each other, instead of queries at keys, without
    /// residual and MLP: `out_proj(softmax(v · vᵀ / √d) · v)`.
    pub fn values(&self, x: &Tensor, spans: &[Span]) -> CandleResult<Tensor> {
        let qkv = self.qkv_proj.forward_norm(x, &self.layer_norm1, None)?;
        self.out_proj.forward(&qkv.apply_op1_no_bwd(&AttendValues { heads: self.config.heads, spans })?)
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
