//! The image tower (HF `CLIPVisionTransformer` and `visual_projection`).

use candle_core::Tensor;

use super::block::{Block, BlockConfig, Blocks, layer_norm, unit};
use super::linear::{Linear, Part};
use super::op::Normalise;
use super::options::Compute;
use super::patches::{EmbedPatches, load_kernel};
use crate::Result;
use crate::bundle::config::VisionConfig;
use crate::bundle::{ClipConfig, Weights};
use crate::kernels::attention::Span;
use crate::kernels::float;
use crate::kernels::norm::LayerNorm;

/// Pixels → unit vector.
pub struct VisionTower {
    patch_embedding: float::Weights,
    class_embedding: Tensor,
    position_embedding: Tensor,
    /// HF's checkpoints spell it `pre_layrnorm`.
    pre_layernorm: LayerNorm,
    layers: Vec<Block>,
    post_layernorm: LayerNorm,
    projection: Linear,
    config: VisionConfig,
}

impl VisionTower {
    /// Take the tower's tensors. The patch embedding and the projection stay in f32: they are small, and what goes
    /// wrong there no later layer mends.
    ///
    /// Errors: one is missing or misshapen.
    pub fn load(
        weights: &mut Weights,
        layers: &mut Blocks,
        clip: &ClipConfig,
        compute: Compute,
    ) -> Result<Self> {
        let config = clip.vision_config.clone();
        let (hidden, eps) = (config.hidden_size, config.layer_norm_eps);
        let projection = [Part::without_bias("visual_projection", clip.projection_dim)];
        Ok(Self {
            patch_embedding: load_kernel(weights, &config, false)?,
            class_embedding: weights.take("vision_model.embeddings.class_embedding", &[hidden])?,
            position_embedding: weights
                .take("vision_model.embeddings.position_embedding.weight", &[config.tokens(), hidden])?,
            pre_layernorm: layer_norm(weights, "vision_model.pre_layrnorm", hidden, eps)?,
            layers: layers.take(weights, BlockConfig::vision(&config), compute)?,
            post_layernorm: layer_norm(weights, "vision_model.post_layernorm", hidden, eps)?,
            projection: Linear::load(weights, &projection, hidden, Compute::F32)?,
            config,
        })
    }

    /// Tokens of a picture: its class and its patches.
    pub fn tokens(&self) -> usize {
        self.config.tokens()
    }

    /// `[batch, 3, side, side]` normalised pixels → `[batch, embedding]` unit vectors.
    pub fn forward(&self, pixels: &Tensor) -> candle_core::Result<Tensor> {
        let (batch, tokens) = (pixels.dim(0)?, self.tokens());
        let (last, x) = self.before_last(pixels)?;
        // Only the class token goes on after the last layer.
        let classes: Vec<u32> = (0..batch).map(|i| (i * tokens) as u32).collect();
        let classes = Tensor::new(classes, pixels.device())?;
        self.embed(&last.forward_rows(&x, &self.spans(batch, 0..1), &classes)?)
    }

    /// As [`VisionTower::forward`], but → `[batch · tokens, embedding]`: what each token says by itself (`Block::values`), of each
    /// picture the class token first, then its patches row by row.
    pub fn values(&self, pixels: &Tensor) -> candle_core::Result<Tensor> {
        let (last, x) = self.before_last(pixels)?;
        self.embed(&last.values(&x, &self.spans(pixels.dim(0)?, 0..self.tokens()))?)
    }

    /// What goes into the last layer, and that.
    fn before_last(&self, pixels: &Tensor) -> candle_core::Result<(&Block, Tensor)> {
        let (batch, tokens, hidden) = (pixels.dim(0)?, self.tokens(), self.config.hidden_size);
        let patches = EmbedPatches { weight: &self.patch_embedding, config: &self.config };
        let patches = pixels.apply_op1_no_bwd(&patches)?.reshape((batch, tokens - 1, hidden))?;
        let class = self.class_embedding.broadcast_as((batch, 1, hidden))?;
        let x = Tensor::cat(&[&class, &patches], 1)?.broadcast_add(&self.position_embedding)?;
        let mut x = x.reshape((batch * tokens, hidden))?.apply_op1_no_bwd(&Normalise(&self.pre_layernorm))?;
        let Some((last, layers)) = self.layers.split_last() else {
            candle_core::bail!("the tower has no layers")
        };
        let all = self.spans(batch, 0..tokens);
        for layer in layers {
            x = layer.forward(&x, &all)?;
        }
        Ok((last, x))
    }

    /// Each picture's tokens attend to each other; `queries` are those that are answered.
    fn spans(&self, batch: usize, queries: std::ops::Range<usize>) -> Vec<Span> {
        let tokens = self.tokens();
        let keys = |i| (i * tokens..(i + 1) * tokens).collect();
        (0..batch).map(|i| Span { keys: keys(i), queries: queries.clone(), causal: false }).collect()
    }

    /// Rows of the last layer → unit vectors.
    fn embed(&self, rows: &Tensor) -> candle_core::Result<Tensor> {
        unit(&self.projection.forward(&rows.apply_op1_no_bwd(&Normalise(&self.post_layernorm))?)?)
    }
}
