//! A loaded captioner with its verbs.

use std::path::Path;

use super::captioning::{Caption, CaptionOptions, Captioning, Teller};
use super::decoding::Limits;
use super::head::Head;
use crate::bundle::{self, PreprocessConfig, Weights, WeightsReader};
use crate::model::generator::{Facts, Generator};
use crate::model::{Compute, GENERATOR_PREFIXES};
use crate::preprocess::{self, Pixels};
use crate::tokenizer::WordPieces;
use crate::{Picture, Result};

/// A model that writes texts about pictures.
pub struct Captioner {
    generator: Box<dyn Generator>,
    preprocess: PreprocessConfig,
    tokenizer: WordPieces,
    parameters: usize,
    dtype: String,
    compute: Compute,
}

impl Captioner {
    /// Load a model from a `.gguf` bundle, a folder that holds one, or a folder in HF layout. It computes in f32.
    ///
    /// Errors: a file is missing, unreadable or wrong; it is of no model that writes texts; a tensor is missing or
    /// misshapen.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        Self::load_computing(path, Compute::F32)
    }

    /// As [`Captioner::load`], computing in what is asked for.
    ///
    /// Errors: as there.
    pub fn load_computing(path: impl AsRef<Path>, compute: Compute) -> Result<Self> {
        let path = path.as_ref();
        let mut reader = WeightsReader::new(GENERATOR_PREFIXES, compute == Compute::Int8);
        bundle::read(path, &mut reader, |_| Ok(()))?;
        let mut weights = reader.finish()?;
        Self::new(Head::new(&bundle::texts(path, &mut weights)?)?, weights, compute)
    }

    /// A model from what stood before its weights, and the weights.
    ///
    /// Errors: a tensor is missing or misshapen, or has infinite numbers or NaN.
    pub(super) fn new(head: Head, weights: Weights, compute: Compute) -> Result<Self> {
        let (parameters, dtype) = (weights.parameters, weights.dtype.clone());
        let (generator, preprocess, tokenizer) = head.finish(weights, compute)?;
        Ok(Self { generator, preprocess, tokenizer, parameters, dtype, compute })
    }

    /// What is in a picture. `on_token` is called with the best text so far, after each token.
    ///
    /// Errors: the model answers questions only; the picture cannot be prepared; the prompt cannot be tokenised, or
    /// leaves no room; there are no beams or more than 16, or no token is asked for.
    pub fn caption(
        &self,
        picture: &Picture,
        options: &CaptionOptions,
        on_token: impl FnMut(&str),
    ) -> Result<Caption> {
        self.write(Captioning::caption(self, self.preprocess(picture)?, options)?, on_token)
    }

    /// The answer to a question about a picture. `on_token` is called with the best text so far, after each token.
    ///
    /// Errors: the model writes captions only; otherwise as [`Captioner::caption`].
    pub fn answer(
        &self,
        picture: &Picture,
        question: &str,
        limits: Limits,
        on_token: impl FnMut(&str),
    ) -> Result<Caption> {
        self.write(Captioning::answer(self, self.preprocess(picture)?, question, limits)?, on_token)
    }

    fn write(&self, mut captioning: Captioning, mut on_token: impl FnMut(&str)) -> Result<Caption> {
        loop {
            captioning.step(self)?;
            match captioning.whole(self)? {
                Some(caption) => {
                    on_token(&caption.text);
                    return Ok(caption);
                }
                None => on_token(&captioning.so_far(self)?),
            }
        }
    }

    /// The pixels that the image tower sees: `[3, side, side]`, within 1/255 of HF's.
    ///
    /// Errors: the picture cannot be resized.
    pub fn preprocess(&self, picture: &Picture) -> Result<Pixels> {
        preprocess::preprocess(picture, &self.preprocess, self.facts().image_size)
    }

    /// What the configuration says of the model: whether it writes captions or answers, and its sizes.
    pub fn facts(&self) -> Facts {
        self.generator.facts()
    }

    /// Numbers in all tensors of the weights.
    pub fn parameters(&self) -> usize {
        self.parameters
    }

    /// The encoding of most of the weights in their file: `q8_0`, `f16` …
    pub fn dtype(&self) -> &str {
        &self.dtype
    }

    /// What the products are computed in.
    pub fn compute(&self) -> Compute {
        self.compute
    }
}

impl Teller for Captioner {
    fn generator(&self) -> &dyn Generator {
        &*self.generator
    }

    fn tokenizer(&self) -> &WordPieces {
        &self.tokenizer
    }
}

impl std::fmt::Debug for Captioner {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.debug_struct("Captioner").field("facts", &self.facts()).finish_non_exhaustive()
    }
}
