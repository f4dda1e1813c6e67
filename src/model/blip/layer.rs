//! A layer of the decoder and of the question encoder (HF `BlipTextLayer`), BERT's with a look at something else in it.
//!
//! ```text
//! x ← norm(x + dense(attention(x)))              over the tokens read before, too: their keys and values are kept
//! x ← norm(x + dense(attention(x → seen)))       of the picture or the question: packed once, looked at by every token
//! x ← norm(x + fc2(act(fc1(x))))
//! ```
//! 1. The three projections of the attention are one product, and 1/√width is in the queries' weights.
//! 2. Rows are tokens in any order, of one text or of several; spans say which rows attend to which.

use candle_core::{Device, Result as CandleResult, Tensor};

use crate::Result;
use crate::bundle::Weights;
use crate::kernels::attention::{Kept, Span, attention};
use crate::kernels::gemm::Activation;
use crate::kernels::norm::LayerNorm;
use crate::kernels::profile::time;
use crate::model::block::layer_norm;
use crate::model::layers::Layer;
use crate::model::linear::{Linear, Part};
use crate::model::op::Normalise;
use crate::model::options::Compute;

/// The sizes of the layers of one stack.
#[derive(Clone, Copy)]
pub struct LayerConfig {
    /// What the names of its tensors begin with.
    pub stack: &'static str,
    pub layers: usize,
    pub hidden: usize,
    pub inner: usize,
    pub heads: usize,
    /// Numbers in a token of what is looked at.
    pub seen: usize,
    pub activation: Activation,
    pub eps: f64,
}

/// The parts of a layer that have a weight and a bias.
const NORMS: [&str; 3] =
    ["attention.output.LayerNorm", "crossattention.output.LayerNorm", "output.LayerNorm"];
const SELF: [&str; 3] = ["attention.self.query", "attention.self.key", "attention.self.value"];
const CROSS: [&str; 3] =
    ["crossattention.self.query", "crossattention.self.key", "crossattention.self.value"];
const DENSE: [&str; 4] =
    ["attention.output.dense", "crossattention.output.dense", "intermediate.dense", "output.dense"];

/// One layer.
pub struct TextLayer {
    qkv: Linear,
    dense: Linear,
    norm: LayerNorm,
    query: Linear,
    /// Keys and values of what is looked at.
    key_value: Linear,
    cross_dense: Linear,
    cross_norm: LayerNorm,
    fc1: Linear,
    fc2: Linear,
    last_norm: LayerNorm,
    config: LayerConfig,
}

impl Layer for TextLayer {
    type Config = LayerConfig;

    fn names(config: LayerConfig) -> Vec<String> {
        (0..config.layers).map(|i| format!("{}.encoder.layer.{i}", config.stack)).collect()
    }

    fn parts() -> impl Iterator<Item = &'static str> {
        NORMS.into_iter().chain(SELF).chain(CROSS).chain(DENSE)
    }

    fn load(weights: &mut Weights, name: &str, config: LayerConfig, compute: Compute) -> Result<Self> {
        let (hidden, inner) = (config.hidden, config.inner);
        let part = |part: &str| format!("{name}.{part}");
        let scale = ((hidden / config.heads) as f32).powf(-0.5);
        let [q, k, v] = SELF.map(part);
        let qkv = [Part { scale, ..Part::new(&q, hidden) }, Part::new(&k, hidden), Part::new(&v, hidden)];
        let [cross_q, cross_k, cross_v] = CROSS.map(part);
        let query = [Part { scale, ..Part::new(&cross_q, hidden) }];
        let key_value = [Part::new(&cross_k, hidden), Part::new(&cross_v, hidden)];
        let [dense, cross_dense, fc1, fc2] = DENSE.map(part);
        let mut linear = |parts: &[Part], inputs: usize| Linear::load(weights, parts, inputs, compute);
        Ok(Self {
            qkv: linear(&qkv, hidden)?,
            dense: linear(&[Part::new(&dense, hidden)], hidden)?,
            query: linear(&query, hidden)?,
            key_value: linear(&key_value, config.seen)?,
            cross_dense: linear(&[Part::new(&cross_dense, hidden)], hidden)?,
            fc1: linear(&[Part::new(&fc1, inner)], hidden)?,
            fc2: linear(&[Part::new(&fc2, hidden)], inner)?,
            norm: layer_norm(weights, &part(NORMS[0]), hidden, config.eps)?,
            cross_norm: layer_norm(weights, &part(NORMS[1]), hidden, config.eps)?,
            last_norm: layer_norm(weights, &part(NORMS[2]), hidden, config.eps)?,
            config,
        })
    }
}

impl TextLayer {
    fn width(&self) -> usize {
        self.config.hidden / self.config.heads
    }

    /// Keys and values of what is looked at, `[tokens, seen]`.
    pub fn keep(&self, seen: &Tensor) -> CandleResult<Kept> {
        let rows = self.key_value.forward(seen)?.flatten_all()?.to_vec1()?;
        Ok(time("keep", 0, || Kept::pack(&rows, self.config.heads, self.width())))
    }

    /// `[rows, hidden]` → the same, of the rows that come after those in `read`, where theirs are added.
    pub fn forward(
        &self,
        x: &Tensor,
        read: &mut Vec<f32>,
        seen: &Kept,
        spans: &[Span],
    ) -> CandleResult<Tensor> {
        let rows: Vec<f32> = self.qkv.forward(x)?.flatten_all()?.to_vec1()?;
        read.extend_from_slice(&rows);
        let shape = x.shape();
        let mut mixed = vec![0.0; shape.elem_count()];
        time("attention", 0, || attention(read, self.config.heads, self.width(), spans, &mut mixed));
        let mixed = Tensor::from_vec(mixed, shape, &Device::Cpu)?;
        let x = self.dense.forward_residual(&mixed, x)?.apply_op1_no_bwd(&Normalise(&self.norm))?;

        let queries: Vec<f32> = self.query.forward(&x)?.flatten_all()?.to_vec1()?;
        let mut mixed = vec![0.0; queries.len()];
        time("cross-attention", 0, || seen.answer(&queries, &mut mixed));
        let mixed = Tensor::from_vec(mixed, shape, &Device::Cpu)?;
        let x =
            self.cross_dense.forward_residual(&mixed, &x)?.apply_op1_no_bwd(&Normalise(&self.cross_norm))?;

        let y = self.fc1.forward_activated(&x, self.config.activation)?;
        self.fc2.forward_residual(&y, &x)?.apply_op1_no_bwd(&Normalise(&self.last_norm))
    }
}
