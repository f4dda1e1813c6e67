//! What a phrase means: the noun at its head, as WordNet has it.

use crate::language::inflection::singulars;
use crate::language::lexicon::{Synset, lexicon};
use crate::language::pairs::related;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// The noun, in the singular.
    pub noun: String,
    /// Whether it is all of the phrase.
    pub whole: bool,
    /// What it usually means, the commonest first.
    pub synsets: Vec<Synset>,
}

/// What follows describes the head.
const AFTER: [&str; 27] = [
    "of", "in", "on", "at", "with", "without", "by", "for", "from", "to", "near", "under", "over", "behind",
    "during", "inside", "outside", "next", "beside", "between", "through", "that", "which", "who", "wearing",
    "holding", "covered",
];

/// A toy car is no car. “kind” and “type” stand before the noun, and “photo of a dog” is a photo.
const NOT_REALLY: [&str; 27] = [
    "toy",
    "fake",
    "model",
    "stuffed",
    "lego",
    "cartoon",
    "plastic",
    "artificial",
    "plush",
    "miniature",
    "rubber",
    "imitation",
    "sand",
    "paper",
    "former",
    "empty",
    "no",
    "not",
    "non",
    "chocolate",
    "gummy",
    "painted",
    "drawn",
    "another",
    "other",
    "origami",
    "inflatable",
];

/// `bare`: as [`crate::language::text::bare`] makes it. `None` where WordNet has no such noun.
pub fn meaning(bare: &str) -> Option<Meaning> {
    if let Some(noun) = noun(bare) {
        return Some(found(noun, true));
    }
    let words: Vec<&str> = bare.split(' ').collect();
    if words.iter().any(|word| ["and", "or", "vs", "&", "/"].contains(word)) {
        return None;
    }
    let described = |word: &str| AFTER.contains(&word) || word.ends_with("ing") || word.ends_with(',');
    let end = (1..words.len()).find(|&at| described(words[at])).unwrap_or(words.len());
    let last = (1..words.len()).rev().find(|&at| words[at].ends_with("ing") && at + 1 == end);
    let head = &words[..last.unwrap_or(end)];
    let from = (0..head.len()).find_map(|from| Some((from, noun(&head[from..].join(" "))?)));
    let (from, noun) = from?;
    let real = !head[..from].iter().any(|word| NOT_REALLY.contains(word));
    real.then(|| found(noun, false))
}

fn found(noun: String, whole: bool) -> Meaning {
    let synsets = lexicon().common(&noun);
    Meaning { noun, whole, synsets }
}

/// The phrase as WordNet or the pairs by hand have it: as it is, in one word, or in the singular.
fn noun(phrase: &str) -> Option<String> {
    let known = |phrase: &str| !phrase.is_empty() && (lexicon().has(phrase) || !related(phrase).is_empty());
    if known(phrase) {
        return Some(phrase.to_owned());
    }
    let spelt = [phrase.replace(' ', "-"), phrase.replace(' ', "")];
    let compound = phrase.contains(' ').then_some(spelt).into_iter().flatten();
    compound.chain(singulars(phrase)).find(|phrase| known(phrase))
}
