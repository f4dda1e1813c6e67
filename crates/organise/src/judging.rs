//! How sure a score is, and how corrections move that: the same for tags and for rules.
//!
//! ```text
//! P(right | s) = 1 / (1 + exp(−(s − c)))          s a score in logits, c the centre
//! c = argmax  Σ ln P(yᵢ | sᵢ)  −  (c − c₀)² / 2τ²   yᵢ whether a person said that it is right
//! ```
//!
//! A logistic regression of one parameter with a normal prior (MacKay, “Information Theory”, 2003, 41.3). Where the slope
//! is 0, c − c₀ = τ² Σ (P(sᵢ) − yᵢ): the right side falls as c rises, so there is one root, each rejection moves it up, and
//! each acceptance down.

use serde::{Deserialize, Serialize};

use crate::error::{Result, wrong};

/// τ: so far, in logits, a centre is usually from where it was without corrections. Corrections of a score at the centre
/// weigh half each, so that some four in a row move it by about two.
pub const PRIOR: f64 = 1.5;

/// What a person said of a score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// In logits.
    pub score: f64,
    pub right: bool,
}

/// P(right | score).
pub fn probability(score: f64, centre: f64) -> f64 {
    1.0 / (1.0 + (centre - score).exp())
}

/// The score from which on one is right with so much probability.
pub fn score_of(probability: f64, centre: f64) -> f64 {
    centre + (probability / (1.0 - probability)).ln()
}

/// The centre after corrections; `first` without any.
///
/// Errors: something that is no number.
pub fn centre(first: f64, marks: &[Mark]) -> Result<f64> {
    if !first.is_finite() || marks.iter().any(|mark| !mark.score.is_finite()) {
        return wrong("a score that is no number");
    }
    let variance = PRIOR * PRIOR;
    // Above zero where the centre lies too high.
    let slope = |centre: f64| {
        let pull = |mark: &Mark| probability(mark.score, centre) - f64::from(u8::from(mark.right));
        centre - first - variance * marks.iter().map(pull).sum::<f64>()
    };
    let most = variance * marks.len() as f64;
    let (mut low, mut high) = (first - most, first + most);
    // Down to the last bit of a score that anybody would see.
    while high - low > 1e-9 * (1.0 + high.abs() + low.abs()) {
        let middle = f64::midpoint(low, high);
        if slope(middle) > 0.0 { high = middle } else { low = middle }
    }
    Ok(f64::midpoint(low, high))
}

/// The least probability to take, so that of all that are taken so many are expected to be right: those with the highest
/// probabilities as long as their mean is at least `aim`. None where not even the best is. Numbers outside 0..=1 count as the nearest of both.
///
/// The mean of the probabilities is what precision is expected to be, if they are calibrated.
pub fn cut(probabilities: &mut [f32], aim: f64) -> Option<Cut> {
    probabilities.sort_unstable_by(|a, b| b.total_cmp(a));
    let mut sum = 0.0;
    let mut found = None;
    for (at, &probability) in probabilities.iter().enumerate() {
        sum += f64::from(probability.clamp(0.0, 1.0));
        let expected = sum / (at + 1) as f64;
        if expected < aim {
            // The mean of ever smaller numbers only falls.
            break;
        }
        // Equal ones are taken together or not at all.
        if probabilities.get(at + 1).is_none_or(|next| *next < probability) {
            found = Some(Cut { least: probability, expected, taken: at + 1 });
        }
    }
    found
}

/// What [`cut`] takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    pub least: f32,
    /// Precision.
    pub expected: f64,
    pub taken: usize,
}
