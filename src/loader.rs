//! A model from bytes that come in bit by bit: what is complete is made ready while the rest is on its way, and what
//! is packed is let go, so that a file never stands in memory whole.

use std::collections::BTreeMap;
use std::fmt;

use crate::bundle::{self, WeightsReader};
use crate::clip::Head;
use crate::model::{self, BlockConfig, Blocks, Compute, Towers};
use crate::{Clip, Error, Result};

/// Takes a model's bytes in chunks of any size: a GGUF file's, or those of a folder in HF or OpenCLIP layout.
pub struct Loader {
    reader: WeightsReader,
    towers: Towers,
    compute: Compute,
    logit_scale: Option<f32>,
    /// What stands before the weights, once it has come.
    head: Option<Head>,
    layers: Blocks,
}

/// Without the numbers.
impl fmt::Debug for Loader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loader")
            .field("towers", &self.towers)
            .field("compute", &self.compute)
            .field("head", &self.head)
            .finish_non_exhaustive()
    }
}

impl Loader {
    pub fn new(towers: Towers, compute: Compute) -> Self {
        let reader = WeightsReader::new(towers.prefixes(), compute == Compute::Int8);
        Self { reader, towers, compute, logit_scale: None, head: None, layers: Blocks::default() }
    }

    /// What the model will compute in.
    pub fn compute(&self) -> Compute {
        self.compute
    }

    /// The factor between cosines and logits, where the weights have none.
    ///
    /// Errors: it is no factor.
    pub fn with_logit_scale(self, logit_scale: f32) -> Result<Self> {
        if !(logit_scale.is_normal() && logit_scale > 0.0) {
            return Err(Error::Model(format!(
                "The logit scale is {logit_scale}; expected a number above 0."
            )));
        }
        Ok(Self { logit_scale: Some(logit_scale), ..self })
    }

    /// The text files of a folder, by name, before the first byte of its weights ([`bundle::FILES`]).
    ///
    /// Errors: one is missing or wrong, or they come too late.
    pub fn files(&mut self, files: &BTreeMap<String, String>) -> Result<()> {
        if !self.reader.is_untouched() {
            return Err(Error::Model("A model's text files come before its weights.".into()));
        }
        self.head = Some(Head::new(bundle::Head::from_files(files)?, self.towers)?);
        Ok(())
    }

    /// Take the next bytes.
    ///
    /// Errors: as soon as they cannot be a model's.
    pub fn push(&mut self, chunk: &[u8]) -> Result<()> {
        self.reader.push(chunk)?;
        if self.head.is_none() && self.reader.metadata().is_some() {
            let metadata = &mut self.reader.weights().metadata;
            self.head = Some(Head::new(bundle::Head::take(metadata)?, self.towers)?);
        }
        match &self.head {
            Some(head) => {
                let wanted = BlockConfig::wanted(head.config(), self.towers);
                self.layers.absorb(self.reader.weights(), &wanted, self.compute)
            }
            None => Ok(()),
        }
    }

    /// One of several files of weights is complete: the next byte is the first of the next.
    ///
    /// Errors: bytes are missing.
    pub fn next_file(&mut self) -> Result<()> {
        self.reader.next_file()
    }

    /// Bytes that the model will take at most; none before that is known.
    pub fn memory(&self) -> Option<u64> {
        Some(model::memory(self.head.as_ref()?.config(), self.towers, self.compute))
    }

    /// The model, once every byte has come.
    ///
    /// Errors: bytes are missing, or a tensor is missing or misshapen.
    pub fn finish(self) -> Result<Clip> {
        let mut weights = self.reader.finish()?;
        let head = match self.head {
            Some(head) => head,
            None => Head::new(bundle::Head::take(&mut weights.metadata)?, self.towers)?,
        };
        if let (false, Some(scale)) = (weights.has("logit_scale"), self.logit_scale) {
            weights.put_scalar("logit_scale", scale.ln());
        }
        Clip::new(head, weights, self.layers, self.towers, self.compute)
    }
}
