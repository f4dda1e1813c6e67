//! The model: both towers, or one, and the logit scale.

use candle_core::Tensor;

use super::block::Blocks;
use super::options::{Compute, Towers};
use super::prefixes::{PASS_ROWS, Prefixes, passes};
use super::text::TextTower;
use super::vision::VisionTower;
use crate::bundle::{ClipConfig, Weights};
use crate::kernels::team::{shares, with_team};
use crate::preprocess::Pixels;
use crate::tokenizer::Tokens;
use crate::{Error, Result};

/// A CLIP model on candle tensors.
pub struct Model {
    vision: Option<VisionTower>,
    text: Option<TextTower>,
    logit_scale: f32,
}

/// Rows of pictures that go through the image tower in one pass. Outside the browser fewer: what a layer makes of more than
/// some megabytes is handed back to the system after each product, and all its pages come anew, zeroed, for the next.
const IMAGE_ROWS: usize = if cfg!(target_arch = "wasm32") { PASS_ROWS } else { 300 };

impl Model {
    /// Take the towers' tensors out of the weights, but for layers that were packed before.
    ///
    /// Errors: a tensor is missing or misshapen, or has infinite numbers or NaN, or the logit scale is no number.
    pub fn load(
        mut weights: Weights,
        mut layers: Blocks,
        config: &ClipConfig,
        towers: Towers,
        compute: Compute,
    ) -> Result<Self> {
        let (vision, text) = with_team(|| {
            let vision = match towers {
                Towers::Both | Towers::Vision => {
                    Some(VisionTower::load(&mut weights, &mut layers, config, compute)?)
                }
                Towers::Text => None,
            };
            let text = match towers {
                Towers::Both | Towers::Text => {
                    Some(TextTower::load(&mut weights, &mut layers, config, compute)?)
                }
                Towers::Vision => None,
            };
            Ok::<_, Error>((vision, text))
        })?;
        // Only now: where a whole file is missing, that is the trouble.
        if !weights.has("logit_scale") {
            return Err(Error::LogitScaleMissing);
        }
        let logit_scale = weights.take_scalar("logit_scale")?.exp();
        if !logit_scale.is_finite() {
            return Err(Error::Model(format!("exp(logit_scale) is {logit_scale}, not a number.")));
        }
        match weights.leftover(towers.prefixes()) {
            Some(name) => Err(Error::Model(format!(
                "The weights have a tensor “{name}”, which no CLIP has: this is a model of another architecture."
            ))),
            None => Ok(Self { vision, text, logit_scale }),
        }
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
        let tower = self.vision.as_ref().ok_or_else(|| Error::not_loaded("image"))?;
        let passes = shares(pictures, (IMAGE_ROWS / tower.tokens()).max(1), |pass| {
            let pixels: Vec<&Tensor> = pass.iter().map(|pixels| &pixels.0).collect();
            let pixels = Tensor::stack(&pixels, 0)?;
            finite(with_team(|| tower.forward(&pixels))?)
        });
        Ok(passes.into_iter().collect::<Result<Vec<_>>>()?.concat())
    }

    /// One unit vector a patch of a picture, row by row, along the last layer's values.
    ///
    /// Errors: as [`Model::embed_images`].
    pub fn embed_patches(&self, picture: &Pixels) -> Result<Vec<Vec<f32>>> {
        let tower = self.vision.as_ref().ok_or_else(|| Error::not_loaded("image"))?;
        let pixels = Tensor::stack(&[&picture.0], 0)?;
        let mut vectors = finite(with_team(|| tower.values(&pixels))?)?;
        vectors.remove(0);
        Ok(vectors)
    }

    /// One unit vector a text.
    ///
    /// Errors: the text tower is not loaded, or the weights give no finite vector.
    pub fn embed_texts(&self, texts: &[Tokens]) -> Result<Vec<Vec<f32>>> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let tower = self.text.as_ref().ok_or_else(|| Error::not_loaded("text"))?;
        let ids: Vec<&[u32]> = texts.iter().map(|text| tower.until_end(&text.ids)).collect();
        let mut sorted = ids.clone();
        sorted.sort_unstable();
        sorted.dedup();
        let mut vectors = Vec::new();
        for pass in passes(&sorted, PASS_ROWS) {
            vectors.extend(finite(with_team(|| tower.forward(&Prefixes::new(pass)))?)?);
        }
        // Every text is in the list that was made of them.
        Ok(ids.iter().filter_map(|ids| Some(vectors[sorted.binary_search(ids).ok()?].clone())).collect())
    }
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
