//! Examples that are probably in the wrong class: confident learning (Northcutt, Jiang and Chuang, “Confident Learning:
//! Estimating Uncertainty in Dataset Labels”, 2021).
//!
//! ```text
//! t_j      the mean p_j of the examples that are given as j
//! likely   the class whose p_j ≥ t_j; of several the class with the greatest p; of none there is no guess
//! ```
//!
//! An example is counted at (given, likely) of the confident joint, and those beside its diagonal are the candidates. Those
//! whose given class is the answer anyway are left out.

use serde::Serialize;

use crate::error::Result;
use crate::reliability::check_probabilities;

/// Probabilities closer than this are equal, and no threshold is below twice that (cleanlab's).
const EQUAL: f64 = 1e-6;

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mistake {
    pub example: usize,
    pub given: u32,
    pub likely: u32,
    /// The probability of the given class.
    pub self_confidence: f64,
}

/// The candidates, the least self-confident first, equal ones in their order. `probabilities`: `labels.len() × classes`, each
/// row of a classifier that had not seen that example. cleanlab's `find_label_issues(filter_by="confident_learning",
/// return_indices_ranked_by="self_confidence")` finds the same.
///
/// Errors: no example, a label that is none of the classes, probabilities of another number or outside of 0 to 1.
pub fn find_mistakes(probabilities: &[f64], classes: usize, labels: &[u32]) -> Result<Vec<Mistake>> {
    check_probabilities(probabilities, classes, labels)?;
    let rows = || probabilities.chunks(classes).zip(labels.iter().copied());
    let thresholds = thresholds(rows(), classes);
    let mut mistakes: Vec<Mistake> = rows()
        .enumerate()
        .filter_map(|(example, (row, given))| {
            let likely = likely(row, &thresholds)? as u32;
            let self_confidence = row[given as usize];
            let answered = stands(row, given as usize);
            (likely != given && !answered).then_some(Mistake { example, given, likely, self_confidence })
        })
        .collect();
    mistakes.sort_by(|one, other| one.self_confidence.total_cmp(&other.self_confidence));
    Ok(mistakes)
}

/// t; no example is confidently of a class that was never given.
fn thresholds<'a>(rows: impl Iterator<Item = (&'a [f64], u32)>, classes: usize) -> Vec<f64> {
    let mut sums = vec![(0.0, 0usize); classes];
    for (row, given) in rows {
        let (sum, count) = &mut sums[given as usize];
        *sum += row[given as usize];
        *count += 1;
    }
    let mean = |(sum, count): (f64, usize)| (sum / count as f64).max(2.0 * EQUAL);
    sums.into_iter().map(|sum| if sum.1 == 0 { f64::INFINITY } else { mean(sum) }).collect()
}

/// Of several confident classes the paper takes the one with the greatest p, cleanlab the greatest of all classes, as here:
/// where thresholds differ that may be one that did not reach its own.
fn likely(row: &[f64], thresholds: &[f64]) -> Option<usize> {
    let mut confident = (0..row.len()).filter(|&class| row[class] >= thresholds[class] - EQUAL);
    let one = confident.next()?;
    Some(if confident.next().is_none() { one } else { greatest(row) })
}

/// The first of equal ones.
fn greatest(row: &[f64]) -> usize {
    (0..row.len()).fold(0, |best, class| if row[class] > row[best] { class } else { best })
}

/// Whether the given class is the answer; of equal ones it is.
fn stands(row: &[f64], given: usize) -> bool {
    let own = row[given] + EQUAL;
    (0..row.len())
        .all(|class| class == given || if class < given { row[class] < own } else { row[class] <= own })
}
