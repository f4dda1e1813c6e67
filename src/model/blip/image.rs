//! The image tower (HF `BlipVisionModel`): CLIP's layers between other embeddings.
//!
//! ```text
//! x ← [class; patches · W + b] + positions
//! x ← layers(x)
//! x ← post_layernorm(x)                  of all tokens: the decoder looks at each
//! ```
//! `bundle` has cut the three projections of each layer's attention apart, as CLIP has them.

use candle_core::{Result as CandleResult, Tensor};

use crate::Result;
use crate::bundle::Weights;
use crate::bundle::config::VisionConfig;
use crate::kernels::attention::Span;
use crate::kernels::float;
use crate::kernels::norm::LayerNorm;
use crate::model::block::{Block, BlockConfig, Blocks, layer_norm};
use crate::model::op::Normalise;
use crate::model::options::Compute;
use crate::model::patches::{EmbedPatches, load_kernel};

/// Pixels → one vector a token.
pub struct ImageTower {
    patch_embedding: float::Weights,
    class_embedding: Tensor,
    position_embedding: Tensor,
    layers: Vec<Block>,
    post_layernorm: LayerNorm,
    config: VisionConfig,
}

impl ImageTower {
    /// Take the tower's tensors. The patch embedding stays in f32: it is small, and what goes wrong there no later
    /// layer mends.
    ///
    /// Errors: one is missing or misshapen, or has infinite numbers or NaN.
    pub fn load(
        weights: &mut Weights,
        layers: &mut Blocks,
        config: &VisionConfig,
        compute: Compute,
    ) -> Result<Self> {
        let (hidden, tokens) = (config.hidden_size, config.tokens());
        let post_layernorm =
            layer_norm(weights, "vision_model.post_layernorm", hidden, config.layer_norm_eps)?;
        let embeddings = "vision_model.embeddings";
        let position = weights.take(&format!("{embeddings}.position_embedding"), &[1, tokens, hidden])?;
        let class = weights.take(&format!("{embeddings}.class_embedding"), &[1, 1, hidden])?;
        Ok(Self {
            patch_embedding: load_kernel(weights, config, true)?,
            class_embedding: class.reshape((1, hidden))?,
            position_embedding: position.reshape((tokens, hidden))?,
            layers: layers.take(weights, BlockConfig::vision(config), compute)?,
            post_layernorm,
            config: config.clone(),
        })
    }

    /// `[1, 3, side, side]` normalised pixels → `[tokens, hidden]`: the class token, then the patches row by row.
    pub fn forward(&self, pixels: &Tensor) -> CandleResult<Tensor> {
        let patches =
            pixels.apply_op1_no_bwd(&EmbedPatches { weight: &self.patch_embedding, config: &self.config })?;
        let mut x = (Tensor::cat(&[&self.class_embedding, &patches], 0)? + &self.position_embedding)?;
        let tokens = self.config.tokens();
        let all = [Span { keys: (0..tokens).collect(), queries: 0..tokens, causal: false }];
        for layer in &self.layers {
            x = layer.forward(&x, &all)?;
        }
        x.apply_op1_no_bwd(&Normalise(&self.post_layernorm))
    }
}
