//! Phrases that descriptions are made of.

use crate::filling::fill;

/// `data/make.py` says where they come from. A line is a bank's letter, “·” where pocket was not trained on one of its words, and the
/// phrase.
const LINES: &str = include_str!("../data/banks.txt");

/// What a phrase says something about. Descriptions name them in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Bank {
    /// What is there.
    Subject,
    /// What it looks like.
    Attribute,
    /// What it does.
    Action,
    /// Where that is.
    Place,
    /// The light, the hour, the weather.
    Light,
    /// A photograph, an oil painting …
    Medium,
    /// How it is done.
    Style,
    /// A list of somebody's own.
    Own,
}

impl Bank {
    pub const ALL: [Self; 8] = [
        Self::Subject,
        Self::Attribute,
        Self::Action,
        Self::Place,
        Self::Light,
        Self::Medium,
        Self::Style,
        Self::Own,
    ];

    /// The prompt whose vector a phrase has, `{}` where it goes.
    pub fn template(self) -> &'static str {
        match self {
            Self::Subject => "a photo of a {}",
            _ => "{}",
        }
    }

    /// What is embedded of a phrase.
    pub fn prompt(self, phrase: &str) -> String {
        fill(self.template(), phrase)
    }

    /// So many phrases of it a description has at most: of what there is one only, one is told.
    pub fn most(self) -> usize {
        match self {
            Self::Action | Self::Place | Self::Light | Self::Medium => 1,
            Self::Subject | Self::Attribute | Self::Style => 2,
            Self::Own => usize::MAX,
        }
    }

    fn of(letter: char) -> Option<Self> {
        "sacplmt".chars().position(|other| other == letter).map(|at| Self::ALL[at])
    }
}

/// A phrase of a bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Phrase {
    pub phrase: &'static str,
    pub bank: Bank,
}

/// All of them or, for the model of that name, those that it knows: a small one has arbitrary vectors for words that it never saw.
pub fn banks(model: Option<&str>) -> Vec<Phrase> {
    let phrase = |line: &'static str| {
        let bank = Bank::of(line.chars().next()?)?;
        Some(Phrase { phrase: known(&line[1..], model)?, bank })
    };
    LINES.lines().filter_map(phrase).collect()
}

/// What stands in a line of data, unless it begins with “·” and the model is pocket.
pub(crate) fn known(line: &'static str, model: Option<&str>) -> Option<&'static str> {
    match line.strip_prefix('·') {
        Some(_) if model == Some("pocket") => None,
        Some(rest) => Some(rest),
        None => Some(line),
    }
}
