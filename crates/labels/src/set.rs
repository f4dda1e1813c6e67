//! A set of labels, taken apart once for all rules.

use std::collections::HashSet;

use crate::context::Context;
use crate::finding::Fix;
use crate::language::meaning::{Meaning, meaning};
use crate::language::text::{bare, fold, join, parts};

/// What there is to be where it is none of the labels.
pub const CATCH_ALL: &str = "something else";

const CATCH_ALLS: [&str; 14] = [
    CATCH_ALL,
    "background",
    "none of these",
    "none of the above",
    "none of them",
    "anything else",
    "other things",
    "other objects",
    "another thing",
    "nothing",
    "none",
    "everything else",
    "neither",
    "nothing else",
];

/// One synonym of a label.
pub struct Part {
    /// As it was written.
    pub text: String,
    pub folded: String,
    /// Without article and remarks.
    pub bare: String,
    pub meaning: Option<Meaning>,
}

pub struct Label {
    pub parts: Vec<Part>,
    /// The parts' folded texts with `|` between them.
    pub folded: String,
    pub catch_all: bool,
}

impl Label {
    pub fn new(text: &str) -> Self {
        let parts: Vec<Part> = parts(text).map(Part::new).collect();
        let folded = parts.iter().map(|part| part.folded.as_str()).collect::<Vec<_>>().join("|");
        let catch_all = parts.iter().any(|part| CATCH_ALLS.contains(&part.bare.as_str()));
        Self { parts, folded, catch_all }
    }
}

impl Part {
    fn new(text: &str) -> Self {
        let folded = fold(text);
        let bare = bare(&folded);
        let meaning = meaning(&bare);
        Self { text: text.to_owned(), folded, bare, meaning }
    }
}

pub struct Set<'a> {
    pub texts: Vec<&'a str>,
    pub labels: Vec<Label>,
    pub context: &'a Context<'a>,
    folded: HashSet<String>,
}

impl<'a> Set<'a> {
    pub fn new(texts: Vec<&'a str>, context: &'a Context<'a>) -> Self {
        let labels: Vec<Label> = texts.iter().map(|text| Label::new(text)).collect();
        let folded = labels.iter().map(|label| label.folded.clone()).collect();
        Self { texts, labels, context, folded }
    }

    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Each label's each part.
    pub fn parts(&self) -> impl Iterator<Item = (usize, &Part)> {
        self.labels.iter().enumerate().flat_map(|(at, label)| label.parts.iter().map(move |part| (at, part)))
    }

    pub fn catch_alls(&self) -> Vec<usize> {
        (0..self.len()).filter(|&at| self.labels[at].catch_all).collect()
    }

    /// A label under another name; none where that is blank, or some label has it.
    pub fn rename(&self, label: usize, to: &str) -> Option<Fix> {
        let folded = Label::new(to).folded;
        (!folded.is_empty() && !self.folded.contains(&folded)).then(|| Fix::rename(label, to.trim()))
    }

    /// A part of a label under another name; as [`Set::rename`].
    pub fn rename_part(&self, label: usize, part: &Part, to: &str) -> Option<Fix> {
        let others = self.labels[label].parts.iter();
        let texts = others.map(|one| if one.folded == part.folded { to } else { &one.text });
        self.rename(label, &join(texts))
    }

    /// Without some of the labels; none where fewer than two would be left.
    pub fn without(&self, labels: &[usize], title: String) -> Option<Fix> {
        (labels.len() + 2 <= self.len()).then(|| Fix::drop(labels, title))
    }

    /// “something else” in a label's place; where there is one already the label goes. Of synonyms only those go that are bad.
    pub fn give_up(&self, label: usize, bad: impl Fn(&Part) -> bool) -> Option<Fix> {
        let good: Vec<&str> = self.labels[label]
            .parts
            .iter()
            .filter(|part| !bad(part))
            .map(|part| part.text.as_str())
            .collect();
        if !good.is_empty() {
            return self.rename(label, &join(good));
        }
        if self.catch_alls().iter().any(|&at| at != label) {
            return self.without(&[label], format!("Drop {}", self.quoted(label)));
        }
        self.rename(label, CATCH_ALL)
    }

    /// For messages and buttons, cut where it is long.
    pub fn quoted(&self, label: usize) -> String {
        quoted(self.texts[label].trim())
    }

    /// The same of several, with “and”.
    pub fn listed(&self, labels: &[usize]) -> String {
        let shown = labels.iter().take(3).map(|&label| self.quoted(label)).collect::<Vec<_>>();
        match shown.split_last() {
            Some((last, [])) => last.clone(),
            Some(_) if labels.len() > 3 => format!("{} and {} more", shown.join(", "), labels.len() - 3),
            Some((last, first)) => format!("{} and {last}", first.join(", ")),
            None => String::new(),
        }
    }
}

/// In quotation marks, of at most 60 letters.
pub fn quoted(text: &str) -> String {
    let mut letters = text.chars();
    let mut short: String = letters.by_ref().take(60).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    format!("“{short}”")
}
