//! “None of these”: which examples are of no class at all.
//!
//! ```text
//! energy      T log Σ_c exp(z_c / T)     Liu et al., “Energy-based Out-of-distribution Detection”, 2020; negated, so that more
//!                                        is more known
//! MaxLogit    max_c z_c                  Hendrycks et al., “Scaling Out-of-Distribution Detection for Real-World Settings”, 2022
//! ```
//!
//! An example is accepted where its score is at or above a threshold. Coverage is the share that is accepted, risk the share of
//! errors among those (El-Yaniv and Wiener, “On the Foundations of Noise-free Selective Classification”, 2010).

use serde::Serialize;

use crate::error::{Error, Result};
use crate::interval::quantile;
use crate::scored::log_sum_exp;

/// Of the known no more than this is refused for the sake of what is refused rightly. Ours.
pub const REFUSED_AT_MOST: f64 = 0.1;
/// Without anything unknown to go by, this share of the known is refused: what is usual in the field (Liang et al.,
/// “Enhancing The Reliability of Out-of-distribution Image Detection in Neural Networks”, 2018, judge at 95 % accepted).
pub const REFUSED: f64 = 0.05;
/// Values of J closer than this are equal.
const EQUAL: f64 = 1e-12;
/// Points of a coverage–risk curve: as many as can be drawn.
const POINTS: usize = 200;

/// The negated energy of one example's logits; higher is more known. `temperature`: above 0, and 1 for logits that were
/// calibrated.
pub fn energy(logits: &[f32], temperature: f64) -> f64 {
    temperature * log_sum_exp(logits.iter().map(|&logit| f64::from(logit) / temperature))
}

/// The greatest of one example's logits; higher is more known.
pub fn max_logit(logits: &[f32]) -> f64 {
    logits.iter().fold(f64::NEG_INFINITY, |most, &logit| most.max(f64::from(logit)))
}

/// The area under the ROC curve: how often a positive score is above a negative one, ties counted half (Mann and Whitney 1947;
/// Hanley and McNeil 1982). No number where either is empty.
pub fn auroc(positive: &[f64], negative: &[f64]) -> f64 {
    let positives = positive.iter().map(|&score| (score, true));
    let mut all: Vec<(f64, bool)> = positives.chain(negative.iter().map(|&score| (score, false))).collect();
    all.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (mut below, mut wins) = (0.0, 0.0);
    for tied in all.chunk_by(|one, other| one.0 == other.0) {
        let above = tied.iter().filter(|one| one.1).count() as f64;
        let beside = tied.len() as f64 - above;
        wins += above * (below + beside / 2.0);
        below += beside;
    }
    wins / (positive.len() as f64 * negative.len() as f64)
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// The least score that is accepted.
    pub threshold: f64,
    pub coverage: f64,
    pub risk: f64,
}

/// What is risked at which coverage, from the strictest threshold to the one that accepts all; one point for each different
/// score, and of more than 200 as many that lie evenly, the first and the last among them.
///
/// Errors: no score, one that is not finite, or another number of `correct`.
pub fn coverage_risk(scores: &[f64], correct: &[bool]) -> Result<Vec<Point>> {
    let points = all_points(scores, correct)?;
    let last = points.len() - 1;
    if last < POINTS {
        return Ok(points);
    }
    Ok((0..POINTS).map(|at| points[at * last / (POINTS - 1)]).collect())
}

fn all_points(scores: &[f64], correct: &[bool]) -> Result<Vec<Point>> {
    if scores.is_empty() || scores.len() != correct.len() || scores.iter().any(|score| !score.is_finite()) {
        let (scores, correct) = (scores.len(), correct.len());
        return Err(Error::Argument(format!(
            "{scores} scores of {correct} examples, or one that is no number"
        )));
    }
    let mut ranked: Vec<(f64, bool)> = scores.iter().copied().zip(correct.iter().copied()).collect();
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0));
    let (mut accepted, mut wrong) = (0, 0);
    let points = ranked.chunk_by(|one, other| one.0 == other.0).map(|tied| {
        accepted += tied.len();
        wrong += tied.iter().filter(|one| !one.1).count();
        Point {
            threshold: tied[0].0,
            coverage: accepted as f64 / scores.len() as f64,
            risk: wrong as f64 / accepted as f64,
        }
    });
    Ok(points.collect())
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Threshold {
    /// Scores at or above it are accepted.
    pub threshold: f64,
    /// The share of the known that is accepted, and the share of errors among it.
    pub coverage: f64,
    pub risk: f64,
    /// The share of the unknown that is refused; `None` where nothing unknown was given.
    pub background_refused: Option<f64>,
}

/// Where to draw the line between the known (`known`: scores of examples that the classifier had not seen; `correct`: whether
/// it was right about each) and everything else (`background`: scores of what is of no class).
///
/// With a background, the line with the greatest J = coverage + background refused − 1 (Youden, “Index for Rating Diagnostic
/// Tests”, 1950) among those that refuse at most [`REFUSED_AT_MOST`] of the known; the lowest of equal ones, half way to the
/// next score below. Without, the 5th percentile of the known ([`REFUSED`]).
///
/// Errors: nothing known, another number of `correct`, a score that is not finite.
pub fn choose_threshold(known: &[f64], correct: &[bool], background: &[f64]) -> Result<Threshold> {
    let points = all_points(known, correct)?;
    if background.iter().any(|score| !score.is_finite()) {
        return Err(Error::Argument("a background score that is no number".into()));
    }
    if background.is_empty() {
        let mut sorted = known.to_vec();
        sorted.sort_by(f64::total_cmp);
        return Ok(at(quantile(&sorted, REFUSED), &points, None));
    }
    let mut sorted = background.to_vec();
    sorted.sort_by(f64::total_cmp);
    let refused = |line: f64| sorted.partition_point(|&score| score < line) as f64 / sorted.len() as f64;
    let mut best = (f64::NEG_INFINITY, 0);
    for (place, point) in points.iter().enumerate() {
        let j = point.coverage + refused(point.threshold) - 1.0;
        if point.coverage >= 1.0 - REFUSED_AT_MOST && j >= best.0 - EQUAL {
            best = (j, place);
        }
    }
    let accepted = points[best.1].threshold;
    let below = points.get(best.1 + 1).map(|point| point.threshold);
    let unknown = sorted[..sorted.partition_point(|&score| score < accepted)].last().copied();
    let line = match below.into_iter().chain(unknown).reduce(f64::max) {
        Some(below) => accepted - (accepted - below) / 2.0,
        None => accepted,
    };
    Ok(at(line, &points, Some(refused(line))))
}

/// A line among the known's points, strictest first.
fn at(threshold: f64, points: &[Point], background_refused: Option<f64>) -> Threshold {
    let accepting = points.partition_point(|point| point.threshold >= threshold);
    let (coverage, risk) =
        accepting.checked_sub(1).map_or((0.0, 0.0), |last| (points[last].coverage, points[last].risk));
    Threshold { threshold, coverage, risk, background_refused }
}
