//! Words for things that look nothing like one another: the prompt's vector lies between a bird and a machine.
//!
//! Which sense is meant the other labels say: each that is of a sense's kinds, by WordNet's hypernyms, speaks for it.

use crate::finding::{Finding, Kind, Severity};
use crate::language::inflection::singulars;
use crate::language::lexicon::lexicon;
use crate::language::looks::{Look, Looks, looks};
use crate::language::names::is_maker;
use crate::language::pairs::related;
use crate::language::text::without_article;
use crate::set::{Part, Set, quoted};

/// So many labels are asked what they are.
const ASKED: usize = 200;

pub fn find(set: &Set, left: &dyn Fn(&usize) -> bool) -> Vec<Finding> {
    let nouns: Vec<(usize, Vec<&str>)> =
        set.parts().take(ASKED).map(|(at, part)| (at, nouns(part))).collect();
    // A label with synonyms says by them what it means.
    let alone = set.labels.iter().enumerate().filter(|(at, label)| label.parts.len() == 1 && left(at));
    let findings = alone.filter_map(|(at, label)| {
        let part = &label.parts[0];
        let written = part.folded == part.bare || without_article(&part.folded) == Some(&part.bare);
        let looks = written.then(|| of(&part.bare)).flatten()?;
        let others: Vec<&[&str]> =
            nouns.iter().filter(|one| one.0 != at).map(|one| one.1.as_slice()).collect();
        finding(set, at, part, looks, &others)
    });
    findings.collect()
}

fn of(bare: &str) -> Option<&'static Looks> {
    looks(bare).or_else(|| singulars(bare).iter().find_map(|one| looks(one)))
}

/// What a part is, and all that it is a kind of.
fn nouns(part: &Part) -> Vec<&str> {
    let mut nouns = vec![part.bare.as_str()];
    if is_maker(&part.bare) {
        nouns.push("brand");
    }
    let Some(meaning) = &part.meaning else { return nouns };
    nouns.push(&meaning.noun);
    // A word in doubt is no witness.
    if of(&part.bare).is_some_and(|looks| !looks.settled) {
        return nouns;
    }
    nouns.extend(related(&meaning.noun).iter().map(|(noun, _)| *noun));
    let common = meaning.synsets.iter().take(2);
    let up = common.flat_map(|&synset| [vec![synset], lexicon().ancestors(synset)].concat());
    for lemma in up.flat_map(|synset| lexicon().lemmas(synset)) {
        nouns.push(lemma);
    }
    nouns
}

fn finding(set: &Set, at: usize, part: &Part, looks: &'static Looks, others: &[&[&str]]) -> Option<Finding> {
    let votes = |look: &Look| {
        others.iter().filter(|nouns| look.kinds.iter().any(|kind| nouns.contains(kind))).count()
    };
    let mut ranked: Vec<(usize, &Look)> = looks.all.iter().map(|look| (votes(look), look)).collect();
    let first = ranked[0].0;
    ranked.sort_by_key(|one| std::cmp::Reverse(one.0));
    let most = ranked[0].0;
    let clear = most > ranked[1].0 && 2 * most >= others.len();
    // What everybody means is not in doubt, as long as the others are not of another sense.
    if looks.settled && !(clear && most > first) {
        return None;
    }
    let wordings: Vec<&str> = ranked.iter().map(|one| one.1.wording).collect();
    let (last, rest) = wordings.split_last()?;
    let rest: Vec<String> = rest.iter().map(|wording| quoted(wording)).collect();
    let message = format!(
        "{} is {} or {}, which look nothing alike; the prompt does not say which.{}",
        quoted(&part.text),
        rest.join(", "),
        quoted(last),
        if clear { format!(" With these labels it is probably the {}.", wordings[0]) } else { String::new() }
    );
    let fixes = wordings.iter().filter_map(|wording| set.rename(at, wording)).collect();
    let severity = if clear { Severity::Hint } else { Severity::Problem };
    Some(Finding { kind: Kind::Senses, severity, labels: vec![at], message, fixes })
}
