//! What is said about labels, and what can be done about it.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The same label twice.
    Duplicate,
    /// Labels that mean nearly the same.
    Synonyms,
    /// A label, and kinds of it.
    Contained,
    /// “no dog”.
    Negation,
    /// “thing”.
    Vague,
    /// More words than the model reads, or than it weighs.
    Long,
    /// Not English.
    Language,
    /// A word that the model has never learnt.
    UnknownWord,
    /// A word of no language, close to one that there is.
    Spelling,
    /// Nothing to be if it is none of the labels.
    Background,
    /// A word for things that look nothing like one another.
    Senses,
    /// The template and the label are no English together.
    Template,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Answers will be wrong.
    Problem,
    /// They may be.
    Hint,
}

/// Another text for a label, or none: it is dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    pub label: usize,
    pub to: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// For a button.
    pub title: String,
    pub edits: Vec<Edit>,
    /// Labels that come to the end.
    pub add: Vec<String>,
}

impl Fix {
    pub(crate) fn rename(label: usize, to: &str) -> Self {
        let edits = vec![Edit { label, to: Some(to.into()) }];
        Self { title: format!("Use “{to}”"), edits, add: Vec::new() }
    }

    pub(crate) fn drop(labels: &[usize], title: String) -> Self {
        let edits = labels.iter().map(|&label| Edit { label, to: None }).collect();
        Self { title, edits, add: Vec::new() }
    }

    pub(crate) fn add(label: &str) -> Self {
        Self { title: format!("Add “{label}”"), edits: Vec::new(), add: vec![label.into()] }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub kind: Kind,
    pub severity: Severity,
    /// Places among the labels. Of [`Kind::Contained`] the general one stands first; otherwise they ascend.
    pub labels: Vec<usize>,
    /// One or two sentences: what happens, and why.
    pub message: String,
    /// The best one first; none where there is nothing sound.
    pub fixes: Vec<Fix>,
}

/// The labels with a fix applied. Of several edits of a label the last one counts; those of labels that are not there do
/// nothing.
pub fn apply(labels: &[impl AsRef<str>], fix: &Fix) -> Vec<String> {
    let mut all: Vec<Option<String>> = labels.iter().map(|label| Some(label.as_ref().to_owned())).collect();
    for edit in &fix.edits {
        if let Some(label) = all.get_mut(edit.label) {
            label.clone_from(&edit.to);
        }
    }
    all.into_iter().flatten().chain(fix.add.iter().cloned()).collect()
}
