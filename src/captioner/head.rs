//! All of a captioner but its weights, ready to use: made while they are still on their way.

use crate::Result;
use crate::bundle::{PreprocessConfig, Texts, Weights};
use crate::model::generator::{Generator, Plan};
use crate::model::{Compute, plan};
use crate::tokenizer::WordPieces;

/// What stands before the weights.
pub struct Head {
    pub preprocess: PreprocessConfig,
    pub tokenizer: WordPieces,
    plan: Box<dyn Plan>,
}

impl Head {
    /// Errors: one of the files is wrong, or they do not fit each other.
    pub fn new(texts: &Texts) -> Result<Self> {
        let plan = plan(&texts.config)?;
        let facts = plan.facts();
        let side = facts.image_size;
        // What a folder leaves out, the image processor has; but for the size.
        let default = || {
            format!(
                r#"{{"image_processor_type": "BlipImageProcessor", "size": {{"height": {side}, "width": {side}}}}}"#
            )
        };
        let preprocess = PreprocessConfig::from_json(&texts.preprocessor.clone().unwrap_or_else(default))?;
        preprocess.check_square(side)?;
        let tokenizer = WordPieces::from_json(&texts.tokenizer, facts.vocabulary)?;
        Ok(Self { preprocess, tokenizer, plan })
    }

    /// Pack what has come.
    ///
    /// Errors: a tensor is misshapen, or has infinite numbers or NaN.
    pub fn absorb(&mut self, weights: &mut Weights, compute: Compute) -> Result<()> {
        self.plan.absorb(weights, compute)
    }

    /// Bytes that the model will take at most.
    pub fn memory(&self, compute: Compute) -> u64 {
        self.plan.memory(compute)
    }

    /// The model, once all tensors are there, and what else there is of it.
    ///
    /// Errors: a tensor is missing or misshapen, or has infinite numbers or NaN.
    pub fn finish(
        self,
        weights: Weights,
        compute: Compute,
    ) -> Result<(Box<dyn Generator>, PreprocessConfig, WordPieces)> {
        Ok((self.plan.finish(weights, compute)?, self.preprocess, self.tokenizer))
    }
}

/// Bytes that a captioner takes at most, by its `config.json` alone, from the first byte of its file on.
///
/// Errors: the configuration is wrong, or of no model that writes texts.
pub fn memory(config: &str, compute: Compute) -> Result<u64> {
    Ok(plan(config)?.memory(compute))
}

/// Numbers in all tensors of a captioner, by its `config.json` alone.
///
/// Errors: as [`memory`].
pub fn parameters(config: &str) -> Result<u64> {
    Ok(plan(config)?.parameters())
}
