//! BLIP (Li et al. 2022, “BLIP: Bootstrapping Language-Image Pre-training”): captions, and answers to questions.
//!
//! ```text
//! captions    picture → image tower → tokens ┐
//!                            [DEC] prompt … → decoder → logits of the next token
//!
//! answers     picture → image tower → tokens ┐
//!                      [CLS] question [SEP] → question encoder → tokens ┐
//!                                                          [DEC] … → decoder → logits of the next token
//! ```
//! Names and shapes are those of Hugging Face's `BlipForConditionalGeneration` and `BlipForQuestionAnswering`.

mod config;
mod head;
mod image;
mod layer;
mod size;
mod text;

use candle_core::{Device, Tensor};

use config::BlipConfig;
use head::Head;
use image::ImageTower;
use layer::TextLayer;
use size::Size;
use text::{DECODER, ENCODER, TextModel};

use super::block::{BlockConfig, Blocks};
use super::generator::{Ability, Facts, Generator, Image, Next, Plan, Reading, State};
use super::layers::Layers;
use super::options::Compute;
use crate::bundle::Weights;
use crate::kernels::team::with_team;
use crate::preprocess::Pixels;
use crate::{Error, Result};

/// How the names of the tensors begin that these models are made of.
pub const PREFIXES: [&str; 3] = ["vision_model.", "text_decoder.", "text_encoder."];

/// A BLIP whose weights are on their way.
pub struct BlipPlan {
    config: BlipConfig,
    blocks: Blocks,
    layers: Layers<TextLayer>,
}

impl BlipPlan {
    /// Errors: the configuration is wrong, or of a BLIP that writes no texts.
    pub fn new(config: &str) -> Result<Self> {
        let config = BlipConfig::from_json(config)?;
        Ok(Self { config, blocks: Blocks::default(), layers: Layers::default() })
    }

    fn answers(&self) -> bool {
        self.config.ability == Ability::Answers
    }
}

impl Plan for BlipPlan {
    fn facts(&self) -> Facts {
        facts(&self.config)
    }

    fn parameters(&self) -> u64 {
        Size::new(&self.config).parameters()
    }

    fn memory(&self, compute: Compute) -> u64 {
        Size::new(&self.config).memory(compute)
    }

    fn absorb(&mut self, weights: &mut Weights, compute: Compute) -> Result<()> {
        self.blocks.absorb(weights, &[BlockConfig::vision(&self.config.vision)], compute)?;
        let stacks = [text::layers(&self.config, DECODER), text::layers(&self.config, ENCODER)];
        self.layers.absorb(weights, &stacks[..1 + usize::from(self.answers())], compute)
    }

    fn finish(mut self: Box<Self>, mut weights: Weights, compute: Compute) -> Result<Box<dyn Generator>> {
        let blip = with_team(|| {
            let head = Head::load(&mut weights, &self.config.text, compute)?;
            let mut stack =
                |name| TextModel::load(&mut weights, &mut self.layers, &self.config, name, compute);
            let decoder = stack(DECODER)?;
            let encoder = if self.config.ability == Ability::Answers { Some(stack(ENCODER)?) } else { None };
            let image = ImageTower::load(&mut weights, &mut self.blocks, &self.config.vision, compute)?;
            Ok::<_, Error>(Blip { image, encoder, decoder, head, config: self.config.clone() })
        })?;
        match weights.leftover(&PREFIXES) {
            Some(name) => Err(Error::Model(format!(
                "The weights have a tensor “{name}”, which this BLIP has not: its configuration is of another model."
            ))),
            None => Ok(Box::new(blip)),
        }
    }
}

/// A BLIP on candle tensors.
pub struct Blip {
    image: ImageTower,
    encoder: Option<TextModel>,
    decoder: TextModel,
    head: Head,
    config: BlipConfig,
}

impl Blip {
    /// Errors: there are no tokens, or one is beyond the vocabulary, or more than the model has positions for.
    fn check(&self, tokens: &[u32], before: usize) -> Result<()> {
        let text = &self.config.text;
        if tokens.is_empty() {
            return Err(Error::Text("There is no token to read.".into()));
        }
        if let Some(id) = tokens.iter().find(|&&id| id as usize >= text.vocab_size) {
            return Err(Error::Text(format!(
                "There is no token {id}: the model knows {} tokens.",
                text.vocab_size
            )));
        }
        let length = before + tokens.len();
        if length > text.max_position_embeddings {
            return Err(Error::Text(format!(
                "A text of {length} tokens is longer than the {} that the model can read.",
                text.max_position_embeddings
            )));
        }
        Ok(())
    }
}

impl Generator for Blip {
    fn facts(&self) -> Facts {
        facts(&self.config)
    }

    fn see(&self, pixels: &Pixels) -> Result<Image> {
        let pixels = Tensor::stack(&[&pixels.0], 0)?;
        let image = with_team(|| self.image.forward(&pixels))?;
        finite(&image)?;
        Ok(Image(image))
    }

    fn look(&self, image: &Image, question: Option<&[u32]>) -> Result<State> {
        let seen = match (&self.encoder, question) {
            (None, None) => image.0.clone(),
            (Some(encoder), Some(question)) => {
                self.check(question, 0)?;
                with_team(|| encoder.encode(question, &image.0))?
            }
            (None, Some(_)) => {
                return Err(Error::Text("This model describes pictures; it answers no questions.".into()));
            }
            (Some(_), None) => {
                return Err(Error::Text(
                    "This model answers questions; it does not describe pictures by itself.".into(),
                ));
            }
        };
        Ok(State::new(with_team(|| self.decoder.keep(&seen))?))
    }

    fn read(&self, state: &mut State, texts: &[Next]) -> Result<Vec<Reading>> {
        for text in texts {
            self.check(text.tokens, state.length(text.after))?;
        }
        let pass = state.pass(texts);
        let logits = with_team(|| {
            let x = self.decoder.read(state, &pass)?;
            // Only the last token of each text says what comes next.
            self.head.forward(&x.index_select(&Tensor::new(&pass.ends[..], &Device::Cpu)?, 0)?)
        })?;
        let rows = finite(&logits)?;
        Ok(pass.places.into_iter().zip(rows).map(|(place, logits)| Reading { place, logits }).collect())
    }
}

fn facts(config: &BlipConfig) -> Facts {
    let text = &config.text;
    Facts {
        ability: config.ability,
        image_size: config.vision.image_size,
        vocabulary: text.vocab_size,
        context: text.max_position_embeddings,
        begin: text.bos_token_id,
        end: text.sep_token_id,
    }
}

/// The rows of `[rows, width]`, none of which may hold infinities or NaN.
fn finite(x: &Tensor) -> Result<Vec<Vec<f32>>> {
    let rows = x.to_vec2::<f32>()?;
    if rows.iter().flatten().any(|x| !x.is_finite()) {
        return Err(Error::Model(
            "The weights give results that are not numbers; the model is damaged.".into(),
        ));
    }
    Ok(rows)
}
