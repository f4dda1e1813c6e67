//! A classifier that was taught: from vectors to probabilities, and to how well known what they show is.
//!
//! ```text
//! z      = calibration(head(x))
//! p      = softmax(z)
//! known  = log Σ exp(z)                            energy (Liu et al. 2020), negated
//!        − log Σ exp(s C x / T)                    where there are captions C that mean nothing in particular
//! ```
//!
//! Captions are an option that nobody gets unasked: on pictures of other things pocket's energy alone is the better score
//! (`docs/teaching.md`), since what captions say varies more from picture to picture than what the classes say.

use ndarray::{Array2, ArrayView2};
use serde::{Deserialize, Serialize};

use crate::calibration::Calibration;
use crate::error::{Error, Result};
use crate::examples::unit_rows;
use crate::head::Head;
use crate::method::Setting;
use crate::open_set::energy;
use crate::scored::softmax;

/// What is known of a classifier besides its numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct About {
    /// The classes' names, in order.
    pub classes: Vec<String>,
    /// The SHA-256 of the model's weights, in hexadecimal: vectors of no other model mean anything here.
    pub model: String,
    /// The words that stood for each class, or none where there were none.
    pub prompts: Vec<String>,
    pub setting: Setting,
    /// How many examples it was taught with.
    pub examples: usize,
    /// The share of held-out examples that it was right about, where any were held out.
    pub accuracy: Option<f64>,
    /// `known` below this is none of the classes; none where nothing is refused.
    pub threshold: Option<f64>,
    pub calibration: Calibration,
}

/// Captions that mean nothing in particular: `n × dim` unit vectors, and by what their cosines are multiplied: the logit scale
/// over T.
#[derive(Clone, Debug, PartialEq)]
pub struct Captions {
    pub vectors: Array2<f32>,
    pub scale: f32,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Classifier {
    pub about: About,
    pub head: Head,
    pub captions: Option<Captions>,
}

/// Of each vector, in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    /// `n × classes` probabilities.
    pub probabilities: Vec<f32>,
    /// How well known each is; compared with [`About::threshold`].
    pub known: Vec<f32>,
}

impl Classifier {
    pub fn dim(&self) -> usize {
        self.head.weights.ncols()
    }

    /// `vectors`: one after another, of the model that [`About::model`] names.
    ///
    /// Errors: vectors that are not finite numbers in rows of [`Classifier::dim`], or one that is all zero; as
    /// [`Classifier::finish`].
    pub fn classify(&self, vectors: Vec<f32>) -> Result<Answers> {
        let vectors = unit_rows(vectors, self.dim())?;
        let mut logits = self.head.logits(vectors.view());
        let mut answers = Answers { probabilities: Vec::with_capacity(logits.len()), known: Vec::new() };
        let known = self.finish(vectors.view(), &mut logits)?;
        answers.known = known.into_iter().map(|known| known as f32).collect();
        for row in logits.rows() {
            let probabilities = softmax(row.iter().map(|&logit| f64::from(logit)));
            answers.probabilities.extend(probabilities.into_iter().map(|probability| probability as f32));
        }
        Ok(answers)
    }

    /// Calibrate logits, and say how well known their vectors are.
    ///
    /// Errors: numbers too large for f32, as a damaged file or a logit scale without measure may bring about.
    pub fn finish(&self, vectors: ArrayView2<'_, f32>, logits: &mut Array2<f32>) -> Result<Vec<f64>> {
        for mut row in logits.rows_mut() {
            let row =
                row.as_slice_mut().ok_or_else(|| Error::Argument("logits that do not lie in rows".into()))?;
            self.about.calibration.apply(row);
        }
        let known = known(vectors, logits, self.captions.as_ref());
        // A logit that is no number leaves none here.
        match known.iter().all(|known| known.abs() <= f64::from(f32::MAX)) {
            true => Ok(known),
            false => Err(Error::Argument("a logit that is no number".into())),
        }
    }
}

/// How well known pictures are, by their calibrated logits: `n × classes`.
pub fn known(vectors: ArrayView2<'_, f32>, logits: &Array2<f32>, captions: Option<&Captions>) -> Vec<f64> {
    let said = captions.map(|captions| vectors.dot(&captions.vectors.t()) * captions.scale);
    let of = |row: usize| {
        let classes = energy(&logits.row(row).to_vec(), 1.0);
        classes - said.as_ref().map_or(0.0, |said| energy(&said.row(row).to_vec(), 1.0))
    };
    (0..logits.nrows()).map(of).collect()
}
