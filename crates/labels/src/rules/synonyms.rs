//! Labels that mean nearly the same. Their vectors are close, so that each takes probability from the other; one label of both
//! has the mean of the vectors, as with several prompts for one class (Radford et al., “Learning Transferable Visual Models From
//! Natural Language Supervision”, 2021, section 3.1.4).
//!
//! ```text
//! same(a, b)   a = b but for inflection, articles, spaces and hyphens
//!              or a pair by hand says so
//!              or they share a synset of WordNet that both usually mean, and that is what one of them means first
//!              or cos(a, b) of the prompts is above the threshold, and neither is a kind of the other
//! ```

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::finding::{Edit, Finding, Fix, Kind, Severity};
use crate::language::inflection::singulars;
use crate::language::lexicon::{Synset, lexicon};
use crate::language::pairs::{Relation, related, relation, usual};
use crate::language::text::join;
use crate::rules::contained::kind_of;
use crate::set::{Part, Set};

/// Groups of labels that mean the same. `doubtful`: labels of which it is not known what they mean, so that WordNet is not
/// asked. Each with two labels at least.
pub fn groups(set: &Set, left: &dyn Fn(&usize) -> bool, doubtful: &HashSet<usize>) -> Vec<Vec<usize>> {
    let mut first: Vec<usize> = (0..set.len()).collect();
    let sure = |at: &usize| left(at) && !doubtful.contains(at);
    for (one, other) in spelt(set, left).into_iter().chain(meant(set, &sure)).chain(close(set, left)) {
        unite(&mut first, one, other);
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..set.len() {
        groups.entry(root(&first, at)).or_default().push(at);
    }
    groups.into_values().filter(|labels| labels.len() > 1).collect()
}

fn root(first: &[usize], mut at: usize) -> usize {
    while first[at] != at {
        at = first[at];
    }
    at
}

fn unite(first: &mut [usize], one: usize, other: usize) {
    let (one, other) = (root(first, one), root(first, other));
    first[one.max(other)] = one.min(other);
}

/// Phrases of so many words are compared word by word. Ours.
const WORDS: usize = 6;

/// Without what does not change a meaning: “T-shirts” and “a tee shirt” differ, “T-shirts” and “the t shirt” do not.
fn keys(part: &Part) -> Vec<String> {
    let known = part.meaning.as_ref().filter(|meaning| meaning.whole).map(|meaning| meaning.noun.clone());
    let singular =
        || singulars(&part.bare).into_iter().find(|one| lexicon().has(one.rsplit(' ').next().unwrap_or(one)));
    let single = known.clone().or_else(singular).unwrap_or_else(|| part.bare.clone());
    let words: Vec<&str> = part.bare.split(' ').collect();
    let usual = (2..=WORDS)
        .contains(&words.len())
        .then(|| words.iter().map(|word| named(word)).collect::<Vec<_>>().join(" "));
    let mut keys: Vec<String> = [part.bare.clone(), single].into_iter().chain(usual).collect();
    keys.iter_mut().for_each(|key| key.retain(|c| !" -.'".contains(c)));
    keys.retain(|key| !key.is_empty());
    keys.dedup();
    keys
}

/// A word of a phrase by the name that all who mean the same have: of a pair by hand, or of its first synset.
fn named(word: &str) -> &str {
    let by_hand = usual(word);
    if by_hand != word {
        return by_hand;
    }
    let first = lexicon().common(word).first().copied();
    first.and_then(|first| lexicon().lemmas(first).find(|lemma| !lemma.contains(' '))).unwrap_or(word)
}

/// Pairs that are written alike, or that are pairs by hand.
fn spelt(set: &Set, left: &dyn Fn(&usize) -> bool) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut by_key: HashMap<String, usize> = HashMap::new();
    let mut by_noun: HashMap<&str, usize> = HashMap::new();
    for (at, part) in set.parts().filter(|(at, _)| left(at)) {
        for key in keys(part) {
            pairs.push((*by_key.entry(key).or_insert(at), at));
        }
        by_noun.entry(&part.bare).or_insert(at);
        if let Some(meaning) = part.meaning.as_ref().filter(|meaning| meaning.whole) {
            by_noun.entry(&meaning.noun).or_insert(at);
        }
    }
    for (noun, &at) in &by_noun {
        let same = related(noun).iter().filter(|(_, relation)| *relation == Relation::Same);
        pairs.extend(same.filter_map(|(other, _)| by_noun.get(other).map(|&other| (at, other))));
    }
    pairs
}

/// Pairs that share a synset.
fn meant(set: &Set, left: &dyn Fn(&usize) -> bool) -> Vec<(usize, usize)> {
    let mut by_synset: HashMap<Synset, Vec<(usize, bool, &str)>> = HashMap::new();
    for (at, part) in set.parts().filter(|(at, _)| left(at)) {
        let Some(meaning) = part.meaning.as_ref().filter(|meaning| meaning.whole) else { continue };
        for (place, &synset) in meaning.synsets.iter().enumerate() {
            by_synset.entry(synset).or_default().push((at, place == 0, &meaning.noun));
        }
    }
    let mut pairs = Vec::new();
    for sharing in by_synset.values() {
        // The one that means it first, with all others.
        let Some(&(at, _, noun)) = sharing.iter().find(|one| one.1) else { continue };
        let same = sharing.iter().filter(|one| {
            !matches!(relation(noun, one.2), Some(Relation::Neither | Relation::Kind | Relation::General))
        });
        pairs.extend(same.map(|one| (at, one.0)));
    }
    pairs
}

/// Pairs whose prompts are above the threshold.
fn close(set: &Set, left: &dyn Fn(&usize) -> bool) -> Vec<(usize, usize)> {
    let (Some(cosines), Some(threshold)) = (set.context.cosines, set.context.threshold) else {
        return Vec::new();
    };
    let n = set.len();
    let mut pairs = Vec::new();
    for one in (0..n).filter(left) {
        let above = (one + 1..n).filter(|&other| cosines[one * n + other] > threshold && left(&other));
        pairs.extend(
            above
                .filter(|&other| !kind_of(set, one, other) && !kind_of(set, other, one))
                .map(|other| (one, other)),
        );
    }
    pairs
}

/// What is said of such a group.
pub fn finding(set: &Set, labels: Vec<usize>) -> Finding {
    let listed = set.listed(&labels);
    let message = format!(
        "{listed} mean nearly the same. The probability is divided between them, so that each gets less than it deserves."
    );
    let together = join(labels.iter().map(|&at| set.texts[at]));
    let title = format!("Make one label: “{together}”");
    let mut edits: Vec<Edit> = labels.iter().map(|&label| Edit { label, to: None }).collect();
    edits[0].to = Some(together);
    let one = Fix { title, edits, add: Vec::new() };
    let keep = Fix::drop(&labels[1..], format!("Keep only {}", set.quoted(labels[0])));
    Finding { kind: Kind::Synonyms, severity: Severity::Problem, message, fixes: vec![one, keep], labels }
}
