//! The learning curve: what the chosen classifier would be with fewer examples, and what it may be with twice as many.
//!
//! Five times a fifth is held out ([`crate::folds::deal`]); of what is left, m of each class are drawn, a classifier is fitted to
//! them, and asked about what was held out.

use serde::Serialize;

use crate::curve::PowerLaw;
use crate::error::Result;
use crate::examples::{Examples, Words};
use crate::folds::{deal, rest};
use crate::interval::{Interval, wilson};
use crate::method::Setting;
use crate::random::Random;
use crate::scored::best;

const FOLDS: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LearningPoint {
    /// Examples of each class; fewer of one that has no more.
    pub shots: usize,
    pub accuracy: f64,
    pub interval: Interval,
}

/// 1, 2, 4 … examples a class, up to what is there when a fifth is held out.
pub fn shots(examples: &Examples) -> Vec<usize> {
    let most = examples.counts().into_iter().max().unwrap_or(0);
    let left = most - most.div_ceil(FOLDS);
    let mut all: Vec<usize> =
        std::iter::successors(Some(1), |shots| Some(2 * shots)).take_while(|&shots| shots < left).collect();
    if left > 0 {
        all.push(left);
    }
    all
}

/// What so many examples a class come to.
///
/// Errors: as [`Setting::fit`].
pub fn learning_point(
    examples: &Examples,
    words: Option<&Words>,
    setting: Setting,
    shots: usize,
) -> Result<LearningPoint> {
    let (mut right, mut of) = (0, 0);
    for (turn, held_out) in deal(examples.labels(), examples.classes(), FOLDS).into_iter().enumerate() {
        let mut others = rest(&held_out, examples.len());
        Random(turn as u64 + 11).shuffle(&mut others);
        let mut left = vec![shots; examples.classes()];
        others.retain(|&one| {
            let left = &mut left[examples.labels()[one] as usize];
            let taken = *left > 0;
            *left = left.saturating_sub(1);
            taken
        });
        let head = setting.fit(&examples.select(&others), words)?;
        let held_out = examples.select(&held_out);
        let logits = head.logits(held_out.vectors());
        let answers = logits.rows().into_iter().map(|row| best(&row.to_vec()) as u32);
        right += answers.zip(held_out.labels()).filter(|(answer, label)| answer == *label).count();
        of += held_out.len();
    }
    Ok(LearningPoint { shots, accuracy: right as f64 / of.max(1) as f64, interval: wilson(right, of) })
}

/// The accuracy that twice the examples of the last point may bring, of shots and accuracies: errors fall as a power of the
/// number of examples. None where fewer than two points have errors.
pub fn expected(points: &[(usize, f64)]) -> Option<f64> {
    let (last, _) = points.last()?;
    let points: Vec<(f64, f64)> = points.iter().map(|&(shots, accuracy)| (shots as f64, accuracy)).collect();
    Some(1.0 - PowerLaw::fit(&points)?.error(2.0 * *last as f64))
}
