//! The image tower (HF `CLIPVisionTransformer` and `visual_projection`).

use candle_core::{IndexOp, Tensor};
use candle_nn::{LayerNorm, Module};

use super::block::{Block, BlockConfig, layer_norm, unit};
use super::linear::Linear;
use crate::Result;
use crate::bundle::config::VisionConfig;
use crate::bundle::{ClipConfig, Weights};

/// Pixels → unit vector.
pub struct VisionTower {
    patch_embedding: Linear,
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
    /// Take the tower's tensors.
    ///
    /// Errors: one is missing or misshapen.
    pub fn load(weights: &mut Weights, clip: &ClipConfig) -> Result<Self> {
        let config = clip.vision_config.clone();
        let (hidden, patch, eps) = (config.hidden_size, config.patch_size, config.layer_norm_eps);
        let block = BlockConfig {
            hidden_size: hidden,
            intermediate_size: config.intermediate_size,
            heads: config.num_attention_heads,
            activation: config.hidden_act,
            eps,
        };
        // A convolution whose stride is its size is a dense layer over each patch.
        let kernel = weights.take(
            "vision_model.embeddings.patch_embedding.weight",
            &[hidden, config.num_channels, patch, patch],
        )?;
        Ok(Self {
            patch_embedding: Linear::from_weight(&kernel.flatten_from(1)?)?,
            class_embedding: weights.take("vision_model.embeddings.class_embedding", &[hidden])?,
            position_embedding: weights
                .take("vision_model.embeddings.position_embedding.weight", &[config.tokens(), hidden])?,
            pre_layernorm: layer_norm(weights, "vision_model.pre_layrnorm", hidden, eps)?,
            layers: (0..config.num_hidden_layers)
                .map(|i| Block::load(weights, &format!("vision_model.encoder.layers.{i}"), block))
                .collect::<Result<_>>()?,
            post_layernorm: layer_norm(weights, "vision_model.post_layernorm", hidden, eps)?,
            projection: Linear::load_without_bias(weights, "visual_projection", hidden, clip.projection_dim)?,
            config,
        })
    }

    /// `[batch, 3, side, side]` normalised pixels → `[batch, embedding]` unit vectors.
    pub fn forward(&self, pixels: &Tensor) -> candle_core::Result<Tensor> {
        let patches = self.patch_embedding.forward(&self.patches(pixels)?)?;
        let (batch, _, hidden) = patches.dims3()?;
        let class = self.class_embedding.broadcast_as((batch, 1, hidden))?;
        let x = Tensor::cat(&[&class, &patches], 1)?.broadcast_add(&self.position_embedding)?;

        let mut x = self.pre_layernorm.forward(&x)?;
        for layer in &self.layers {
            x = layer.forward(&x, None)?;
        }
        let class = self.post_layernorm.forward(&x.i((.., 0))?.contiguous()?)?;
        unit(&self.projection.forward(&class)?)
    }

    /// `[batch, 3, side, side]` → `[batch, patches, 3 · patch · patch]`, row by row over the grid.
    fn patches(&self, pixels: &Tensor) -> candle_core::Result<Tensor> {
        let batch = pixels.dim(0)?;
        let (grid, patch) = (self.config.grid(), self.config.patch_size);
        let channels = self.config.num_channels;
        pixels
            .narrow(2, 0, grid * patch)?
            .narrow(3, 0, grid * patch)?
            .reshape(&[batch, channels, grid, patch, grid, patch])?
            .permute(vec![0, 2, 4, 1, 3, 5])?
            .reshape((batch, grid * grid, channels * patch * patch))
    }
}
