//! What is known besides the labels: the template, and what the model says.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::vocabulary::Vocabulary;

/// What a picture says: the greatest cosine of a label's prompt with it, and the greatest of captions that name nothing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    pub label: f32,
    pub neutral: f32,
}

/// All but the template and `english` may be missing: what needs it is not said then.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// With `{}` where the label goes.
    pub template: &'a str,
    /// Whether the model knows English alone.
    pub english: bool,
    /// The words that the model has learnt.
    pub vocabulary: Option<&'a Vocabulary>,
    /// Of each label's prompt, the start and end of text among them; of a label with synonyms the longest one's.
    pub tokens: Option<&'a [usize]>,
    /// The tokens that the model reads.
    pub context_length: Option<usize>,
    /// `n × n`, of the labels' prompts with one another.
    pub cosines: Option<&'a [f32]>,
    /// Two prompts above it mean the same; [`crate::threshold::threshold`] finds it for a model.
    pub threshold: Option<f32>,
    /// One a picture.
    pub fits: Option<&'a [Fit]>,
}

impl Default for Context<'_> {
    /// “a photo of a {}”, an English model, and nothing else known.
    fn default() -> Self {
        Self {
            template: "a photo of a {}",
            english: true,
            vocabulary: None,
            tokens: None,
            context_length: None,
            cosines: None,
            threshold: None,
            fits: None,
        }
    }
}

impl Context<'_> {
    /// Errors: tokens or cosines of another number of labels.
    pub(crate) fn check(&self, labels: usize) -> Result<()> {
        if let Some(tokens) = self.tokens.map(<[usize]>::len).filter(|&tokens| tokens != labels) {
            return Err(Error::Argument(format!("token counts of {tokens} labels for {labels}")));
        }
        if let Some(cosines) = self.cosines.map(<[f32]>::len).filter(|&cosines| cosines != labels * labels) {
            return Err(Error::Argument(format!("{cosines} cosines for {labels} labels")));
        }
        Ok(())
    }
}
