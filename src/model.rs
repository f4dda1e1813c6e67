//! The two towers. Each loads, runs and is freed on its own.

mod block;
mod linear;
mod text;
mod vision;

use candle_core::Tensor;

pub use text::TextTower;
pub use vision::VisionTower;

use crate::bundle::{ClipConfig, Weights};
use crate::preprocess::Pixels;
use crate::tokenizer::Tokens;
use crate::{Error, Result};

/// Texts of one length that go through the tower together; bounds the memory of a call.
const TEXT_BATCH: usize = 64;

/// Which towers to keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Towers {
    #[default]
    Both,
    Vision,
    Text,
}

/// A CLIP model on candle tensors, f32.
pub struct Model {
    vision: Option<VisionTower>,
    text: Option<TextTower>,
    logit_scale: f32,
}

impl Model {
    /// Take the towers' tensors out of the weights.
    ///
    /// Errors: a tensor is missing or misshapen, or the logit scale is no number.
    pub fn load(mut weights: Weights, config: &ClipConfig, towers: Towers) -> Result<Self> {
        let logit_scale = weights.take_scalar("logit_scale")?.exp();
        if !logit_scale.is_finite() {
            return Err(Error::Model(format!("exp(logit_scale) is {logit_scale}, not a number.")));
        }
        let vision = match towers {
            Towers::Both | Towers::Vision => Some(VisionTower::load(&mut weights, config)?),
            Towers::Text => None,
        };
        let text = match towers {
            Towers::Both | Towers::Text => Some(TextTower::load(&mut weights, config)?),
            Towers::Vision => None,
        };
        Ok(Self { vision, text, logit_scale })
    }

    /// `exp` of the checkpoint's `logit_scale`.
    pub fn logit_scale(&self) -> f32 {
        self.logit_scale
    }

    /// Free the image tower's memory.
    pub fn free_vision(&mut self) {
        self.vision = None;
    }

    /// Free the text tower's memory.
    pub fn free_text(&mut self) {
        self.text = None;
    }

    /// One unit vector a picture.
    ///
    /// Errors: the image tower is not loaded, or the weights give no finite vector.
    pub fn embed_images(&self, pictures: &[Pixels]) -> Result<Vec<Vec<f32>>> {
        let tower = self.vision.as_ref().ok_or_else(|| not_loaded("image"))?;
        if pictures.is_empty() {
            return Ok(Vec::new());
        }
        let pixels: Vec<&Tensor> = pictures.iter().map(|pixels| &pixels.0).collect();
        finite(tower.forward(&Tensor::stack(&pixels, 0)?)?)
    }

    /// One unit vector a text. Texts of one length go through the tower together.
    ///
    /// Errors: the text tower is not loaded, or the weights give no finite vector.
    pub fn embed_texts(&self, texts: &[Tokens]) -> Result<Vec<Vec<f32>>> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let tower = self.text.as_ref().ok_or_else(|| not_loaded("text"))?;
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|&i| texts[i].ids.len());
        let mut vectors = vec![Vec::new(); texts.len()];
        for same_length in order.chunk_by(|&a, &b| texts[a].ids.len() == texts[b].ids.len()) {
            for batch in same_length.chunks(TEXT_BATCH) {
                let ids: Vec<&[u32]> = batch.iter().map(|&i| texts[i].ids.as_slice()).collect();
                for (&i, vector) in batch.iter().zip(finite(tower.forward(&ids)?)?) {
                    vectors[i] = vector;
                }
            }
        }
        Ok(vectors)
    }
}

fn not_loaded(tower: &str) -> Error {
    Error::Model(format!("The {tower} tower is not loaded."))
}

/// The rows of `[batch, width]`, none of which may hold infinities or NaN.
fn finite(vectors: Tensor) -> Result<Vec<Vec<f32>>> {
    let rows = vectors.to_vec2::<f32>()?;
    if rows.iter().flatten().any(|x| !x.is_finite()) {
        return Err(Error::Model(
            "The weights give embeddings that are not numbers; the model is damaged or not a CLIP.".into(),
        ));
    }
    Ok(rows)
}
