//! Words that the model has never learnt, and words that there are not.
//!
//! With the model's vocabulary it is asked for each word. Without one, a word that is neither English nor a name of the lists is
//! taken for a slip only where a common word is close, or one alone is near: the rest are names of things, as a rule.

use crate::finding::{Finding, Kind, Severity};
use crate::language::dictionary::{is_english, meant, nearest};
use crate::language::distance::distance;
use crate::language::lexicon::lexicon;
use crate::language::text::{bare, words};
use crate::set::{Part, Set, quoted};
use crate::vocabulary::Vocabulary;

/// So many labels are asked what they are.
const ASKED: usize = 50;

pub fn find(set: &Set, left: &dyn Fn(&usize) -> bool) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for (at, part) in set.parts().filter(|(at, _)| left(at)) {
        let finding = match set.context.vocabulary {
            Some(vocabulary) => unknown(set, at, part, vocabulary),
            None if set.context.english => misspelt(set, at, part),
            None => None,
        };
        // One a label.
        findings.extend(finding.filter(|_| findings.last().is_none_or(|last| last.labels != [at])));
    }
    findings
}

fn unknown(set: &Set, at: usize, part: &Part, vocabulary: &Vocabulary) -> Option<Finding> {
    let knows = |text: &str| words(text).flat_map(|word| word.split('-')).all(|word| vocabulary.knows(word));
    let word = words(&part.folded).flat_map(|word| word.split('-')).find(|word| !vocabulary.knows(word))?;
    let message = format!(
        "The model has not met the word {} in a caption, so its vector for it is as good as a random one.",
        quoted(word)
    );
    let synsets = part.meaning.iter().flat_map(|meaning| meaning.synsets.iter().take(1));
    let synonyms = synsets.flat_map(|&synset| lexicon().lemmas(synset)).filter(|lemma| knows(lemma));
    let whole = part.meaning.as_ref().is_some_and(|meaning| meaning.whole);
    let synonym = synonyms.filter(|_| whole).find_map(|lemma| set.rename_part(at, part, lemma));
    let slip = if is_english(word) { Vec::new() } else { nearest(word, vocabulary.words()) };
    let slip = match slip[..] {
        [one] => Some(part.folded.replace(word, one)).filter(|text| knows(text)),
        _ => None,
    };
    let slip = slip.and_then(|text| set.rename_part(at, part, &text));
    let fixes = synonym.or(slip).into_iter().collect();
    Some(Finding { kind: Kind::UnknownWord, severity: Severity::Problem, labels: vec![at], message, fixes })
}

fn misspelt(set: &Set, at: usize, part: &Part) -> Option<Finding> {
    let slips: Vec<(&str, Vec<&'static str>)> = words(&part.folded)
        .filter(|word| word.bytes().all(|b| b.is_ascii_lowercase()) && !is_english(word))
        .map(|word| (word, meant(word)))
        .filter(|(word, meant)| meant.len() == 1 || meant.iter().any(|meant| is_close(word, meant)))
        .collect();
    let (word, _) = slips.first()?;
    let mut corrected = Some(part.folded.clone());
    for (word, meant) in &slips {
        corrected = corrected.zip(one_of(set, at, meant)).map(|(text, meant)| text.replace(word, meant));
    }
    // A compound's last word may be meant by the whole.
    let corrected =
        corrected.filter(|text| bare(text).split(' ').all(|word| slips.iter().all(|slip| slip.0 != word)));
    let fix = corrected.and_then(|text| set.rename_part(at, part, &text));
    let message = format!(
        "Is {} misspelt? A word that the captions did not have is read in pieces, which mean something else or nothing.",
        quoted(word)
    );
    let fixes = fix.into_iter().collect();
    Some(Finding { kind: Kind::Spelling, severity: Severity::Hint, labels: vec![at], message, fixes })
}

/// One slip apart.
fn is_close(word: &str, meant: &str) -> bool {
    distance(&word.chars().collect::<Vec<_>>(), meant, 1).is_some()
}

/// The one that is meant: the only one, or the only one that is of the other labels' kind.
fn one_of(set: &Set, at: usize, meant: &[&'static str]) -> Option<&'static str> {
    if let [one] = meant {
        return Some(one);
    }
    let others: Vec<u32> = set
        .parts()
        .filter(|(other, _)| *other != at)
        .filter_map(|(_, part)| part.meaning.as_ref())
        .take(ASKED)
        .flat_map(|meaning| meaning.synsets.iter().take(1))
        .flat_map(|&synset| lexicon().ancestors(synset))
        .filter(|&synset| lexicon().depth(synset) > 3)
        .collect();
    let near = |word: &&&str| {
        let mut senses = lexicon().common(word).into_iter();
        senses.any(|sense| lexicon().ancestors(sense).iter().any(|up| others.contains(up)))
    };
    let mut near = meant.iter().filter(near);
    near.next().filter(|_| near.next().is_none()).copied()
}
