//! A stack of text layers on embeddings (HF `BlipTextModel`): the decoder's body, and the question encoder.

use candle_core::{Device, Result as CandleResult, Tensor};

use super::config::BlipConfig;
use super::layer::{LayerConfig, TextLayer};
use crate::Result;
use crate::bundle::Weights;
use crate::bundle::stored::Rows;
use crate::kernels::attention::{Kept, Span};
use crate::kernels::norm::LayerNorm;
use crate::model::block::layer_norm;
use crate::model::generator::{Pass, State};
use crate::model::layers::Layers;
use crate::model::op::Normalise;
use crate::model::options::Compute;

/// What the names of the decoder's and of the question encoder's tensors begin with.
pub const DECODER: &str = "text_decoder.bert";
pub const ENCODER: &str = "text_encoder";

/// The sizes of a stack's layers.
pub fn layers(config: &BlipConfig, stack: &'static str) -> LayerConfig {
    let text = &config.text;
    LayerConfig {
        stack,
        layers: text.num_hidden_layers,
        hidden: text.hidden_size,
        inner: text.intermediate_size,
        heads: text.num_attention_heads,
        seen: config.vision.hidden_size,
        activation: text.hidden_act,
        eps: text.layer_norm_eps,
    }
}

/// Tokens and what they are about → one vector a token.
pub struct TextModel {
    word_embeddings: Rows,
    position_embeddings: Tensor,
    norm: LayerNorm,
    layers: Vec<TextLayer>,
}

impl TextModel {
    /// Take the stack's tensors. Tokens' vectors are looked up in the file's encoding.
    ///
    /// Errors: one is missing or misshapen, or has infinite numbers or NaN.
    pub fn load(
        weights: &mut Weights,
        packed: &mut Layers<TextLayer>,
        config: &BlipConfig,
        stack: &'static str,
        compute: Compute,
    ) -> Result<Self> {
        let text = &config.text;
        let (hidden, name) = (text.hidden_size, |part: &str| format!("{stack}.embeddings.{part}"));
        let words = weights.take_rows(&name("word_embeddings.weight"), &[text.vocab_size, hidden])?;
        let positions =
            weights.take(&name("position_embeddings.weight"), &[text.max_position_embeddings, hidden])?;
        Ok(Self {
            word_embeddings: words,
            position_embeddings: positions,
            norm: layer_norm(weights, &name("LayerNorm"), hidden, text.layer_norm_eps)?,
            layers: packed.take(weights, layers(config, stack), compute)?,
        })
    }

    /// What each layer keeps of `[tokens, width]`, which the text is about.
    pub fn keep(&self, seen: &Tensor) -> CandleResult<Vec<Kept>> {
        self.layers.iter().map(|layer| layer.keep(seen)).collect()
    }

    /// Tokens that go on from what was read → `[tokens, hidden]`.
    pub fn read(&self, state: &mut State, pass: &Pass) -> CandleResult<Tensor> {
        let mut x = self.embed(&pass.ids, &pass.positions)?;
        for (layer, (read, seen)) in self.layers.iter().zip(state.read.iter_mut().zip(&state.seen)) {
            x = layer.forward(&x, read, seen, &pass.spans)?;
        }
        Ok(x)
    }

    /// A whole text, of which every token sees all others, about `seen` → `[tokens, hidden]`.
    pub fn encode(&self, ids: &[u32], seen: &Tensor) -> CandleResult<Tensor> {
        let positions: Vec<u32> = (0..ids.len() as u32).collect();
        let all = [Span { keys: (0..ids.len()).collect(), queries: 0..ids.len(), causal: false }];
        let mut x = self.embed(ids, &positions)?;
        for layer in &self.layers {
            x = layer.forward(&x, &mut Vec::new(), &layer.keep(seen)?, &all)?;
        }
        Ok(x)
    }

    fn embed(&self, ids: &[u32], positions: &[u32]) -> CandleResult<Tensor> {
        let numbers = |numbers: &[u32]| Tensor::new(numbers, &Device::Cpu);
        let words = self.word_embeddings.lookup(&numbers(ids)?)?;
        let sum = (words + self.position_embeddings.index_select(&numbers(positions)?, 0)?)?;
        sum.apply_op1_no_bwd(&Normalise(&self.norm))
    }
}
