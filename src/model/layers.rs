//! Layers that are packed while the rest of the model is still coming in.

use std::collections::BTreeMap;

use super::block::{Block, BlockConfig};
use super::options::{Compute, Towers};
use crate::Result;
use crate::bundle::{ClipConfig, Weights};
use crate::kernels::team::with_team;

/// Blocks by the name of their layer, as `vision_model.encoder.layers.0`.
#[derive(Default)]
pub struct Layers(BTreeMap<String, Block>);

impl Layers {
    /// Pack the layers whose tensors are all there, and let those go.
    ///
    /// Errors: a tensor is misshapen, or has infinite numbers or NaN.
    pub fn absorb(
        &mut self,
        weights: &mut Weights,
        config: &ClipConfig,
        towers: Towers,
        compute: Compute,
    ) -> Result<()> {
        let (vision, text) = (BlockConfig::vision(config), BlockConfig::text(config));
        for (block, wanted) in [(vision, towers != Towers::Text), (text, towers != Towers::Vision)] {
            for name in block.layer_names().filter(|_| wanted) {
                if !self.0.contains_key(&name) && Block::is_complete(weights, &name) {
                    let packed = with_team(|| Block::load(weights, &name, block, compute))?;
                    self.0.insert(name, packed);
                }
            }
        }
        Ok(())
    }

    /// All layers of a tower: those that were packed, and the others now.
    ///
    /// Errors: a tensor is missing or misshapen, or has infinite numbers or NaN.
    pub fn take(
        &mut self,
        weights: &mut Weights,
        block: BlockConfig,
        compute: Compute,
    ) -> Result<Vec<Block>> {
        let layer = |name: String| match self.0.remove(&name) {
            Some(packed) => Ok(packed),
            None => Block::load(weights, &name, block, compute),
        };
        block.layer_names().map(layer).collect()
    }
}
