//! A captioner from bytes that come in bit by bit, as `crate::loader` has it for a CLIP: what is complete is packed
//! while the rest is on its way, and let go, so that a file never stands in memory whole.

use std::collections::BTreeMap;
use std::fmt;

use super::head::Head;
use super::whole::Captioner;
use crate::bundle::{Texts, WeightsReader};
use crate::model::{Compute, GENERATOR_PREFIXES};
use crate::{Error, Result};

/// Takes a model's bytes in chunks of any size: a GGUF file's, or those of a folder in HF layout.
pub struct CaptionerLoader {
    reader: WeightsReader,
    compute: Compute,
    /// What stands before the weights, once it has come.
    head: Option<Head>,
}

/// Without the numbers.
impl fmt::Debug for CaptionerLoader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CaptionerLoader").field("compute", &self.compute).finish_non_exhaustive()
    }
}

impl CaptionerLoader {
    pub fn new(compute: Compute) -> Self {
        let reader = WeightsReader::new(GENERATOR_PREFIXES, compute == Compute::Int8);
        Self { reader, compute, head: None }
    }

    /// What the model will compute in.
    pub fn compute(&self) -> Compute {
        self.compute
    }

    /// The text files of a folder, by name, before the first byte of its weights ([`crate::bundle::FILES`]).
    ///
    /// Errors: one is missing or wrong, or they come too late.
    pub fn files(&mut self, files: &BTreeMap<String, String>) -> Result<()> {
        if !self.reader.is_untouched() {
            return Err(Error::Model("A model's text files come before its weights.".into()));
        }
        self.head = Some(Head::new(&Texts::from_files(files)?)?);
        Ok(())
    }

    /// Take the next bytes.
    ///
    /// Errors: as soon as they cannot be a model's.
    pub fn push(&mut self, chunk: &[u8]) -> Result<()> {
        self.reader.push(chunk)?;
        if self.head.is_none() && self.reader.metadata().is_some() {
            self.head = Some(Head::new(&Texts::take(&mut self.reader.weights().metadata)?)?);
        }
        match &mut self.head {
            Some(head) => head.absorb(self.reader.weights(), self.compute),
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
        Some(self.head.as_ref()?.memory(self.compute))
    }

    /// The model, once every byte has come.
    ///
    /// Errors: bytes are missing, or a tensor is missing or misshapen.
    pub fn finish(self) -> Result<Captioner> {
        let mut weights = self.reader.finish()?;
        let head = match self.head {
            Some(head) => head,
            None => Head::new(&Texts::take(&mut weights.metadata)?)?,
        };
        Captioner::new(head, weights, self.compute)
    }
}
