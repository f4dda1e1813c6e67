//! Probabilities that can be believed: of nothing, one temperature, and a factor and a bias a class, the one with the least log
//! loss on examples that it was not fitted on.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::reliability::{Outcome, Reliability};
use crate::scored::{Scored, softmax};
use crate::temperature::fit_temperature;
use crate::vector_scaling::fit_vector_scaling;

/// `logit ← scale × logit + bias`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// One for all classes, or one a class.
    pub scale: Vec<f32>,
    /// None at all, or one a class.
    pub bias: Vec<f32>,
}

impl Calibration {
    /// Logits stay as they are.
    pub fn as_is() -> Self {
        Self::temperature(1.0)
    }

    /// Logits are divided by T.
    pub fn temperature(temperature: f64) -> Self {
        Self { scale: vec![(1.0 / temperature) as f32], bias: Vec::new() }
    }

    /// Errors: numbers for another number of classes, or something that is no number. One that was read from a file is asked
    /// before it is applied.
    pub fn check(&self, classes: usize) -> Result<()> {
        let fits = [1, classes].contains(&self.scale.len()) && [0, classes].contains(&self.bias.len());
        if !fits || self.scale.iter().chain(&self.bias).any(|number| !number.is_finite()) {
            let (scale, bias) = (self.scale.len(), self.bias.len());
            return Err(Error::Argument(format!(
                "a calibration of {scale} factors and {bias} biases for {classes} classes"
            )));
        }
        Ok(())
    }

    /// Calibrate the logits of one example, one a class.
    pub fn apply(&self, logits: &mut [f32]) {
        match self.scale[..] {
            [scale] => logits.iter_mut().for_each(|logit| *logit *= scale),
            _ => logits.iter_mut().zip(&self.scale).for_each(|(logit, scale)| *logit *= scale),
        }
        logits.iter_mut().zip(&self.bias).for_each(|(logit, bias)| *logit += bias);
    }

    fn outcome(&self, logits: &[f32], label: usize) -> Outcome {
        let mut logits = logits.to_vec();
        self.apply(&mut logits);
        Outcome::of(&softmax(logits.iter().map(|&logit| f64::from(logit))), label)
    }
}

/// Which calibration it is, the simplest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    AsIs,
    Temperature,
    Vector,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calibrated {
    /// Fitted on all examples.
    pub calibration: Calibration,
    pub kind: Kind,
    pub before: Reliability,
    /// Each example calibrated by what was fitted on the other folds.
    pub after: Reliability,
}

/// Choose and fit a calibration. `scored`: logits of examples that the classifier had not seen; `folds`: of each example the
/// fold that it belongs to, by any numbers.
///
/// Each kind is fitted once without each fold and judged on it; the least mean log loss wins, the simpler kind where two are
/// equal. A kind counts only where it can be fitted without every fold ([`fit_vector_scaling`] says when). That one of three is
/// chosen on the same folds flatters `after` a little.
///
/// Errors: folds of another number of examples, or fewer than two folds.
pub fn calibrate(scored: &Scored, folds: &[u32]) -> Result<Calibrated> {
    if folds.len() != scored.len() {
        return Err(Error::Argument(format!("{} folds for {} examples", folds.len(), scored.len())));
    }
    let mut names = folds.to_vec();
    names.sort_unstable();
    names.dedup();
    if names.len() < 2 {
        return Err(Error::Argument("a calibration needs at least two folds".into()));
    }
    let plain: Vec<Outcome> =
        scored.rows().map(|(row, label)| Calibration::as_is().outcome(row, label)).collect();
    let mut temperature = Some(plain.clone());
    let mut vector = Some(plain.clone());
    for name in names {
        let fitted = Fitted::of(&without(scored, folds, name)?.scored()?);
        judge(&mut temperature, Some(&fitted.temperature), scored, folds, name);
        judge(&mut vector, fitted.vector.as_ref(), scored, folds, name);
    }
    let mut best = (Kind::AsIs, plain.clone());
    for (kind, outcomes) in [(Kind::Temperature, temperature), (Kind::Vector, vector)] {
        if let Some(outcomes) = outcomes.filter(|outcomes| log_loss(outcomes) < log_loss(&best.1)) {
            best = (kind, outcomes);
        }
    }
    let (kind, outcomes) = best;
    let fitted = Fitted::of(scored);
    let calibration = match (kind, fitted.vector) {
        (Kind::AsIs, _) => Calibration::as_is(),
        (Kind::Vector, Some(vector)) => vector,
        _ => fitted.temperature,
    };
    let (before, after) = (Reliability::of_outcomes(&plain)?, Reliability::of_outcomes(&outcomes)?);
    Ok(Calibrated { calibration, kind, before, after })
}

/// The kinds that have something to fit.
struct Fitted {
    temperature: Calibration,
    vector: Option<Calibration>,
}

impl Fitted {
    fn of(scored: &Scored) -> Self {
        let temperature = fit_temperature(scored);
        let single = |numbers: Vec<f64>| numbers.into_iter().map(|number| number as f32).collect();
        let vector = fit_vector_scaling(scored, temperature);
        let vector = vector.map(|fit| Calibration { scale: single(fit.scale), bias: single(fit.bias) });
        Self { temperature: Calibration::temperature(temperature), vector }
    }
}

/// Put what a calibration makes of a fold in its place; without a calibration none of it counts.
fn judge(
    outcomes: &mut Option<Vec<Outcome>>,
    calibration: Option<&Calibration>,
    scored: &Scored,
    folds: &[u32],
    fold: u32,
) {
    let Some(calibration) = calibration else { return *outcomes = None };
    let Some(outcomes) = outcomes else { return };
    for ((outcome, (row, label)), _) in
        outcomes.iter_mut().zip(scored.rows()).zip(folds).filter(|(_, of)| **of == fold)
    {
        *outcome = calibration.outcome(row, label);
    }
}

fn log_loss(outcomes: &[Outcome]) -> f64 {
    outcomes.iter().map(|outcome| outcome.log_loss).sum::<f64>() / outcomes.len() as f64
}

/// What is not of a fold.
struct Rest {
    logits: Vec<f32>,
    classes: usize,
    labels: Vec<u32>,
}

impl Rest {
    fn scored(&self) -> Result<Scored<'_>> {
        Scored::new(&self.logits, self.classes, &self.labels)
    }
}

fn without(scored: &Scored, folds: &[u32], fold: u32) -> Result<Rest> {
    let kept = || scored.rows().zip(folds).filter(|(_, of)| **of != fold).map(|(example, _)| example);
    Ok(Rest {
        logits: kept().flat_map(|(row, _)| row).copied().collect(),
        classes: scored.classes(),
        labels: kept().map(|(_, label)| label as u32).collect(),
    })
}
