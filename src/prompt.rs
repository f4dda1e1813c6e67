//! Labels → prompts through a template.

use crate::{Error, Result};

/// Where a label goes in a template.
pub const SLOT: &str = "{}";

/// The template that leaves a text as it is.
pub const PLAIN: &str = SLOT;

/// Every label put where `{}` stands, as `template.format(label)` does in HF's zero-shot pipeline.
///
/// Errors: the template has no `{}`, or there are no labels.
pub fn fill(template: &str, labels: &[impl AsRef<str>]) -> Result<Vec<String>> {
    if !template.contains(SLOT) {
        return Err(Error::Text(format!(
            "The template “{template}” has no {SLOT}, so every label would give the same prompt. Put {SLOT} where the label goes."
        )));
    }
    if labels.is_empty() {
        return Err(Error::Text("There are no labels to compare with.".into()));
    }
    Ok(labels.iter().map(|label| template.replace(SLOT, label.as_ref())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_fill_every_slot() {
        assert_eq!(fill("a {} and a {}", &["cat"]).unwrap(), ["a cat and a cat"]);
        assert_eq!(fill(PLAIN, &["{}", ""]).unwrap(), ["{}", ""]);
        assert!(fill("a photo", &["cat"]).unwrap_err().to_string().contains("{}"));
        assert!(fill(PLAIN, &[""; 0]).is_err());
    }
}
