//! Nearest class mean (Mensink et al., “Distance-Based Image Classification”, 2013), on unit vectors:
//!
//! ```text
//! logit of a class = s x·μ / |μ|,  μ the mean of its examples
//! ```
//!
//! s is the model's logit scale; what it is does not change which class is nearest, and probabilities are calibrated later.
//! A class without an example has its words' vector for a mean, or, where there are none, is never the nearest.

use ndarray::Array2;

use crate::examples::{Examples, Words};
use crate::head::Head;

/// OpenAI's, where no model says one.
const LOGIT_SCALE: f32 = 100.0;

pub fn fit(examples: &Examples, words: Option<&Words>) -> Head {
    let scale = words.map_or(LOGIT_SCALE, Words::logit_scale);
    let mut means = Array2::zeros((examples.classes(), examples.dim()));
    for (vector, &label) in examples.vectors().rows().into_iter().zip(examples.labels()) {
        let mut mean = means.row_mut(label as usize);
        mean += &vector;
    }
    let mut head = Head::linear(means);
    for (class, count) in examples.counts().into_iter().enumerate() {
        let mut mean = head.weights.row_mut(class);
        if count == 0 {
            match words {
                Some(words) => mean.assign(&words.vectors().row(class)),
                None => head.bias[class] = -2.0 * scale,
            }
        }
        let length = mean.dot(&mean).sqrt();
        if length > 0.0 {
            mean *= scale / length;
        }
    }
    head
}
