//! One rule, and what it says of a picture.

use serde::{Deserialize, Serialize};

use crate::error::{Result, wrong};
use crate::rows::{Rows, dot};

/// What is done with a picture that a rule finds. Only whoever shows pictures does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    Hide,
    Blur,
    Tag,
    List,
}

/// What a person writes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    pub name: String,
    /// Any of them.
    pub labels: Vec<String>,
    /// What a picture shows otherwise; nothing: captions that mean nothing in particular.
    #[serde(default)]
    pub against: Vec<String>,
    /// Of both.
    pub template: String,
    #[serde(flatten)]
    pub least: Least,
    pub action: Action,
}

/// From where on a picture is found.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Least {
    /// By its own probability, 0..1.
    Threshold(f64),
    /// So that of all that are found together such a share is expected to be right ([`crate::judging::cut`]); of a single picture that
    /// is its probability.
    Precision(f64),
}

/// The vectors of a rule's labels and of what is against them.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    pub labels: Rows<'a>,
    pub against: Rows<'a>,
}

/// What a rule says of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Scored {
    /// In logits; above 0 the labels fit better than what is against them.
    pub score: f64,
    /// The label and the other that fit best: why.
    pub label: usize,
    pub against: usize,
}

/// Of each picture
///
/// ```text
/// score = ln Σ exp(g · cos(picture, label)) − ln Σ exp(g · cos(picture, against))       g the logit scale
/// ```
///
/// which is the logit of the labels' share in the softmax over all of them: zero-shot classification with two classes of
/// several prompts each (Radford et al. 2021). It needs no library, so that a threshold holds for new pictures too.
///
/// Errors: no words on a side, vectors of several widths, a logit scale that is none.
pub fn score(pictures: Rows, words: Words, logit_scale: f64) -> Result<Vec<Scored>> {
    let Words { labels, against } = words;
    if labels.is_empty() || against.is_empty() {
        return wrong("a rule without words");
    }
    if labels.width() != pictures.width() || against.width() != pictures.width() {
        return wrong("words and pictures of several models");
    }
    if !(logit_scale.is_finite() && logit_scale > 0.0) {
        return wrong(format!("a logit scale of {logit_scale}"));
    }
    let side = |picture: &[f32], words: Rows| {
        let logits: Vec<f64> = words.iter().map(|word| logit_scale * f64::from(dot(picture, word))).collect();
        let best = (0..logits.len()).fold(0, |best, at| if logits[at] > logits[best] { at } else { best });
        let sum: f64 = logits.iter().map(|logit| (logit - logits[best]).exp()).sum();
        (logits[best] + sum.ln(), best)
    };
    let one = |picture| {
        let ((with, label), (without, against)) = (side(picture, labels), side(picture, against));
        Scored { score: with - without, label, against }
    };
    Ok(pictures.iter().map(one).collect())
}
