//! The text tower (HF `CLIPTextTransformer` and `text_projection`).

use candle_core::{Device, Tensor};

use super::block::{Block, BlockConfig, Blocks, layer_norm, unit};
use super::linear::{Linear, Part};
use super::op::Normalise;
use super::options::Compute;
use super::prefixes::Prefixes;
use crate::Result;
use crate::bundle::config::TextConfig;
use crate::bundle::stored::Rows;
use crate::bundle::{ClipConfig, Weights};
use crate::kernels::norm::LayerNorm;

/// The `eos_token_id` of configurations from before HF knew the real one.
const LEGACY_EOS: u32 = 2;

/// Token ids → unit vector.
pub struct TextTower {
    token_embedding: Rows,
    position_embedding: Tensor,
    layers: Vec<Block>,
    final_layer_norm: LayerNorm,
    projection: Linear,
    config: TextConfig,
}

impl TextTower {
    /// Take the tower's tensors. The projection stays in f32; tokens' vectors are looked up in the file's encoding.
    ///
    /// Errors: one is missing or misshapen.
    pub fn load(
        weights: &mut Weights,
        layers: &mut Blocks,
        clip: &ClipConfig,
        compute: Compute,
    ) -> Result<Self> {
        let config = clip.text_config.clone();
        let (hidden, eps) = (config.hidden_size, config.layer_norm_eps);
        let projection = [Part::without_bias("text_projection", clip.projection_dim)];
        Ok(Self {
            token_embedding: weights
                .take_rows("text_model.embeddings.token_embedding.weight", &[config.vocab_size, hidden])?,
            position_embedding: weights.take(
                "text_model.embeddings.position_embedding.weight",
                &[config.max_position_embeddings, hidden],
            )?,
            layers: layers.take(weights, BlockConfig::text(clip), compute)?,
            final_layer_norm: layer_norm(weights, "text_model.final_layer_norm", hidden, eps)?,
            projection: Linear::load(weights, &projection, hidden, Compute::F32)?,
            config,
        })
    }

    /// A text's tokens up to its end token. Under the causal mask what follows changes nothing.
    pub fn until_end<'a>(&self, ids: &'a [u32]) -> &'a [u32] {
        &ids[..=end_position(ids, self.config.eos_token_id)]
    }

    /// Texts → `[texts, embedding]` unit vectors, in the order of `prefixes`. They are never padded, and what several
    /// texts begin with goes through the tower once.
    pub fn forward(&self, prefixes: &Prefixes) -> candle_core::Result<Tensor> {
        let numbers = |numbers: &[u32]| Tensor::new(numbers, &Device::Cpu);
        let tokens = self.token_embedding.lookup(&numbers(&prefixes.ids)?)?;
        let mut x = (tokens + self.position_embedding.index_select(&numbers(&prefixes.positions)?, 0)?)?;
        let Some((last, layers)) = self.layers.split_last() else {
            candle_core::bail!("the tower has no layers")
        };
        for layer in layers {
            x = layer.forward(&x, &prefixes.spans)?;
        }
        // Only the end tokens go on after the last layer.
        x = last.forward_rows(&x, &prefixes.end_spans, &numbers(&prefixes.ends)?)?;
        unit(&self.projection.forward(&x.apply_op1_no_bwd(&Normalise(&self.final_layer_norm))?)?)
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
