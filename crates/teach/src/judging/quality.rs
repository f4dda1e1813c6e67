//! How good a classifier is, class by class, and what would help it.
//!
//! ```text
//! precision   right answers of a class / its answers
//! recall      right answers of a class / its examples
//! F₁          2 × right / (answers + examples), their harmonic mean
//! ```

use serde::Serialize;

use crate::error::{Error, Result};
use crate::interval::{Interval, wilson};
use crate::scored::{Scored, best, softmax};

/// How often one class's examples were taken for one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    pub truth: u32,
    pub answer: u32,
    pub count: usize,
}

/// The confusion matrix without its zeros, so that a thousand classes are no million numbers: sorted by truth, then by answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Confusion {
    cells: Vec<Cell>,
}

impl Confusion {
    pub fn of(scored: &Scored) -> Self {
        let mut pairs: Vec<(u32, u32)> =
            scored.rows().map(|(row, label)| (label as u32, best(row) as u32)).collect();
        pairs.sort_unstable();
        let cells = pairs.chunk_by(|one, other| one == other);
        let cells = cells.map(|same| Cell { truth: same[0].0, answer: same[0].1, count: same.len() });
        Self { cells: cells.collect() }
    }

    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// What the examples of a class were taken for.
    pub fn row(&self, truth: u32) -> &[Cell] {
        let from = self.cells.partition_point(|cell| cell.truth < truth);
        let to = self.cells.partition_point(|cell| cell.truth <= truth);
        &self.cells[from..to]
    }

    pub fn count(&self, truth: u32, answer: u32) -> usize {
        self.row(truth).iter().find(|cell| cell.answer == answer).map_or(0, |cell| cell.count)
    }

    /// The mistakes that were made most often, those first; equal ones as they stand.
    pub fn most_confused(&self, at_most: usize) -> Vec<Cell> {
        let mut wrong: Vec<Cell> =
            self.cells.iter().copied().filter(|cell| cell.truth != cell.answer).collect();
        wrong.sort_by_key(|cell| std::cmp::Reverse(cell.count));
        wrong.truncate(at_most);
        wrong
    }
}

/// One class's figures; `None` where they would be 0 / 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct ClassQuality {
    pub examples: usize,
    /// How often it was the answer.
    pub answered: usize,
    pub correct: usize,
    pub precision: Option<f64>,
    pub recall: Option<f64>,
    pub f1: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Quality {
    pub examples: usize,
    pub correct: usize,
    pub accuracy: f64,
    /// Wilson's, 95 %.
    pub accuracy_interval: Interval,
    /// The mean recall of the classes that have examples.
    pub balanced_accuracy: f64,
    pub confusion: Confusion,
    pub classes: Vec<ClassQuality>,
}

impl Quality {
    /// Of the answers with the greatest logits, the first of equal ones.
    pub fn of(scored: &Scored) -> Self {
        let confusion = Confusion::of(scored);
        let mut classes = vec![ClassQuality::default(); scored.classes()];
        for &Cell { truth, answer, count } in confusion.cells() {
            classes[truth as usize].examples += count;
            classes[answer as usize].answered += count;
            classes[truth as usize].correct += if truth == answer { count } else { 0 };
        }
        let share = |part: usize, of: usize| (of > 0).then(|| part as f64 / of as f64);
        for class in &mut classes {
            class.precision = share(class.correct, class.answered);
            class.recall = share(class.correct, class.examples);
            class.f1 = share(2 * class.correct, class.answered + class.examples);
        }
        let correct = classes.iter().map(|class| class.correct).sum();
        let recalls: Vec<f64> = classes.iter().filter_map(|class| class.recall).collect();
        Self {
            examples: scored.len(),
            correct,
            accuracy: correct as f64 / scored.len() as f64,
            accuracy_interval: wilson(correct, scored.len()),
            balanced_accuracy: recalls.iter().sum::<f64>() / recalls.len() as f64,
            confusion,
            classes,
        }
    }

    /// The classes that more examples would help most, those first; equal ones as they stand:
    ///
    /// ```text
    /// need = (1 − r) / (n + 1),   r = (right + 1) / (n + 2)
    /// ```
    ///
    /// r is the recall by Laplace's rule of succession. Under the power law of [`crate::curve`] the error falls by
    /// b × error / n with one more example, so what is ranked is that with the same b for all and the new example counted.
    pub fn needs(&self) -> Vec<Need> {
        let need = |class: &ClassQuality| {
            let n = class.examples as f64;
            (1.0 - (class.correct as f64 + 1.0) / (n + 2.0)) / (n + 1.0)
        };
        let mut needs: Vec<Need> =
            self.classes.iter().zip(0..).map(|(one, class)| Need { class, need: need(one) }).collect();
        needs.sort_by(|one, other| other.need.total_cmp(&one.need));
        needs
    }
}

/// What one more example of a class would help, 0 to 1/2.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Need {
    pub class: u32,
    pub need: f64,
}

/// An example between two classes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Doubt {
    pub example: usize,
    pub answer: u32,
    pub second: u32,
    /// p₁ − p₂.
    pub margin: f64,
}

/// The examples with the smallest margins, those first, up to `at_most` (margin sampling: Scheffer et al., “Active Hidden
/// Markov Models for Information Extraction”, 2001). `logits`: `n × classes`, calibrated already; a label is not needed.
///
/// Errors: fewer than two classes, or logits that are not whole rows of finite numbers.
pub fn most_doubtful(logits: &[f32], classes: usize, at_most: usize) -> Result<Vec<Doubt>> {
    if classes < 2 {
        return Err(Error::Classes(classes));
    }
    if !logits.len().is_multiple_of(classes) || logits.iter().any(|logit| !logit.is_finite()) {
        return Err(Error::Argument(format!("{} logits of {classes} classes", logits.len())));
    }
    let mut doubts: Vec<Doubt> = logits.chunks(classes).enumerate().map(doubt).collect();
    doubts.sort_by(|one, other| one.margin.total_cmp(&other.margin));
    doubts.truncate(at_most);
    Ok(doubts)
}

fn doubt((example, row): (usize, &[f32])) -> Doubt {
    let answer = best(row);
    let second =
        (0..row.len()).filter(|&class| class != answer).reduce(|a, b| if row[b] > row[a] { b } else { a });
    let second = second.unwrap_or(answer);
    let probabilities = softmax(row.iter().map(|&logit| f64::from(logit)));
    let margin = probabilities[answer] - probabilities[second];
    Doubt { example, answer: answer as u32, second: second as u32, margin }
}
