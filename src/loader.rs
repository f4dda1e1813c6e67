//! A model from bytes that come in bit by bit: what is complete is made ready while the rest is on its way, and what
//! is packed is let go, so that a file never stands in memory whole.

use crate::bundle::{self, WeightsReader};
use crate::clip::Head;
use crate::model::{Compute, Layers, Towers};
use crate::{Clip, Result};

/// Takes a GGUF bundle's bytes in chunks of any size.
pub struct Loader {
    reader: WeightsReader,
    towers: Towers,
    compute: Compute,
    /// What stands before the weights, once it has come.
    head: Option<Head>,
    layers: Layers,
}

impl Loader {
    pub fn new(towers: Towers, compute: Compute) -> Self {
        let reader = WeightsReader::without(towers.unwanted());
        Self { reader, towers, compute, head: None, layers: Layers::default() }
    }

    /// Take the next bytes.
    ///
    /// Errors: as soon as they cannot be a model's.
    pub fn push(&mut self, chunk: &[u8]) -> Result<()> {
        self.reader.push(chunk)?;
        if self.head.is_none() && self.reader.texts().is_some() {
            self.head = Some(Head::new(bundle::Head::take(&mut self.reader.weights().texts)?, self.towers)?);
        }
        match &self.head {
            Some(head) => self.layers.absorb(self.reader.weights(), head.config(), self.towers, self.compute),
            None => Ok(()),
        }
    }

    /// The model, once every byte has come.
    ///
    /// Errors: bytes are missing, or a tensor is missing or misshapen.
    pub fn finish(self) -> Result<Clip> {
        let mut weights = self.reader.finish()?;
        let head = match self.head {
            Some(head) => head,
            None => Head::new(bundle::Head::take(&mut weights.texts)?, self.towers)?,
        };
        Clip::new(head, weights, self.layers, self.towers, self.compute)
    }
}
