//! A text about a picture that is being written, a token at a time: it can be shown while it grows, and given up.

use std::fmt;

use super::decoding::{Decoding, Limits, Sequence};
use crate::model::generator::{Ability, Generator, Image};
use crate::preprocess::Pixels;
use crate::tokenizer::WordPieces;
use crate::{Error, Result};

/// What writing needs of a captioner.
pub trait Teller {
    fn generator(&self) -> &dyn Generator;

    fn tokenizer(&self) -> &WordPieces;
}

/// How a caption is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptionOptions {
    /// What the caption begins with, as `a picture of`; nothing: what the model says by itself.
    pub prompt: String,
    /// Texts that are followed at once, 1 to 16; 1 is greedy, 3 finds better ones.
    pub beams: usize,
    /// New tokens at most, the one that ends the text included.
    pub max_tokens: usize,
    /// New tokens before the text may end.
    pub min_tokens: usize,
}

impl Default for CaptionOptions {
    fn default() -> Self {
        let Limits { beams, max_tokens, min_tokens } = Limits::default();
        Self { prompt: String::new(), beams, max_tokens, min_tokens }
    }
}

/// One text of those that were followed.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// Without the tokens that stand for no text.
    pub text: String,
    /// All ids, as HF's `generate` gives them: the beginning, the prompt, the new ones, and the end where it has come.
    pub tokens: Vec<u32>,
    /// `Σ ln p` of the new tokens.
    pub log_probability: f32,
    /// The same for each new token: what beams are compared by (HF `sequences_scores`).
    pub score: f32,
}

/// What a model says about a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Caption {
    /// Of the best text.
    pub text: String,
    /// Of the best text, as [`Text::tokens`].
    pub tokens: Vec<u32>,
    /// Of the best text, as [`Text::log_probability`].
    pub log_probability: f32,
    /// As many texts as there are beams, best first.
    pub beams: Vec<Text>,
}

/// What the next step does.
enum Stage {
    /// Look at the picture, which takes the longest.
    See(Pixels),
    Look(Image),
    Write(Box<Decoding>),
}

/// A caption or an answer on its way.
pub struct Captioning {
    stage: Stage,
    question: Option<Vec<u32>>,
    prompt: Vec<u32>,
    limits: Limits,
}

/// Without the numbers.
impl fmt::Debug for Captioning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Captioning")
            .field("question", &self.question)
            .field("prompt", &self.prompt)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl Captioning {
    /// Begin to say what is in a picture.
    ///
    /// Errors: the model answers questions only, or the prompt cannot be tokenised.
    pub fn caption(teller: &impl Teller, pixels: Pixels, options: &CaptionOptions) -> Result<Self> {
        if teller.generator().facts().ability != Ability::Captions {
            return Err(Error::Text(
                "This model answers questions about pictures; it does not describe them by itself. Ask it something."
                    .into(),
            ));
        }
        let &CaptionOptions { ref prompt, beams, max_tokens, min_tokens } = options;
        let limits = Limits { beams, max_tokens, min_tokens };
        Self::new(teller, pixels, None, prompt, limits)
    }

    /// Begin to answer a question about a picture.
    ///
    /// Errors: the model writes captions only, or the question is blank or cannot be tokenised.
    pub fn answer(teller: &impl Teller, pixels: Pixels, question: &str, limits: Limits) -> Result<Self> {
        if teller.generator().facts().ability != Ability::Answers {
            return Err(Error::Text(
                "This model describes pictures; it answers no questions about them.".into(),
            ));
        }
        if question.trim().is_empty() {
            return Err(Error::Text("The question is blank.".into()));
        }
        let question = teller.tokenizer().encode(question)?;
        Self::new(teller, pixels, Some(question), "", limits)
    }

    fn new(
        teller: &impl Teller,
        pixels: Pixels,
        question: Option<Vec<u32>>,
        prompt: &str,
        limits: Limits,
    ) -> Result<Self> {
        // The model's own token stands where the tokenizer has its first; its last would end the text.
        let ids = teller.tokenizer().encode(prompt)?;
        let inner = ids.get(1..ids.len() - 1).unwrap_or_default();
        let prompt = [&[teller.generator().facts().begin], inner].concat();
        Ok(Self { stage: Stage::See(pixels), question, prompt, limits })
    }

    /// The next step: look at the picture, at the question, then a token of each beam at a time. Whether there is
    /// more to do.
    ///
    /// Errors: the prompt or the question is too long, the limits are out of range, or the weights give no finite
    /// numbers.
    pub fn step(&mut self, teller: &impl Teller) -> Result<bool> {
        let generator = teller.generator();
        match &mut self.stage {
            Stage::See(pixels) => self.stage = Stage::Look(generator.see(pixels)?),
            Stage::Look(image) => {
                let state = generator.look(image, self.question.as_deref())?;
                let decoding = Decoding::new(state, generator.facts(), self.prompt.clone(), self.limits)?;
                self.stage = Stage::Write(Box::new(decoding));
            }
            Stage::Write(decoding) => return decoding.step(generator),
        }
        Ok(true)
    }

    /// From 0 to 1, of the tokens that there may be: the end may come at any time.
    pub fn progress(&self) -> f64 {
        match &self.stage {
            Stage::Write(decoding) => decoding.progress(),
            _ => 0.0,
        }
    }

    /// The best text so far, the prompt included; empty before the first token.
    ///
    /// Errors: the tokenizer refuses its own tokens.
    pub fn so_far(&self, teller: &impl Teller) -> Result<String> {
        match &self.stage {
            Stage::Write(decoding) => teller.tokenizer().decode(&decoding.best().tokens),
            _ => Ok(String::new()),
        }
    }

    /// The whole, after the last step; `None` before.
    ///
    /// Errors: the tokenizer refuses its own tokens.
    pub fn whole(&self, teller: &impl Teller) -> Result<Option<Caption>> {
        let Stage::Write(decoding) = &self.stage else { return Ok(None) };
        if !decoding.is_over() {
            return Ok(None);
        }
        let text = |sequence: &Sequence| {
            let Sequence { tokens, log_probability, score } = sequence.clone();
            Ok(Text { text: teller.tokenizer().decode(&tokens)?, tokens, log_probability, score })
        };
        let Text { text: best, tokens, log_probability, .. } = text(&decoding.best())?;
        let beams = decoding.finished().iter().map(text).collect::<Result<_>>()?;
        Ok(Some(Caption { text: best, tokens, log_probability, beams }))
    }
}
