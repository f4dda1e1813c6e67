//! From the decoder's vectors to logits over the vocabulary (HF `BlipTextLMPredictionHead`).

use candle_core::{Result as CandleResult, Tensor};

use super::config::TextConfig;
use super::text::DECODER;
use crate::Result;
use crate::bundle::Weights;
use crate::kernels::gemm::Activation;
use crate::kernels::norm::LayerNorm;
use crate::model::block::layer_norm;
use crate::model::linear::{Linear, Part};
use crate::model::op::Normalise;
use crate::model::options::Compute;

const HEAD: &str = "text_decoder.cls.predictions";

/// `logits = norm(act(x · W + b)) · Eᵀ + c`.
pub struct Head {
    dense: Linear,
    norm: LayerNorm,
    decoder: Linear,
    activation: Activation,
}

impl Head {
    /// Take the head's tensors. Most files have its matrix once, as the decoder's table of tokens, and its bias under
    /// one of two names or under both.
    ///
    /// Errors: one is missing or misshapen, or has infinite numbers or NaN.
    pub fn load(weights: &mut Weights, config: &TextConfig, compute: Compute) -> Result<Self> {
        let (hidden, decoder) = (config.hidden_size, format!("{HEAD}.decoder"));
        let (matrix, table) =
            (format!("{decoder}.weight"), format!("{DECODER}.embeddings.word_embeddings.weight"));
        match (weights.has(&matrix), weights.has(&table)) {
            (false, true) => weights.share(&table, &matrix)?,
            (true, false) => weights.share(&matrix, &table)?,
            _ => {}
        }
        let (bias, other) = (format!("{decoder}.bias"), format!("{HEAD}.bias"));
        if !weights.has(&bias) {
            weights.share(&other, &bias)?;
        }
        weights.discard(&other);
        let dense = format!("{HEAD}.transform.dense");
        Ok(Self {
            dense: Linear::load(weights, &[Part::new(&dense, hidden)], hidden, compute)?,
            norm: layer_norm(weights, &format!("{HEAD}.transform.LayerNorm"), hidden, config.layer_norm_eps)?,
            decoder: Linear::load(weights, &[Part::new(&decoder, config.vocab_size)], hidden, compute)?,
            activation: config.hidden_act,
        })
    }

    /// `[rows, hidden]` → `[rows, vocabulary]`.
    pub fn forward(&self, x: &Tensor) -> CandleResult<Tensor> {
        let x = self.dense.forward_activated(x, self.activation)?;
        self.decoder.forward(&x.apply_op1_no_bwd(&Normalise(&self.norm))?)
    }
}
