//! The words that a model has learnt.

use std::collections::HashSet;

use crate::language::inflection::stems;

/// Of the captions that the bundled model was trained on with pictures; `data/make.py` gathers them from its recipe.
const POCKET: &str = include_str!("../data/pocket.txt");

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vocabulary(HashSet<String>);

impl Vocabulary {
    /// In lower case.
    pub fn new(words: impl IntoIterator<Item = String>) -> Self {
        Self(words.into_iter().collect())
    }

    /// That of a model by its name: there is one of “pocket”.
    pub fn of(model: &str) -> Option<Self> {
        (model == "pocket").then(|| Self::new(POCKET.lines().map(str::to_owned)))
    }

    /// Whether a word in lower case, or one that it is an inflection of, was learnt. What has no letter always was.
    pub fn knows(&self, word: &str) -> bool {
        self.0.contains(word)
            || !word.chars().any(char::is_alphabetic)
            || stems(word).iter().any(|stem| self.0.contains(stem))
    }

    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}
