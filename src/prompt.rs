//! Labels → prompts through a template.

use std::collections::HashSet;

use crate::{Error, Result};

/// Where a label goes in a template.
pub const SLOT: &str = "{}";

/// The template that leaves a text as it is.
pub const PLAIN: &str = SLOT;

/// Every label put where `{}` stands, as `template.format(label)` does in HF's zero-shot pipeline.
///
/// Errors: the template has no `{}`, there are no labels, or one is blank.
pub fn fill(template: &str, labels: &[impl AsRef<str>]) -> Result<Vec<String>> {
    if !template.contains(SLOT) {
        return Err(Error::Text(format!(
            "The template “{template}” has no {SLOT}, so every label would give the same prompt. Put {SLOT} where the label goes."
        )));
    }
    check(labels)?;
    Ok(labels.iter().map(|label| template.replace(SLOT, label.as_ref())).collect())
}

/// Refuse what nothing can be compared with: no labels at all, and blank ones.
pub fn check(labels: &[impl AsRef<str>]) -> Result<()> {
    if labels.is_empty() {
        return Err(Error::Text("There are no labels to compare with.".into()));
    }
    match labels.iter().position(|label| label.as_ref().trim().is_empty()) {
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
