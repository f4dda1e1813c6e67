//! The answers that rules take.

use crate::answers::{self, Kind};
use crate::banks::{self, Bank};

/// The answers that rules take.
pub struct Known<'a> {
    kinds: Vec<Kind>,
    model: Option<&'a str>,
}

impl<'a> Known<'a> {
    /// Those that the model of that name knows.
    pub fn of(model: Option<&'a str>) -> Self {
        Self { kinds: answers::kinds(model), model }
    }

    /// The kind that is called so.
    pub fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds
            .iter()
            .find(|kind| kind.name() == name)
            .or_else(|| self.kinds.iter().find(|kind| kind.names.contains(&name)))
    }

    /// The first kind that has it among its answers.
    pub fn kind_with(&self, answer: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.answers.contains(&answer))
    }

    pub fn of_bank(&self, bank: Bank) -> Vec<String> {
        let phrases = banks::banks(self.model).into_iter();
        phrases.filter(|phrase| phrase.bank == bank).map(|phrase| phrase.phrase.to_owned()).collect()
    }
}
