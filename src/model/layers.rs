//! Layers that are packed while the rest of the model is still coming in.

use std::collections::BTreeMap;

use super::options::Compute;
use crate::Result;
use crate::bundle::Weights;
use crate::kernels::team::with_team;

/// One layer of a tower or of a decoder.
pub trait Layer: Sized {
    /// The sizes of all layers of one kind.
    type Config: Copy;

    /// What the names of each layer's tensors begin with, as `vision_model.encoder.layers.0`.
    fn names(config: Self::Config) -> Vec<String>;

    /// What stands between that and `.weight` and `.bias`.
    fn parts() -> impl Iterator<Item = &'static str>;

    /// Take a layer's tensors.
    ///
    /// Errors: one is missing or misshapen, or has infinite numbers or NaN.
    fn load(weights: &mut Weights, name: &str, config: Self::Config, compute: Compute) -> Result<Self>;
}

/// Layers by their names.
pub struct Layers<L>(BTreeMap<String, L>);

impl<L> Default for Layers<L> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<L: Layer> Layers<L> {
    /// Pack the layers whose tensors are all there, and let those go.
    ///
    /// Errors: a tensor is misshapen, or has infinite numbers or NaN.
    pub fn absorb(&mut self, weights: &mut Weights, wanted: &[L::Config], compute: Compute) -> Result<()> {
        for &config in wanted {
            for name in L::names(config) {
                if !self.0.contains_key(&name) && is_complete::<L>(weights, &name) {
                    let packed = with_team(|| L::load(weights, &name, config, compute))?;
                    self.0.insert(name, packed);
                }
            }
        }
        Ok(())
    }

    /// All layers of one kind: those that were packed, and the others now.
    ///
    /// Errors: a tensor is missing or misshapen, or has infinite numbers or NaN.
    pub fn take(&mut self, weights: &mut Weights, config: L::Config, compute: Compute) -> Result<Vec<L>> {
        let layer = |name: String| match self.0.remove(&name) {
            Some(packed) => Ok(packed),
            None => L::load(weights, &name, config, compute),
        };
        L::names(config).into_iter().map(layer).collect()
    }
}

/// Are all of a layer's tensors there?
fn is_complete<L: Layer>(weights: &Weights, name: &str) -> bool {
    L::parts()
        .all(|part| ["weight", "bias"].iter().all(|which| weights.has(&format!("{name}.{part}.{which}"))))
}
