//! What WordNet does not say of two nouns, or says otherwise.

use std::collections::HashMap;
use std::sync::LazyLock;

const PAIRS: &str = include_str!("../../data/hand/pairs.txt");

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Same,
    /// The first is a kind of the second.
    Kind,
    /// The second is a kind of the first.
    General,
    Neither,
}

static RELATIONS: LazyLock<HashMap<&str, Vec<(&str, Relation)>>> = LazyLock::new(|| {
    let mut all: HashMap<&str, Vec<(&str, Relation)>> = HashMap::new();
    for line in PAIRS.lines().filter(|line| !line.starts_with("# ") && !line.is_empty()) {
        for (sign, there, back) in [
            (" = ", Relation::Same, Relation::Same),
            (" < ", Relation::Kind, Relation::General),
            (" # ", Relation::Neither, Relation::Neither),
        ] {
            if let Some((one, other)) = line.split_once(sign) {
                all.entry(one).or_default().push((other, there));
                all.entry(other).or_default().push((one, back));
            }
        }
    }
    all
});

/// All that is said of a noun.
pub fn related(noun: &str) -> &'static [(&'static str, Relation)] {
    RELATIONS.get(noun).map_or(&[], Vec::as_slice)
}

/// What is said of two.
pub fn relation(one: &str, other: &str) -> Option<Relation> {
    related(one).iter().find(|(noun, _)| *noun == other).map(|(_, relation)| *relation)
}

/// The word that stands for all that mean the same in the pairs: the first of them in the alphabet. Of other words, they.
pub fn usual(word: &str) -> &str {
    let mut seen = vec![word];
    let mut at = 0;
    while at < seen.len() {
        let same = related(seen[at]).iter().filter(|(_, relation)| *relation == Relation::Same);
        let new: Vec<&str> = same.map(|(other, _)| *other).filter(|other| !seen.contains(other)).collect();
        seen.extend(new);
        at += 1;
    }
    seen.into_iter().filter(|one| !one.contains(' ')).min().unwrap_or(word)
}
