//! A card's bars, read from the page.

use anyhow::Result;
use serde::Deserialize;

use crate::{holds, near};

/// One label's bar.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Bar {
    pub(crate) label: String,
    pub(crate) probability: f64,
    pub(crate) cosine: f64,
    pub(crate) logit: f64,
    /// What a person reads.
    pub(crate) text: String,
}

/// What is true of the bars of every card that shows all labels: probabilities that add up to 1, and what is true of some.
pub(crate) fn sound(bars: &[Bar]) -> Result<()> {
    near("the sum of the probabilities", bars.iter().map(|bar| bar.probability).sum(), 1.0, 1e-4)?;
    sound_best(bars)
}

/// What is true of a card's best bars: probabilities that add up to 1 at most, best first, cosines that are cosines.
pub(crate) fn sound_best(bars: &[Bar]) -> Result<()> {
    let sum: f64 = bars.iter().map(|bar| bar.probability).sum();
    holds(
        &format!("the probabilities of some labels are no more than that of all ({sum})"),
        sum <= 1.0 + 1e-4,
    )?;
    holds("the best bar is the first", bars.is_sorted_by(|a, b| a.logit >= b.logit))?;
    holds("cosines are within -1..1", bars.iter().all(|bar| bar.cosine.abs() <= 1.0 + 1e-6))?;
    holds("probabilities are written", bars.iter().all(|bar| bar.text.contains('%') || bars.len() == 1))
}

/// The bar of a label.
pub(crate) fn of<'a>(bars: &'a [Bar], label: &str) -> Result<&'a Bar> {
    bars.iter().find(|bar| bar.label == label).ok_or_else(|| anyhow::anyhow!("there is no bar for {label:?}"))
}
