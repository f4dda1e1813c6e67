//! Whether a classifier is as often right as it is sure.
//!
//! ```text
//! bin m      the examples whose confidence max_c p_c is in ((m − 1)/M, m/M], M = 15
//! ECE        Σ_m |Σ_{i in m} confidenceᵢ − rightᵢ| / n
//! Brier      Σᵢ Σ_c (pᵢ_c − [yᵢ = c])² / n          0 to 2
//! log loss   −Σᵢ log pᵢ(yᵢ) / n                     in nats
//! ```
//!
//! The diagram and its bins: Guo et al., “On Calibration of Modern Neural Networks”, 2017; the expected calibration error:
//! Naeini et al., “Obtaining Well Calibrated Probabilities Using Bayesian Binning”, 2015; Brier, “Verification of Forecasts
//! Expressed in Terms of Probability”, 1950.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::interval::{Interval, percentile};
use crate::random::Random;

/// Guo et al. have as many.
pub const BINS: usize = 15;
/// Resamples of the bootstrap, and the fewest where there are many examples: then they hardly differ.
const RESAMPLES: usize = 1000;
const RESAMPLES_AT_LEAST: usize = 100;
/// Examples that are drawn over all resamples: a fifth of a second.
const DRAWN: usize = 20_000_000;
const SEED: u64 = 2015;
/// So far above an edge still counts as on it: 1/3 is one, and its last digit is not the same in every browser.
const EDGE: f64 = 1e-9;

/// What became of one example.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// The greatest probability.
    pub confidence: f64,
    /// Whether the first class that has it is the example's.
    pub correct: bool,
    pub brier: f64,
    pub log_loss: f64,
}

impl Outcome {
    /// Of probabilities that sum to 1, one a class. A probability of 0 counts as the least number there is above it, so that
    /// the log loss stays finite.
    pub fn of(probabilities: &[f64], label: usize) -> Self {
        let best = (0..probabilities.len())
            .fold(0, |best, class| if probabilities[class] > probabilities[best] { class } else { best });
        let wrong = |(class, &p): (usize, &f64)| if class == label { (p - 1.0).powi(2) } else { p * p };
        Self {
            confidence: probabilities[best],
            correct: best == label,
            brier: probabilities.iter().enumerate().map(wrong).sum(),
            log_loss: -probabilities[label].max(f64::MIN_POSITIVE).ln(),
        }
    }

    fn bin(&self) -> usize {
        ((self.confidence * BINS as f64 - EDGE).ceil() as usize).clamp(1, BINS) - 1
    }
}

/// A bin of the diagram; `confidence` and `accuracy` are means, and 0 where it is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Bin {
    pub count: usize,
    pub confidence: f64,
    pub accuracy: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reliability {
    pub examples: usize,
    /// [`BINS`] of equal width, from 0 to 1.
    pub bins: Vec<Bin>,
    pub ece: f64,
    /// 95 % of the bootstrap's resamples. An ECE of few examples lies too high, and so does this.
    pub ece_interval: Interval,
    pub brier: f64,
    pub log_loss: f64,
    pub accuracy: f64,
    /// The mean; above the accuracy the classifier is too sure.
    pub confidence: f64,
}

impl Reliability {
    /// Of `labels.len() × classes` probabilities.
    ///
    /// Errors: no example, a label that is none of the classes, probabilities of another number or outside of 0 to 1.
    pub fn of(probabilities: &[f64], classes: usize, labels: &[u32]) -> Result<Self> {
        check_probabilities(probabilities, classes, labels)?;
        let rows = probabilities.chunks(classes).zip(labels);
        Self::of_outcomes(&rows.map(|(row, &label)| Outcome::of(row, label as usize)).collect::<Vec<_>>())
    }

    /// Errors: no example.
    pub fn of_outcomes(outcomes: &[Outcome]) -> Result<Self> {
        if outcomes.is_empty() {
            return Err(Error::Argument("the reliability of no example".into()));
        }
        let mean = |what: fn(&Outcome) -> f64| outcomes.iter().map(what).sum::<f64>() / outcomes.len() as f64;
        let mut bins = [Bin::default(); BINS];
        for outcome in outcomes {
            let bin = &mut bins[outcome.bin()];
            bin.count += 1;
            bin.confidence += outcome.confidence;
            bin.accuracy += f64::from(outcome.correct);
        }
        for bin in bins.iter_mut().filter(|bin| bin.count > 0) {
            bin.confidence /= bin.count as f64;
            bin.accuracy /= bin.count as f64;
        }
        let gaps: Vec<(usize, f64)> =
            outcomes.iter().map(|one| (one.bin(), one.confidence - f64::from(one.correct))).collect();
        Ok(Self {
            examples: outcomes.len(),
            bins: bins.to_vec(),
            ece: ece(gaps.iter().copied(), gaps.len()),
            ece_interval: bootstrap(&gaps),
            brier: mean(|one| one.brier),
            log_loss: mean(|one| one.log_loss),
            accuracy: mean(|one| f64::from(one.correct)),
            confidence: mean(|one| one.confidence),
        })
    }
}

/// `gaps`: each example's bin, and by how much it was too sure.
fn ece(gaps: impl Iterator<Item = (usize, f64)>, count: usize) -> f64 {
    let mut sums = [0.0; BINS];
    gaps.for_each(|(bin, gap)| sums[bin] += gap);
    sums.iter().map(|sum: &f64| sum.abs()).sum::<f64>() / count as f64
}

fn bootstrap(gaps: &[(usize, f64)]) -> Interval {
    let mut random = Random(SEED);
    let resamples = (DRAWN / gaps.len()).clamp(RESAMPLES_AT_LEAST, RESAMPLES);
    let mut resample = || ece((0..gaps.len()).map(|_| gaps[random.below(gaps.len())]), gaps.len());
    percentile((0..resamples).map(|_| resample()).collect())
}

/// Errors: no example, a label that is none of the classes, or anything but `labels.len() × classes` numbers from 0 to 1.
pub fn check_probabilities(probabilities: &[f64], classes: usize, labels: &[u32]) -> Result<()> {
    let wrong = |what: String| Err(Error::Argument(what));
    if classes == 0 || labels.is_empty() || probabilities.len() != labels.len() * classes {
        let (given, examples) = (probabilities.len(), labels.len());
        return wrong(format!("{given} probabilities for {examples} examples of {classes} classes"));
    }
    if let Some(label) = labels.iter().find(|&&label| label as usize >= classes) {
        return wrong(format!("a label {label} of {classes} classes"));
    }
    match probabilities.iter().find(|p| !(0.0..=1.0 + 1e-9).contains(*p)) {
        Some(p) => wrong(format!("a probability of {p}")),
        None => Ok(()),
    }
}
