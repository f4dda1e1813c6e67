//! How a rule does on what a person corrected.

use semblance_teach::interval::{Interval, wilson};
use serde::Serialize;

use crate::error::{Result, wrong};
use crate::judging::{Mark, centre, probability};

/// Of those marked.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub marked: usize,
    /// That the rule finds as it stands now, and how many of them are right.
    pub found: usize,
    pub right: usize,
    /// Right ones that it does not find.
    pub missed: usize,
    /// None where it finds none of those marked.
    pub precision: Option<f64>,
    /// Wilson's, 95 %.
    pub interval: Option<Interval>,
    /// The scores' centre now.
    pub centre: f64,
}

/// `threshold`: the least probability that counts as found.
///
/// The marks moved the centre themselves, so of few of them this is flattering; each further one tells more.
///
/// Errors: a threshold outside 0..1, a score that is no number.
pub fn report(marks: &[Mark], threshold: f64) -> Result<Report> {
    if !(threshold > 0.0 && threshold < 1.0) {
        return wrong(format!("a threshold of {threshold}"));
    }
    let centre = centre(0.0, marks)?;
    let finds = |mark: &&Mark| probability(mark.score, centre) >= threshold;
    let (found, right) =
        (marks.iter().filter(finds).count(), marks.iter().filter(finds).filter(|mark| mark.right).count());
    let missed = marks.iter().filter(|mark| mark.right).count() - right;
    let precision = (found > 0).then(|| right as f64 / found as f64);
    let interval = (found > 0).then(|| wilson(right, found));
    Ok(Report { marked: marks.len(), found, right, missed, precision, interval, centre })
}
