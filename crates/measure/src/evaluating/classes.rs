//! Each class's own figures, and what is taken for what.
//!
//! ```text
//! recall      right answers of a class / its pictures; its top-1
//! precision   right answers of a class / its answers
//! F₁          2 × right / (answers + pictures)
//! ```

use semblance_teach::interval::{Interval, wilson};
use semblance_teach::quality::{Cell, ClassQuality};
use serde::Serialize;

/// One class's figures; `None` where they would be 0 / 0. In JSON those of [`ClassQuality`] stand beside the others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClassEvaluation {
    #[serde(flatten)]
    pub quality: ClassQuality,
    /// Wilson's, 95 %; 0 to 1 where the class has no pictures.
    pub recall_interval: Interval,
    /// One against the rest, where the class has pictures and probabilities were kept.
    pub average_precision: Option<f64>,
}

/// The confusion matrix without its zeros, sorted by truth, then by answer.
pub fn confusion(truths: &[u32], answers: &[u32]) -> Vec<Cell> {
    let mut pairs: Vec<(u32, u32)> = truths.iter().copied().zip(answers.iter().copied()).collect();
    pairs.sort_unstable();
    let same = pairs.chunk_by(|one, other| one == other);
    same.map(|same| Cell { truth: same[0].0, answer: same[0].1, count: same.len() }).collect()
}

/// The mistakes that were made most often, those first; equal ones as they stand.
pub fn most_confused(confusion: &[Cell], at_most: usize) -> Vec<Cell> {
    let mut wrong: Vec<Cell> = confusion.iter().copied().filter(|cell| cell.truth != cell.answer).collect();
    wrong.sort_by_key(|cell| std::cmp::Reverse(cell.count));
    wrong.truncate(at_most);
    wrong
}

/// `average_precisions`: one a class, or none at all.
pub fn class_evaluations(
    confusion: &[Cell],
    classes: usize,
    average_precisions: &[Option<f64>],
) -> Vec<ClassEvaluation> {
    let mut figures = vec![ClassQuality::default(); classes];
    for &Cell { truth, answer, count } in confusion {
        figures[truth as usize].examples += count;
        figures[answer as usize].answered += count;
        figures[truth as usize].correct += if truth == answer { count } else { 0 };
    }
    let share = |part: usize, of: usize| (of > 0).then(|| part as f64 / of as f64);
    let evaluation = |(class, mut quality): (usize, ClassQuality)| {
        quality.precision = share(quality.correct, quality.answered);
        quality.recall = share(quality.correct, quality.examples);
        quality.f1 = share(2 * quality.correct, quality.answered + quality.examples);
        ClassEvaluation {
            quality,
            recall_interval: wilson(quality.correct, quality.examples),
            average_precision: average_precisions.get(class).copied().flatten(),
        }
    };
    figures.into_iter().enumerate().map(evaluation).collect()
}
