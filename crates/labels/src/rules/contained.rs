//! A label, and kinds of it: “dog” and “poodle”. A picture of a poodle shows a dog as well, and the probability is divided.
//!
//! ```text
//! kind(s, g)   g is a noun without anything around it, and
//!              the head of s is the noun g with something around it that leaves it a g (“red car”, not “toy car”)
//!              or the head of s has one usual sense, or s is a noun of WordNet, and
//!                 WordNet has a usual sense of g among the hypernyms of the first sense of s
//!              or a pair by hand says so
//! ```

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::finding::{Finding, Fix, Kind, Severity};
use crate::language::lexicon::{Synset, lexicon};
use crate::language::meaning::Meaning;
use crate::language::pairs::{Relation, related, relation};
use crate::set::{CATCH_ALL, Set};

/// `same`: groups of labels that mean the same; of two in one it is said there. `doubtful`: labels of which it is not known
/// what they mean, so that neither is what their kinds are.
pub fn find(
    set: &Set,
    left: &dyn Fn(&usize) -> bool,
    same: &[Vec<usize>],
    doubtful: &HashSet<usize>,
) -> Vec<Finding> {
    let mut group: HashMap<usize, usize> = HashMap::new();
    for (number, labels) in same.iter().enumerate() {
        group.extend(labels.iter().map(|&at| (at, number)));
    }
    let together =
        |one: usize, other: usize| group.get(&one).is_some_and(|number| group.get(&other) == Some(number));
    let mut kinds: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (specific, general) in pairs(set, left) {
        let of = kinds.entry(general).or_default();
        if specific != general
            && !doubtful.contains(&general)
            && !together(specific, general)
            && !of.contains(&specific)
        {
            of.push(specific);
        }
    }
    kinds.retain(|_, specific| !specific.is_empty());
    kinds.into_iter().map(|(general, specific)| finding(set, general, specific)).collect()
}

/// Whether one label is a kind of another.
pub fn kind_of(set: &Set, specific: usize, general: usize) -> bool {
    let meanings = |at: usize| set.labels[at].parts.iter().filter_map(|part| part.meaning.as_ref());
    meanings(general).filter(|meaning| meaning.whole).any(|of| {
        meanings(specific).any(|meaning| {
            let up = meant(meaning).map(|synset| lexicon().ancestors(synset)).unwrap_or_default();
            (!meaning.whole && meaning.noun == of.noun) || of.synsets.iter().any(|synset| up.contains(synset))
        })
    })
}

/// (specific, general), some of them several times.
fn pairs(set: &Set, left: &dyn Fn(&usize) -> bool) -> Vec<(usize, usize)> {
    let mut by_noun: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut by_synset: HashMap<Synset, Vec<(usize, &Meaning)>> = HashMap::new();
    let meanings = || {
        let parts = set.parts().filter(|(at, _)| left(at));
        parts.filter_map(|(at, part)| part.meaning.as_ref().map(|meaning| (at, part, meaning)))
    };
    for (at, _, meaning) in meanings().filter(|(_, _, meaning)| meaning.whole) {
        by_noun.entry(&meaning.noun).or_default().push(at);
        for &synset in &meaning.synsets {
            by_synset.entry(synset).or_default().push((at, meaning));
        }
    }
    let mut pairs = Vec::new();
    for (at, part, meaning) in meanings() {
        let mut said = |noun: &str, specific: bool| {
            for &other in by_noun.get(noun).into_iter().flatten() {
                pairs.push(if specific { (at, other) } else { (other, at) });
            }
        };
        if !meaning.whole {
            said(&meaning.noun, true);
        }
        for (noun, relation) in related(&meaning.noun).iter().chain(related(&part.bare)) {
            match relation {
                Relation::Kind => said(noun, true),
                Relation::General if meaning.whole => said(noun, false),
                _ => {}
            }
        }
        for up in meant(meaning).map(|first| above(first, &meaning.noun)).unwrap_or_default() {
            let general = by_synset.get(&up).into_iter().flatten();
            let kinds = general.filter(|(_, of)| !says_otherwise(meaning, of));
            pairs.extend(kinds.map(|(other, _)| (at, *other)));
        }
    }
    pairs
}

/// The first sense; of a head with something around it that may be another one (“food court”), none.
fn meant(meaning: &Meaning) -> Option<Synset> {
    let sure = meaning.whole || meaning.synsets.len() == 1;
    meaning.synsets.first().copied().filter(|_| sure)
}

fn says_otherwise(specific: &Meaning, general: &Meaning) -> bool {
    matches!(
        relation(&specific.noun, &general.noun),
        Some(Relation::Neither | Relation::General | Relation::Same)
    )
}

/// The hypernyms, without those of what the pairs by hand say that it is not: what is no animal is no mammal's kind of animal.
fn above(synset: Synset, noun: &str) -> Vec<Synset> {
    let mut up = lexicon().ancestors(synset);
    let not: HashSet<Synset> = related(noun)
        .iter()
        .filter(|(_, relation)| *relation == Relation::Neither)
        .flat_map(|(other, _)| lexicon().common(other))
        .collect();
    up.retain(|synset| !not.contains(synset));
    up
}

fn finding(set: &Set, general: usize, specific: Vec<usize>) -> Finding {
    let (whole, listed) = (set.quoted(general), set.listed(&specific));
    let (is, kinds) = if specific.len() == 1 { ("is", "a kind") } else { ("are", "kinds") };
    let message = format!(
        "{listed} {is} {kinds} of {whole}. Pictures of {} fit both, and the probability is divided between them.",
        if specific.len() == 1 { "it" } else { "them" }
    );
    let mut fixes: Vec<Fix> = set.without(&[general], format!("Drop {whole}")).into_iter().collect();
    // Its own pictures are then of something else; a prompt like “another dog” would still be a dog's.
    if set.catch_alls().is_empty() && set.labels[general].parts.len() == 1 {
        let rest = set.rename(general, CATCH_ALL);
        fixes.extend(rest.map(|fix| Fix { title: format!("Use “{CATCH_ALL}” instead of {whole}"), ..fix }));
    }
    fixes.extend(set.without(&specific, format!("Keep only {whole} of them")));
    let labels = [vec![general], specific].concat();
    Finding { kind: Kind::Contained, severity: Severity::Problem, labels, message, fixes }
}
