//! From an inflected word to what it may be an inflection of: WordNet's rules (`morphy(7WN)`) and its list of irregular nouns.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::language::lexicon::WORDNET;

/// Ends of plural nouns, and what stands there in the singular: morphy's rules of detachment for nouns.
const NOUN: [(&str, &str); 8] = [
    ("ses", "s"),
    ("xes", "x"),
    ("zes", "z"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("men", "man"),
    ("ies", "y"),
    ("s", ""),
];

/// Of any word; `data/make.py` leaves out of its list what these make of others.
const ANY: [(&str, &[&str]); 10] = [
    ("'s", &[""]),
    ("ies", &["y"]),
    ("es", &["", "e"]),
    ("s", &[""]),
    ("ied", &["y"]),
    ("ed", &["", "e"]),
    ("ing", &["", "e"]),
    ("ers", &["", "e"]),
    ("er", &["", "e"]),
    ("est", &["", "e"]),
];

static IRREGULAR: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let plurals = WORDNET.split_once("\n\n").map_or("", |halves| halves.1);
    plurals.lines().filter_map(|line| line.rsplit_once(' ')).collect()
});

/// What a phrase may be the plural of, the likeliest first: of its last word alone.
pub fn singulars(phrase: &str) -> Vec<String> {
    if let Some(&one) = IRREGULAR.get(phrase) {
        return vec![one.to_owned()];
    }
    let (before, last) = phrase.rfind(' ').map_or(("", phrase), |at| phrase.split_at(at + 1));
    if let Some(one) = IRREGULAR.get(last) {
        return vec![format!("{before}{one}")];
    }
    if last.len() < 3 || last.ends_with("ss") || last.ends_with("us") || last.ends_with("is") {
        return Vec::new();
    }
    let ends = NOUN
        .iter()
        .filter_map(|(end, put)| last.strip_suffix(end).map(|stem| format!("{before}{stem}{put}")));
    ends.collect()
}

/// What a word may be an inflection of, whether or not there is such a word.
pub fn stems(word: &str) -> Vec<String> {
    let mut all: Vec<String> = IRREGULAR.get(word).map(|one| (*one).to_owned()).into_iter().collect();
    let ends = ANY.iter().chain(&[("ly", &[""] as &[&str])]);
    for (stem, puts) in ends.filter_map(|(end, puts)| word.strip_suffix(end).map(|stem| (stem, puts))) {
        for put in *puts {
            let whole = format!("{stem}{put}");
            if whole.chars().count() < 3 || (put.is_empty() && doubles(&whole, word)) {
                continue;
            }
            let mut letters = whole.chars().rev();
            // stopped: stop
            if put.is_empty() && whole.is_ascii() && whole.len() > 3 && letters.next() == letters.next() {
                all.push(whole[..whole.len() - 1].to_owned());
            }
            all.push(whole);
        }
    }
    all
}

/// Whether a stem would have been doubled before an end like this: pepped, and no peped.
fn doubles(stem: &str, word: &str) -> bool {
    let end = &word[stem.len()..];
    let vowel = |at: usize| b"aeiou".contains(&stem.as_bytes()[at]);
    ["ed", "ing", "er", "ers", "est"].contains(&end)
        && stem.len() == 3
        && !vowel(0)
        && vowel(1)
        && !vowel(2)
        && !stem.ends_with(['w', 'x', 'y'])
}
