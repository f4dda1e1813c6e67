//! Logits of examples whose class is known: what everything that judges a classifier starts from.

use crate::error::{Error, Result};

/// `examples × classes` logits, and the class of each example.
#[derive(Clone, Copy, Debug)]
pub struct Scored<'a> {
    logits: &'a [f32],
    classes: usize,
    labels: &'a [u32],
}

impl<'a> Scored<'a> {
    /// Errors: no example, no class, a label that is none of the classes, logits that are not `labels.len() × classes` finite
    /// numbers.
    pub fn new(logits: &'a [f32], classes: usize, labels: &'a [u32]) -> Result<Self> {
        let wrong = |what: String| Err(Error::Argument(what));
        if classes == 0 || labels.is_empty() {
            return wrong(format!("{} examples of {classes} classes", labels.len()));
        }
        if logits.len() != labels.len() * classes {
            return wrong(format!(
                "{} logits for {} examples of {classes} classes",
                logits.len(),
                labels.len()
            ));
        }
        if let Some(label) = labels.iter().find(|&&label| label as usize >= classes) {
            return wrong(format!("a label {label} of {classes} classes"));
        }
        if logits.iter().any(|logit| !logit.is_finite()) {
            return wrong("a logit that is no number".into());
        }
        Ok(Self { logits, classes, labels })
    }

    pub fn len(&self) -> usize {
        self.labels.len()
    }

    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    pub fn classes(&self) -> usize {
        self.classes
    }

    pub fn labels(&self) -> &'a [u32] {
        self.labels
    }

    /// Each example's logits with its class.
    pub fn rows(&self) -> impl Iterator<Item = (&'a [f32], usize)> + Clone {
        self.logits.chunks(self.classes).zip(self.labels.iter().map(|&label| label as usize))
    }
}

/// The greatest, the first of equal ones.
pub fn best(logits: &[f32]) -> usize {
    let better = |best: usize, (at, &logit): (usize, &f32)| if logit > logits[best] { at } else { best };
    logits.iter().enumerate().fold(0, better)
}

/// `log Σ exp`, in f64 and without overflow.
pub fn log_sum_exp(logits: impl Iterator<Item = f64> + Clone) -> f64 {
    let most = logits.clone().fold(f64::NEG_INFINITY, f64::max);
    most + logits.map(|logit| (logit - most).exp()).sum::<f64>().ln()
}

/// Probabilities: `exp(logit) / Σ exp`.
pub fn softmax(logits: impl Iterator<Item = f64> + Clone) -> Vec<f64> {
    let whole = log_sum_exp(logits.clone());
    logits.map(|logit| (logit - whole).exp()).collect()
}
