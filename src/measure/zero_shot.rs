//! Zero-shot classification of pictures whose classes are known.
//!
//! ```text
//! z[i,c] = scale · x_i w_c        x: a picture's unit vector, w: a class's, of one prompt or of several (`crate::prompt`)
//! ```

use semblance_measure::evaluation::Evaluated;
use semblance_measure::tally::Tally;

use super::kind::check_vectors;
use crate::classify::Encoder;
use crate::prompt::Templates;
use crate::{Clip, Result, prompt};

/// The classes' vectors with the logit scale in them, so that pictures can come one by one.
#[derive(Clone, Debug, PartialEq)]
pub struct ZeroShot {
    scale: f32,
    classes: Vec<Vec<f32>>,
}

impl ZeroShot {
    /// Labels put into a template, or into several whose vectors are averaged; a class each.
    ///
    /// Errors: there are no labels or a blank one, a template has no `{}`, a text cannot be tokenised.
    pub fn new<'a>(
        clip: &mut Clip,
        labels: &[impl AsRef<str>],
        templates: impl Into<Templates<'a>>,
    ) -> Result<Self> {
        let classes = clip.embed_texts(&prompt::fill(templates, labels)?)?;
        Ok(Self::of_vectors(classes, clip.logit_scale()))
    }

    /// Of vectors that were computed before, all of one length. `logit_scale`: the model's, already exp'd.
    pub fn of_vectors(classes: Vec<Vec<f32>>, logit_scale: f32) -> Self {
        Self { scale: logit_scale, classes }
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.classes.len()
    }

    /// A picture's logits, one a class: cosine × logit scale, as [`Clip::similarity`] has them. `vector`: of the same model.
    pub fn logits(&self, vector: &[f32]) -> Vec<f32> {
        let dot = |class: &Vec<f32>| class.iter().zip(vector).map(|(w, x)| w * x).sum::<f32>();
        self.classes.iter().map(|class| self.scale * dot(class)).collect()
    }
}

/// Zero-shot classification of pictures whose classes are known: all that [`semblance_measure`] says of it. `vectors`: the
/// pictures', of [`Clip::embed_images`]; `truths`: of each the place of its label among `labels`. The same seed gives the same
/// intervals.
///
/// Errors: as [`ZeroShot::new`]; a vector of another length; not one truth a picture, or one that is none of the labels; fewer
/// than two labels; no picture.
pub fn evaluate<'a>(
    clip: &mut Clip,
    vectors: &[impl AsRef<[f32]>],
    truths: &[u32],
    labels: &[impl AsRef<str>],
    templates: impl Into<Templates<'a>>,
    seed: u64,
) -> Result<Evaluated> {
    check_vectors(clip, vectors)?;
    if truths.len() != vectors.len() {
        let told = format!("{} truths for {} pictures", truths.len(), vectors.len());
        return Err(semblance_measure::Error::Argument(told).into());
    }
    let zero_shot = ZeroShot::new(clip, labels, templates)?;
    let mut tally = Tally::new(zero_shot.classes(), true)?;
    tally.reserve(truths.len());
    for (vector, &truth) in vectors.iter().zip(truths) {
        tally.push(&zero_shot.logits(vector.as_ref()), truth)?;
    }
    Ok(tally.finish(seed)?)
}
