//! Rules over pictures, of a library or not.

use std::collections::BTreeMap;

use semblance_organise::judging::{Mark, centre, probability};
use semblance_organise::rows::Rows;
use semblance_organise::rules::{self, Facet, Least, Rule, Words};
use semblance_prompts::NEUTRAL;

use crate::classify::Encoder;
use crate::{Clip, Result, prompt};

/// What a rule says of a picture, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// In logits.
    pub score: f64,
    /// After the marks.
    pub probability: f64,
    pub found: bool,
    /// The words that fit best on either side.
    pub label: String,
    pub against: String,
}

/// Of each rule what it says of each of the pictures, whose vectors these are; `marks`: what a person said of earlier ones, by
/// the rule's name. A rule by its precision counts pictures together ([`semblance_organise::judging::cut`]).
///
/// Errors: a rule without labels, a template without `{}`, or a text cannot be tokenised.
pub fn moderate(
    clip: &mut Clip,
    vectors: &[Vec<f32>],
    rules: &[Rule],
    marks: &BTreeMap<String, Vec<Mark>>,
) -> Result<Vec<Vec<Answer>>> {
    let width = clip.config().projection_dim;
    let pictures = vectors.concat();
    rules
        .iter()
        .map(|rule| {
            let against: Vec<String> = if rule.against.is_empty() {
                NEUTRAL.map(str::to_owned).to_vec()
            } else {
                rule.against.clone()
            };
            let template = if rule.against.is_empty() { "{}" } else { &rule.template };
            let labels = clip.embed_texts(&prompt::fill(&rule.template, &rule.labels)?)?.concat();
            let others = clip.embed_texts(&prompt::fill(template, &against)?)?.concat();
            let words = Words { labels: Rows::new(&labels, width)?, against: Rows::new(&others, width)? };
            let scored = rules::score(Rows::new(&pictures, width)?, words, f64::from(clip.logit_scale()))?;
            let centre = centre(0.0, marks.get(&rule.name).map_or(&[][..], Vec::as_slice))?;
            let probabilities: Vec<f64> = scored.iter().map(|one| probability(one.score, centre)).collect();
            let least = match rule.least {
                Least::Threshold(least) => Some(least),
                Least::Precision(aim) => {
                    let mut all: Vec<f32> = probabilities.iter().map(|p| *p as f32).collect();
                    semblance_organise::judging::cut(&mut all, aim).map(|cut| f64::from(cut.least))
                }
            };
            let answer = |(one, &probability): (&rules::Scored, &f64)| Answer {
                score: one.score,
                probability,
                // As it was rounded for the cut.
                found: least.is_some_and(|least| probability as f32 >= least as f32),
                label: rule.labels[one.label].clone(),
                against: against[one.against].clone(),
            };
            Ok(scored.iter().zip(&probabilities).map(answer).collect())
        })
        .collect()
}

/// Of each picture the best of a group's labels, and how probable it is among them.
///
/// Errors: no labels, or a text cannot be tokenised.
pub fn facets(
    clip: &mut Clip,
    vectors: &[Vec<f32>],
    labels: &[impl AsRef<str>],
    template: &str,
) -> Result<Vec<Facet>> {
    let width = clip.config().projection_dim;
    let labels: Vec<String> = labels.iter().map(|label| label.as_ref().to_owned()).collect();
    let words = clip.embed_texts(&prompt::fill(template, &labels)?)?.concat();
    let pictures = vectors.concat();
    Ok(rules::facets(Rows::new(&pictures, width)?, Rows::new(&words, width)?, f64::from(clip.logit_scale()))?)
}
