//! Groups of labels of which each picture has one: colour, material, kind.

use crate::error::{Result, wrong};
use crate::rows::{Rows, dot};

/// A picture's label of a group, and how probable it is among the group's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Facet {
    pub label: usize,
    pub probability: f64,
}

/// Of each picture the best label, with p = softmax(g · cosine) over the group's labels (Radford et al. 2021).
///
/// Errors: no labels, or vectors of several widths.
pub fn facets(pictures: Rows, labels: Rows, logit_scale: f64) -> Result<Vec<Facet>> {
    if labels.is_empty() || labels.width() != pictures.width() {
        return wrong("labels that don't fit the pictures");
    }
    if !(logit_scale.is_finite() && logit_scale > 0.0) {
        return wrong(format!("a logit scale of {logit_scale}"));
    }
    let one = |picture| {
        let logits: Vec<f64> =
            labels.iter().map(|label| logit_scale * f64::from(dot(picture, label))).collect();
        let label = (0..logits.len()).fold(0, |best, at| if logits[at] > logits[best] { at } else { best });
        let sum: f64 = logits.iter().map(|logit| (logit - logits[label]).exp()).sum();
        Facet { label, probability: 1.0 / sum }
    };
    Ok(pictures.iter().map(one).collect())
}
