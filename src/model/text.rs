//! The text tower (HF `CLIPTextTransformer` and `text_projection`).

use candle_core::{Device, Tensor};
use candle_nn::{LayerNorm, Module};

use super::block::{Block, BlockConfig, layer_norm, unit};
use super::linear::Linear;
use crate::Result;
use crate::bundle::config::TextConfig;
use crate::bundle::{ClipConfig, Weights};

/// The `eos_token_id` of configurations from before HF knew the real one.
const LEGACY_EOS: u32 = 2;

/// Token ids → unit vector.
pub struct TextTower {
    token_embedding: Tensor,
    position_embedding: Tensor,
    layers: Vec<Block>,
    final_layer_norm: LayerNorm,
    projection: Linear,
    config: TextConfig,
}

impl TextTower {
    /// Take the tower's tensors.
    ///
    /// Errors: one is missing or misshapen.
    pub fn load(weights: &mut Weights, clip: &ClipConfig) -> Result<Self> {
        let config = clip.text_config.clone();
        let (hidden, eps) = (config.hidden_size, config.layer_norm_eps);
        let block = BlockConfig {
            hidden_size: hidden,
            intermediate_size: config.intermediate_size,
            heads: config.num_attention_heads,
            activation: config.hidden_act,
            eps,
        };
        Ok(Self {
            token_embedding: weights
                .take("text_model.embeddings.token_embedding.weight", &[config.vocab_size, hidden])?,
            position_embedding: weights.take(
                "text_model.embeddings.position_embedding.weight",
                &[config.max_position_embeddings, hidden],
            )?,
            layers: (0..config.num_hidden_layers)
                .map(|i| Block::load(weights, &format!("text_model.encoder.layers.{i}"), block))
                .collect::<Result<_>>()?,
            final_layer_norm: layer_norm(weights, "text_model.final_layer_norm", hidden, eps)?,
            projection: Linear::load_without_bias(weights, "text_projection", hidden, clip.projection_dim)?,
            config,
        })
    }

    /// Texts of one length → `[batch, embedding]` unit vectors. They are never padded: under the causal mask
    /// padding changes nothing and costs most of the time.
    pub fn forward(&self, texts: &[&[u32]]) -> candle_core::Result<Tensor> {
        let (batch, tokens) = (texts.len(), texts.first().map_or(0, |ids| ids.len()));
        let ids = Tensor::from_vec(texts.concat(), (batch, tokens), &Device::Cpu)?;
        let x = self
            .token_embedding
            .index_select(&ids.flatten_all()?, 0)?
            .reshape((batch, tokens, self.config.hidden_size))?
            .broadcast_add(&self.position_embedding.narrow(0, 0, tokens)?)?;

        let mask = causal_mask(tokens)?;
        let mut x = x;
        for layer in &self.layers {
            x = layer.forward(&x, Some(&mask))?;
        }
        let ends: Vec<u32> = texts
            .iter()
            .enumerate()
            .map(|(i, ids)| (i * tokens + end_position(ids, self.config.eos_token_id)) as u32)
            .collect();
        let ends = Tensor::from_vec(ends, batch, &Device::Cpu)?;
        let pooled = x.flatten(0, 1)?.index_select(&ends, 0)?;
        unit(&self.projection.forward(&self.final_layer_norm.forward(&pooled)?)?)
    }
}

/// Where the end token stands, as HF's `CLIPTextTransformer` looks for it: the highest id in legacy
/// configurations, else the first end token (and, as there, position 0 if there is none).
fn end_position(ids: &[u32], eos: u32) -> usize {
    let target = match eos {
        LEGACY_EOS => ids.iter().copied().max().unwrap_or(0),
        eos => eos,
    };
    ids.iter().position(|&id| id == target).unwrap_or(0)
}

/// `[tokens, tokens]`: −∞ above the diagonal, so that a token sees itself and those before it.
fn causal_mask(tokens: usize) -> candle_core::Result<Tensor> {
    let mask = (0..tokens)
        .flat_map(|i| (0..tokens).map(move |j| if j > i { f32::NEG_INFINITY } else { 0.0 }))
        .collect();
    Tensor::from_vec(mask, (tokens, tokens), &Device::Cpu)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_token_is_found_as_hf_does() {
        // ids, eos_token_id → position
        let cases: [(&[u32], u32, usize); 4] =
            [(&[8, 3, 9, 9], 9, 2), (&[8, 9, 3, 4], 4, 3), (&[8, 9, 3, 4], LEGACY_EOS, 1), (&[8, 3], 9, 0)];
        for (ids, eos, expected) in cases {
            assert_eq!(end_position(ids, eos), expected, "{ids:?} {eos}");
        }
    }
}
