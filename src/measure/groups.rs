//! Counterfactual prompts on pictures: what a word for a group of people changes ([`semblance_measure::shift`]).

use semblance_measure::shift::{self, Bias, Group};

use super::kind::check_vectors;
use crate::classify::Encoder;
use crate::prompt::PLAIN;
use crate::{Clip, Error, Result};

/// Where the word of a group goes, and where what is said of it.
const GROUP: &str = "{group}";
const ATTRIBUTE: &str = "{attribute}";

/// Captions that differ in a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// `a woman`, `a man`; two at least.
    pub groups: Vec<String>,
    /// `a doctor`, `a nurse`.
    pub attributes: Vec<String>,
    /// With `{group}` and `{attribute}`: `a photo of {group} who is {attribute}`.
    pub prompt: String,
    /// The same without the attribute: `a photo of {group}`.
    pub base: String,
}

impl Probe {
    /// Errors: fewer than two groups, no attribute, a blank word, a place that is missing.
    fn check(&self) -> Result<()> {
        let blank = |words: &[String]| words.iter().any(|word| word.trim().is_empty());
        let wrong = if self.groups.len() < 2 || blank(&self.groups) {
            "A probe needs at least two groups, each a word or some.".into()
        } else if self.attributes.is_empty() || blank(&self.attributes) {
            "A probe needs at least one attribute, and none that is blank.".into()
        } else if !self.prompt.contains(GROUP) || !self.prompt.contains(ATTRIBUTE) {
            format!("The prompt needs {GROUP} and {ATTRIBUTE}.")
        } else if !self.base.contains(GROUP) {
            format!("The base needs {GROUP}: it is the prompt without the attribute.")
        } else {
            return Ok(());
        };
        Err(Error::Text(wrong))
    }
}

/// How much each attribute moves the model from one group to another on these pictures. `vectors`: of [`Clip::embed_images`].
///
/// Errors: a probe with fewer than two groups, no attribute, a blank word or a prompt without its places; fewer than two pictures, a
/// vector of another length; a text cannot be tokenised.
pub fn bias(clip: &mut Clip, vectors: &[impl AsRef<[f32]>], probe: &Probe, seed: u64) -> Result<Bias> {
    probe.check()?;
    let images = check_vectors(clip, vectors)?;
    let mut cosines = Vec::with_capacity(probe.groups.len());
    for group in &probe.groups {
        let prompt = probe.prompt.replace(GROUP, group);
        let texts: Vec<String> = probe.attributes.iter().map(|one| prompt.replace(ATTRIBUTE, one)).collect();
        let base = probe.base.replace(GROUP, group);
        let attributes = clip.similarity(&images, &texts, PLAIN)?.cosine;
        cosines.push((attributes, clip.similarity(&images, &[base], PLAIN)?.cosine));
    }
    let groups: Vec<Group> = cosines.iter().map(|(attributes, base)| Group { attributes, base }).collect();
    Ok(shift::bias(&groups, probe.attributes.len(), clip.logit_scale(), seed)?)
}
