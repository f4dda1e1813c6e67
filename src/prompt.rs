//! Labels → prompts through a template, or through several of them, whose vectors are averaged.
//!
//! Radford et al. 2021, section 3.1.4: of each class the prompts of all templates are embedded, and the mean of their unit
//! vectors, made a unit vector, stands for the class:
//!
//! ```text
//! w = Σ tᵢ / ‖Σ tᵢ‖,   tᵢ = text(templateᵢ(label)) / ‖text(templateᵢ(label))‖
//! ```
//! Words that mean the same (`cat`, `kitty`) are averaged in the same way. Such an ensemble is a text like any other: its
//! prompts, divided by [`WITH`], so that its vector is kept under them, as a single prompt's is.

use std::collections::HashSet;

use crate::{Error, Result};

/// Where a label goes in a template.
pub const SLOT: &str = "{}";

/// The template that leaves a text as it is.
pub const PLAIN: &str = SLOT;

/// Between the words of one label, and between the prompts of one text (the unit separator, which nobody types).
pub const WITH: char = '\u{1f}';

/// One template or several.
#[derive(Clone, Debug)]
pub struct Templates<'a>(Vec<&'a str>);

impl<'a> From<&'a str> for Templates<'a> {
    fn from(template: &'a str) -> Self {
        Self(vec![template])
    }
}

impl<'a> From<&'a String> for Templates<'a> {
    fn from(template: &'a String) -> Self {
        Self(vec![template])
    }
}

impl<'a, S: AsRef<str>> From<&'a [S]> for Templates<'a> {
    fn from(templates: &'a [S]) -> Self {
        Self(templates.iter().map(AsRef::as_ref).collect())
    }
}

impl<'a, S: AsRef<str>> From<&'a Vec<S>> for Templates<'a> {
    fn from(templates: &'a Vec<S>) -> Self {
        templates.as_slice().into()
    }
}

/// One label that has several words, whose vectors are averaged: `cat`, `kitty`.
pub fn synonyms(words: &[impl AsRef<str>]) -> String {
    words.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(&WITH.to_string())
}

/// The word by which a label is called: the first of several.
pub fn name(label: &str) -> &str {
    label.split(WITH).next().unwrap_or(label)
}

/// Every label put where `{}` stands, as `template.format(label)` does in HF's zero-shot pipeline. Of several templates, or of
/// a label with several words, a text has all their prompts.
///
/// Errors: there is no template, or one has no `{}`; there are no labels, or one is blank.
pub fn fill<'a>(templates: impl Into<Templates<'a>>, labels: &[impl AsRef<str>]) -> Result<Vec<String>> {
    let Templates(templates) = templates.into();
    if templates.is_empty() {
        return Err(Error::Text("There is no template to put the labels into.".into()));
    }
    if let Some(template) = templates.iter().find(|template| !template.contains(SLOT)) {
        return Err(Error::Text(format!(
            "The template “{template}” has no {SLOT}, so every label would give the same prompt. Put {SLOT} where the label goes."
        )));
    }
    check(labels)?;
    let prompts = |label: &str| {
        let each =
            templates.iter().flat_map(|template| label.split(WITH).map(|word| template.replace(SLOT, word)));
        each.collect::<Vec<_>>().join(&WITH.to_string())
    };
    Ok(labels.iter().map(|label| prompts(label.as_ref())).collect())
}

/// Refuse what nothing can be compared with: no labels at all, and blank ones.
pub fn check(labels: &[impl AsRef<str>]) -> Result<()> {
    if labels.is_empty() {
        return Err(Error::Text("There are no labels to compare with.".into()));
    }
    let blank = |label: &str| label.split(WITH).any(|word| word.trim().is_empty());
    match labels.iter().position(|label| blank(label.as_ref())) {
        None => Ok(()),
        Some(at) => Err(Error::Text(format!(
            "Label {} of {} is blank: there is nothing in it to compare a picture with.",
            at + 1,
            labels.len()
        ))),
    }
}

/// Labels without the space around them, equal ones once, in the order of their first.
pub fn distinct<L: AsRef<str>>(labels: &[L]) -> Vec<&str> {
    let mut seen = HashSet::new();
    labels.iter().map(|label| label.as_ref().trim()).filter(|label| seen.insert(*label)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_fill_every_slot() {
        assert_eq!(fill("a {} and a {}", &["cat"]).unwrap(), ["a cat and a cat"]);
        assert_eq!(fill(PLAIN, &["{}", "a"]).unwrap(), ["{}", "a"]);
        assert!(fill("a photo", &["cat"]).unwrap_err().to_string().contains("{}"));
        assert!(fill(PLAIN, &[""; 0]).is_err());
    }

    #[test]
    fn several_templates_and_words_are_one_text() {
        let labels = [synonyms(&["cat", "kitty"]), "dog".into()];
        let texts = fill(&["a {}", "the {}"][..], &labels).unwrap();
        assert_eq!(texts, ["a cat\u{1f}a kitty\u{1f}the cat\u{1f}the kitty", "a dog\u{1f}the dog"]);
        assert_eq!((name(&labels[0]), name("dog")), ("cat", "dog"));
        assert!(fill(&["a {}", "the"][..], &labels).is_err() && fill(&[""; 0][..], &labels).is_err());
        assert!(fill("a {}", &[synonyms(&["cat", " "])]).is_err());
    }

    #[test]
    fn a_blank_label_is_named() {
        for blank in ["", " ", "\t\n\u{a0}\u{3000}"] {
            let error = fill("a photo of a {}", &["cat", blank, "dog"]).unwrap_err();
            assert_eq!(error.name(), "TextError");
            assert!(error.to_string().starts_with("Label 2 of 3 is blank"), "{error}");
        }
    }

    #[test]
    fn equal_labels_count_once() {
        assert_eq!(distinct(&["cat", " dog", "cat ", "Cat", "dog"]), ["cat", "dog", "Cat"]);
    }
}
