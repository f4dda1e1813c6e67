//! What a picture's cosines look like, whatever is on it.
//!
//! ```text
//! best cosine          c₁, the greatest with a label
//! margin               c₁ − c₂
//! entropy              H = −Σ_c p_c log p_c,   p = softmax(scale · c), in nats
//! normalised entropy   H / log classes, 0 to 1
//! best less neutral    c₁ − the greatest cosine with a neutral caption (“a photo”)
//! ```
//!
//! Confidence by the greatest probability and by entropy: Hendrycks and Gimpel, “A Baseline for Detecting Misclassified and
//! Out-of-Distribution Examples”, 2017; by cosines as they are, and against other captions: Ming et al., “Delving into
//! Out-of-Distribution Detection with Vision-Language Representations”, 2022.

use semblance_teach::scored::log_sum_exp;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, check_cosines, check_scale, wrong};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Statistic {
    BestCosine,
    Margin,
    Entropy,
    NormalisedEntropy,
    BestLessNeutral,
}

impl Statistic {
    /// Whether its numbers are the same kind of thing with other labels, of another number. Only the cosines themselves are.
    pub fn outlasts_labels(self) -> bool {
        matches!(self, Self::BestCosine | Self::BestLessNeutral)
    }
}

/// The cosines of some pictures.
#[derive(Clone, Copy, Debug)]
pub struct Cosines<'a> {
    labels: &'a [f32],
    classes: usize,
    neutral: &'a [f32],
    captions: usize,
    scale: f32,
}

impl<'a> Cosines<'a> {
    /// `labels`: `pictures × classes`, row-major; `neutral`: `pictures × captions`, none where `captions` is 0; `logit_scale`:
    /// of the model, already exp'd (100 of most).
    ///
    /// Errors: no picture, fewer than two classes, numbers that are no cosines or not so many, a scale that is not above 0.
    pub fn new(
        labels: &'a [f32],
        classes: usize,
        neutral: &'a [f32],
        captions: usize,
        logit_scale: f32,
    ) -> Result<Self> {
        if classes < 2 {
            return Err(Error::Classes(classes));
        }
        let pictures = labels.len() / classes;
        if pictures == 0 {
            return wrong("cosines of no picture");
        }
        check_cosines("cosines with the labels", labels, pictures * classes)?;
        check_cosines("cosines with the neutral captions", neutral, pictures * captions)?;
        check_scale(logit_scale)?;
        Ok(Self { labels, classes, neutral, captions, scale: logit_scale })
    }

    pub fn pictures(&self) -> usize {
        self.labels.len() / self.classes
    }

    pub fn classes(&self) -> usize {
        self.classes
    }

    pub fn logit_scale(&self) -> f32 {
        self.scale
    }

    /// Each statistic with its number of each picture; [`Statistic::BestLessNeutral`] only where there are neutral captions.
    pub fn statistics(&self) -> Vec<(Statistic, Vec<f64>)> {
        let rows = || self.labels.chunks(self.classes);
        let best: Vec<[f64; 2]> = rows().map(two_greatest).collect();
        let entropy: Vec<f64> = rows().map(|row| entropy(row, self.scale)).collect();
        let most = (self.classes as f64).ln();
        let mut all = vec![
            (Statistic::BestCosine, best.iter().map(|best| best[0]).collect()),
            (Statistic::Margin, best.iter().map(|best| best[0] - best[1]).collect()),
            (Statistic::NormalisedEntropy, entropy.iter().map(|entropy| entropy / most).collect()),
        ];
        all.insert(2, (Statistic::Entropy, entropy));
        if self.captions > 0 {
            let neutral = self.neutral.chunks(self.captions).map(greatest);
            let less = best.iter().zip(neutral).map(|(best, neutral)| best[0] - neutral);
            all.push((Statistic::BestLessNeutral, less.collect()));
        }
        all
    }
}

fn greatest(row: &[f32]) -> f64 {
    f64::from(row.iter().copied().fold(f32::NEG_INFINITY, f32::max))
}

fn two_greatest(row: &[f32]) -> [f64; 2] {
    row.iter().fold([f64::NEG_INFINITY; 2], |[first, second], &cosine| {
        let cosine = f64::from(cosine);
        if cosine > first { [cosine, first] } else { [first, second.max(cosine)] }
    })
}

/// H of softmax(scale · row): log Σ exp z − Σ p z.
fn entropy(row: &[f32], scale: f32) -> f64 {
    let logits = row.iter().map(|&cosine| f64::from(scale) * f64::from(cosine));
    let whole = log_sum_exp(logits.clone());
    logits.map(|z| (whole - z) * (z - whole).exp()).sum()
}
